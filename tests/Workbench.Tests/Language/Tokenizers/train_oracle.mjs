// Trains a byte-level BPE with the official library: node train_oracle.mjs TEXTS OUTPUT.json
// Its trainer's defaults: 30,000 tokens, every pair that occurs, no special tokens, the alphabet of the texts.
import { createRequire } from 'node:module';
import path from 'node:path';
const { Tokenizer } = createRequire(path.join(process.cwd(), 'package.json'))('tokenizers');
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const tokenizer = Tokenizer.fromString(JSON.stringify({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: byteLevel, post_processor: null, decoder: byteLevel,
  model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab: {}, merges: [] },
}));
tokenizer.train([process.argv[2]]);
tokenizer.save(process.argv[3]);
