// npm tokenizers over the same texts: prepares once, then measures a round for each line on standard input.
//   node tokenizers_peer.mjs TOKENIZER.json TEXTS.json        (run in the folder whose node_modules holds tokenizers)
import { createRequire } from 'node:module';
import fs from 'node:fs';
import readline from 'node:readline';

const { Tokenizer } = createRequire(process.cwd() + '/package.json')('tokenizers');
const [file, input] = process.argv.slice(2);
const tokenizer = Tokenizer.fromFile(file);
tokenizer.disableTruncation();
tokenizer.disablePadding();
const texts = JSON.parse(fs.readFileSync(input, 'utf8'));
console.log('ready');
for await (const _ of readline.createInterface({ input: process.stdin })) {
  const begun = process.hrtime.bigint();
  const encodings = await tokenizer.encodeBatch(texts);
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  let tokens = 0;
  for (const encoding of encodings) tokens += encoding.getLength();
  console.log(JSON.stringify({ seconds, tokens }));
}
