// Completion for chat templates: the variables that transformers gives them, fields of messages, Jinja's filters and tests.
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { jinjaCompletionSource } from "@codemirror/lang-jinja";

// transformers' apply_chat_template and its environment (utils/chat_template_utils.py).
const variables = options("variable", {
  messages: "the conversation", tools: "JSON schemas of the tools, or none", documents: "documents for retrieval, or none",
  add_generation_prompt: "whether to end with the header of an answer", bos_token: "", eos_token: "", pad_token: "", unk_token: "",
  enable_thinking: "Qwen3's switch", loop: "index0, index, first, last, previtem, nextitem …",
}).concat(options("function", {
  raise_exception: "raise_exception(message): refuse the conversation", strftime_now: "strftime_now(format): the time now",
  namespace: "namespace(name=value): variables that survive a loop", range: "", dict: "", cycler: "", joiner: "",
}));

const fields: Record<string, readonly Completion[]> = {
  message: options("property", {
    role: "system, user, assistant, tool", content: "a text, or a list of parts", tool_calls: "calls of the assistant",
    reasoning_content: "what the assistant thinks", name: "name of a tool", tool_call_id: "the call that a tool answers",
  }),
  loop: options("property", {
    index: "from 1", index0: "from 0", revindex: "", revindex0: "", first: "", last: "", length: "", previtem: "", nextitem: "", depth: "", depth0: "",
    cycle: "", changed: "",
  }),
  tool_call: options("property", { function: "name and arguments", id: "", type: "", name: "", arguments: "" }),
  function: options("property", { name: "", arguments: "a mapping, or JSON as text", description: "", parameters: "" }),
  part: options("property", { type: "text, image …", text: "", image: "" }),
};
const aliases: Record<string, string> = { m: "message", msg: "message", tc: "tool_call", call: "tool_call", tool: "tool_call", item: "part", content: "part" };

// Jinja2 3.1's documented lists.
const filters = names("function", `abs attr batch capitalize center count d default dictsort e escape filesizeformat first float forceescape format groupby indent
  int items join last length list lower map max min pprint random reject rejectattr replace reverse round safe select selectattr slice sort string striptags sum
  title tojson trim truncate unique upper urlencode urlize wordcount wordwrap xmlattr`);
const tests = names("keyword", `boolean callable defined divisibleby eq equalto escaped even false filter float ge greaterthan gt in integer iterable le lessthan
  lower lt mapping ne none number odd sameas sequence string test true undefined upper`);
const tags = names("keyword", "generation endgeneration break continue");

const globals = jinjaCompletionSource({
  tags, variables,
  properties: path => fields[aliases[path.at(-1) ?? ""] ?? (path.at(-1) ?? "")] ?? (path.length > 0 ? fields["message"]! : []),
});

/** Filters behind a bar, tests behind "is", keys in brackets, else what Jinja itself offers. */
function complete(context: CompletionContext): CompletionResult | null {
  const before = context.matchBefore(/(\|\s*|\bis\s+(?:not\s+)?|(?:\w|\])\[["'])\w*/);
  if (before === null) return globals(context);
  const word = /\w*$/.exec(before.text)!;
  const lead = before.text.slice(0, word.index);
  const inside = /\{[{%](?:(?![%}]\}).)*$/s.test(context.state.sliceDoc(Math.max(0, context.pos - 2000), context.pos));
  if (!inside) return null;
  return {
    from: before.from + word.index,
    options: lead.startsWith("|") ? filters : lead.startsWith("is") ? tests : fields["message"]!,
    validFor: /^\w*$/,
  };
}

export const jinjaCompletion = autocompletion({ override: [complete], icons: false });

function options(type: string, described: Record<string, string>): Completion[] {
  return Object.entries(described).map(([label, detail]) => ({ label, type, ...(detail.length > 0 ? { detail } : {}) }));
}

function names(type: string, list: string): Completion[] {
  return list.split(/\s+/).map(label => ({ label, type }));
}
