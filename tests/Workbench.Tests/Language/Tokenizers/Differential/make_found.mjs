// Writes found.jsonl: small tokenizers, each for something in which this library once differed from the official one, and what the
// official one answers.      node make_found.mjs       (in a folder whose node_modules holds tokenizers@0.23.2)
import { createRequire } from 'node:module';
import fs from 'node:fs';

const { Tokenizer } = createRequire(process.cwd() + '/package.json')('tokenizers');
const base = { version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
const vocabulary = tokens => Object.fromEntries(tokens.map((token, id) => [token, id]));
const bpe = (tokens, more = {}) => ({ type: 'BPE', vocab: vocabulary(tokens), merges: [], ...more });
const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);
const added = (id, content, more = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...more });
const trim = add => ({ type: 'ByteLevel', add_prefix_space: add, trim_offsets: true, use_regex: true });
const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
const unprintable = [...Array(33).keys(), ...Array.from({ length: 34 }, (_, i) => 127 + i), 173];
const byteCharacters = Array.from({ length: 256 }, (_, b) => String.fromCharCode(unprintable.includes(b) ? 256 + unprintable.indexOf(b) : b));

// sentencepiece's character map: a double-array trie over UTF-8 (darts-clone), then the replacements.
function characterMap(entries) {
  const units = [0], taken = new Set([0]), texts = [];
  const place = (at, label, list, depth) => {
    const end = list.find(([key]) => key.length === depth), next = new Map();
    for (const entry of list.filter(([key]) => key.length > depth)) {
      next.set(entry[0][depth], [...(next.get(entry[0][depth]) ?? []), entry]);
    }
    const labels = [...next.keys(), ...(end ? [0] : [])];
    let start = 1;
    while (labels.some(l => taken.has(start ^ l)) || (start ^ at) === 0) start++;
    labels.forEach(l => taken.add(start ^ l));
    units[at] = (label | (end ? 0x100 : 0) | ((start ^ at) << 10)) >>> 0;
    if (end) units[start] = (end[1] | 0x80000000) >>> 0;
    for (const [l, rest] of next) place(start ^ l, l, rest, depth + 1);
  };
  place(0, 0, Object.entries(entries).map(([key, value]) => [Buffer.from(key), texts.push(...Buffer.from(value), 0) - Buffer.from(value).length - 1]), 0);
  const trie = Buffer.alloc(units.length * 4);
  Array.from(units, unit => unit ?? 0).forEach((unit, i) => trie.writeUInt32LE(unit, i * 4));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(trie.length);
  return Buffer.concat([size, trie, Buffer.from(texts)]).toString('base64');
}

const cases = [
  ['The bytes of a BPE prefix and suffix stand beside those of the character', 'ids',
    { ...base, model: bpe(['<unk>', 'a', '##b', ...bytes], { unk_token: '<unk>', continuing_subword_prefix: '##', end_of_word_suffix: '</w>', byte_fallback: true }) },
    ['aé', 'abé', 'é', '\uD800x']],
  ['Trimming counts code points', '', { ...base, pre_tokenizer: byteLevel, post_processor: trim(true), model: bpe(byteCharacters), added_tokens: [added(256, '[CLS]')] }, ['[CLS]👩 a', '👩 👩', ' 👩  ']],
  ['Trimming steps over lone surrogates one by one', '',
    { ...base, normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: false, strip_accents: false, lowercase: false }, post_processor: trim(false),
      model: bpe(['a', 'b', ' ', '  '], { merges: [[' ', ' ']] }) }, ['a \uDA0F\uD888 b', 'a \uD83D \uDC4Db']],
  ['An added token that the model makes itself says what the vocabulary spells', '',
    { ...base, post_processor: trim(true), added_tokens: [added(3, ' x', { single_word: true, lstrip: true, rstrip: true })], model: bpe(['t', 'x', ' ', ' x'], { merges: [[' ', 'x']] }) },
    ['tﬁ x', 'tﬁ  x  t', 't xt']],
  ['What a matched added token says is normalized', '',
    { ...base, normalizer: { type: 'Nmt' }, post_processor: trim(false), added_tokens: [added(2, 'x', { lstrip: true, normalized: true })], model: bpe(['a', ' ']) }, ['a\u200B\u200Bx', 'a \u200Bx']],
  ["Unigram's unknown token says the normalized text", '',
    { ...base, normalizer: { type: 'Replace', pattern: { String: '\n' }, content: '_' }, post_processor: trim(false), model: { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0], ['a', -1]] } }, ['a\nb', '\n a ']],
  ['Each text of a pair is limited by itself before the two share the length', '',
    { ...base, truncation: { direction: 'Right', max_length: 11, strategy: 'LongestFirst', stride: 0 }, pre_tokenizer: { type: 'WhitespaceSplit' }, model: bpe(['a', 'b']) },
    [['aaaaaaaaaaaaaaaaaaaa aa', 'b b b b b b b b b b b b b b b b b b b b b b b b'], ['a a', 'bb bb bb bb bb bb bb']]],
  ['The same from the left', '',
    { ...base, truncation: { direction: 'Left', max_length: 11, strategy: 'LongestFirst', stride: 0 }, pre_tokenizer: { type: 'WhitespaceSplit' }, added_tokens: [added(2, 'x')], model: bpe(['a', 'b']) },
    [['aa aaaaaaaaaaaaaaaaaaaa', 'b b b b b b b b b b b b b b b b b b b b b b b b'], ['axaxaxaxaxaxaxaxaxax', 'b b b b b b b b b b b b']]],
  ['A removal counts with the character written last', '',
    { ...base, normalizer: { type: 'Precompiled', precompiled_charsmap: characterMap({ '½': '12', x: '' }) }, pre_tokenizer: byteLevel, model: bpe(byteCharacters) }, ['½xa', 'axxb', 'xab', '½½xxa½']],
  ['The last character of an old range has a script', '',
    { ...base, pre_tokenizer: { type: 'UnicodeScripts' }, model: { type: 'WordLevel', vocab: { '<unk>': 0 }, unk_token: '<unk>' } }, ['aЭ\u180E', 'a\u055Fb', 'a\u9FD5b', 'a\uFD3Fb']],
  ['Numbers are those of Unicode 17', '',
    { ...base, pre_tokenizer: { type: 'Digits', individual_digits: true }, model: { type: 'WordLevel', vocab: { '<unk>': 0 }, unk_token: '<unk>' } },
    ['a\u{11DA9}b', 'a\u{16E96}b', 'a\u{11DE0}\u{11DE9}b', 'a\u{16FF4}\u{16FF6}b', 'a\u{11DEA}\u{16FF7}b']],
  ['Lowercase is that of Unicode 17', '', { ...base, normalizer: { type: 'Lowercase' }, pre_tokenizer: { ...byteLevel, add_prefix_space: false }, model: bpe(byteCharacters) },
    ['\uA7CE\uA7D2\uA7D4\uA7D6', '\u{16E9F}\u{16EA0}\u{16EB8}\u{16EB9}', 'A\u0130\u03A3']],
];

const literal = text => JSON.stringify(text).replace(/[\u007f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
const lines = [];
for (const [name, only, json, rows] of cases) {
  const tokenizer = Tokenizer.fromString(JSON.stringify(json));
  for (const row of rows) {
    const [text, pair] = Array.isArray(row) ? row : [row, null];
    const encoding = await tokenizer.encode(text, pair, { addSpecialTokens: true });
    lines.push(literal({ name, text, pair, ids: encoding.getIds(), offsets: only === 'ids' ? null : encoding.getOffsets(), json }));
  }
}
fs.writeFileSync(new URL('found.jsonl', import.meta.url), lines.join('\n') + '\n');
