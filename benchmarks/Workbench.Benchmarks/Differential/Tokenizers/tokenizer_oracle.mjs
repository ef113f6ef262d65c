// The official library (npm tokenizers) over rows of texts, one answer a line.
//   node tokenizer_oracle.mjs JOBS.jsonl SKIP        (run in the folder whose node_modules holds tokenizers)
// A job is {"file": path} or {"json": {...}} with "rows": [{text, pair?, special}]. SKIP rows are passed over: the library ends the
// process at a panic, and the caller goes on behind that row.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import readline from 'node:readline';

const { Tokenizer } = createRequire(process.cwd() + '/package.json')('tokenizers');
const [jobs, skip] = process.argv.slice(2);
let left = Number(skip);
// Of added tokens that normalize to the same text the library takes any, another with each load; one that normalizes to nothing
// is found between all characters.
const isArbitrary = (json, tokenizer) => {
  const contents = json.added_tokens.filter(token => token.normalized).map(token => token.content);
  const normalized = json.normalizer ? contents.map(content => tokenizer.getNormalizer().normalizeString(content)) : contents;
  return normalized.includes('') || new Set(normalized).size < normalized.length;
};
const answer = row => fs.writeSync(1, JSON.stringify(row) + '\n');

for await (const line of readline.createInterface({ input: fs.createReadStream(jobs), crlfDelay: Infinity })) {
  const job = JSON.parse(line);
  if (left >= job.rows.length) {
    left -= job.rows.length;
    continue;
  }
  let tokenizer = null, failure = null, arbitrary = false;
  try {
    tokenizer = job.file ? Tokenizer.fromFile(job.file) : Tokenizer.fromString(JSON.stringify(job.json));
    arbitrary = !job.file && isArbitrary(job.json, tokenizer);
    if (job.file) {
      tokenizer.disableTruncation();
      tokenizer.disablePadding();
    }
  } catch (error) {
    failure = String(error.message ?? error);
  }
  for (const row of job.rows.slice(left)) {
    if (!tokenizer || arbitrary) {
      answer(tokenizer ? { arbitrary } : { load: failure });
      continue;
    }
    try {
      const encoding = await tokenizer.encode(row.text, row.pair ?? null, { addSpecialTokens: row.special });
      const ids = encoding.getIds();
      answer({
        ids, offsets: encoding.getOffsets(), types: encoding.getTypeIds(),
        decoded: await tokenizer.decode(ids, true), all: await tokenizer.decode(ids, false),
      });
    } catch (error) {
      answer({ error: String(error.message ?? error) });
    }
  }
  left = 0;
}
