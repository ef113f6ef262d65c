// Reads an exported GGUF file with llama.cpp and compares it with what Hugging Face's own programs gave:
//   node readback.mjs MODEL.gguf --ids TEXTS.jsonl IDS.jsonl.gz     ids of every text
//   node readback.mjs MODEL.gguf --logits GOLDEN.json               probabilities behind a prompt
// Not a part of `./workbench test`: llama.cpp with its bindings takes 700 MB (`npm install --ignore-scripts` in this folder first).
import fs from "node:fs";
import zlib from "node:zlib";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const [modelPath, what, ...files] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, logLevel: LlamaLogLevel.error, build: "never" });
const model = await llama.loadModel({ modelPath });
const lines = (bytes) => bytes.toString("utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

if (what === "--ids") {
  const texts = new Map(lines(fs.readFileSync(files[0])).map((row) => [row.id, row.text]));
  const rows = lines(zlib.gunzipSync(fs.readFileSync(files[1])));
  const differ = rows.filter((row) => {
    const ids = model.tokenize(texts.get(row.id), true);
    return JSON.stringify(model.tokens.shouldPrependBosToken ? [model.tokens.bos, ...ids] : ids) !== JSON.stringify(row.ids);
  });
  console.log(JSON.stringify({ texts: rows.length, differ: differ.length, examples: differ.slice(0, 5).map((row) => texts.get(row.id)) }));
} else {
  const golden = JSON.parse(fs.readFileSync(files[0]));
  const context = await model.createContext({ contextSize: 512, batchSize: 512 });
  const prompt = [...golden.prompt_ids.slice(0, -1), [golden.prompt_ids.at(-1), { generateNext: { probabilities: true } }]];
  const { probabilities } = (await context.getSequence().controlledEvaluate(prompt)).at(-1).next;
  const largest = Math.max(...golden.last_logits);
  const exponentials = golden.last_logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  const off = [...probabilities].map(([id, probability]) => Math.abs(probability - exponentials[id] / sum));
  console.log(JSON.stringify({ tokens: off.length, largest_difference: Math.max(...off) }));
}

process.exit(0);
