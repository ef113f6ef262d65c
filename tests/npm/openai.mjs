// Asks a running workbench with OpenAI's own client, and prints what came as one JSON object a line: name and value.
// node openai.mjs BASE_URL MODEL
import OpenAI from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const say = (name, value) => console.log(JSON.stringify({ name, value }));
const messages = [{ role: "user", content: "Once upon a time" }];
const failure = async request => {
  try {
    await request();
    return null;
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, code: error.code, param: error.param, type: error.type, message: error.message };
  }
};

const listed = [];
for await (const one of client.models.list()) listed.push(one.id);
say("models", listed);
say("model", await client.models.retrieve(model));
say("chat", await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 8, logprobs: true, top_logprobs: 3 }));

let [text, chunks, usage, reason] = ["", 0, null, null];
for await (const chunk of await client.chat.completions.create({
  model, messages, temperature: 0, max_tokens: 8, stream: true, stream_options: { include_usage: true },
})) {
  chunks++;
  text += chunk.choices[0]?.delta.content ?? "";
  reason = chunk.choices[0]?.finish_reason ?? reason;
  usage = chunk.usage ?? usage;
}
say("stream", { text, chunks, usage, reason });

const drawn = seed => client.chat.completions.create({ model, messages, temperature: 1, max_tokens: 12, n: 3, seed });
const said = answer => answer.choices.map(choice => choice.message.content);
say("seeded", [said(await drawn(5)), said(await drawn(5)), said(await drawn(6))]);
say("completion", await client.completions.create({ model, prompt: "Once upon a time", temperature: 0, max_tokens: 8, logprobs: 2 }));
say("completions", await client.completions.create({ model, prompt: ["Once upon a time", "Lily"], temperature: 0, max_tokens: 4 }));
const whole = await client.completions.create({ model, prompt: "Once upon a time", temperature: 0, max_tokens: 60 });
say("stop", await client.completions.create({ model, prompt: "Once upon a time", temperature: 0, max_tokens: 60, stop: [" named", "."] }));
say("whole", whole.choices[0].text);

const stopped = await client.chat.completions.create({ model, messages, max_tokens: 400, stream: true });
for await (const chunk of stopped) if (chunk.choices[0].delta.content) break;
say("abandoned", stopped.controller.signal.aborted);

say("missing", await failure(() => client.chat.completions.create({ model: "no-such-model", messages })));
say("empty", await failure(() => client.chat.completions.create({ model, messages: [] })));
say("range", await failure(() => client.chat.completions.create({ model, messages, temperature: -1 })));
say("bias", await failure(() => client.chat.completions.create({ model, messages, logit_bias: { 5: 1 } })));
say("image", await failure(() => client.chat.completions.create({ model, messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] })));
say("address", await failure(() => client.embeddings.create({ model, input: "x" })));
