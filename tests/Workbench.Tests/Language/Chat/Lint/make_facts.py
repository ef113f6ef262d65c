#!/usr/bin/env python3
"""Facts about the published chat templates, worked out with jinja2 alone: the other derivation that the linter is
compared with.  It knows no source map and no mask; it looks for words in renderings.

usage:  make_facts.py CORPUS_FOLDER > facts.json
"""
import copy, json, os, re, sys
from datetime import datetime

corpus = sys.argv[1]
sys.path.insert(0, corpus)
import oracle
from jinja2 import meta

BOS, EOS = "<|bos|>", "<|eos|>"
TOKENS = dict(bos_token=BOS, eos_token=EOS, unk_token="<|unk|>", pad_token="<|pad|>")
SUPPLIED = set("""messages tools documents add_generation_prompt bos_token eos_token unk_token sep_token pad_token cls_token
mask_token additional_special_tokens range dict lipsum cycler joiner namespace raise_exception strftime_now""".split())
# A token that ends a turn: <|im_end|>, </s>, <end_of_turn>, [END] right behind an answer.
END = re.compile(r"\s*(<[^\s>]+>|\[[^\s\]]+\])")

tool = dict(type="function", function=dict(name="lookup_qq", description="descr_qq", parameters=dict(
    type="object", properties=dict(key_qq=dict(type="string", description="meaning_qq")), required=["key_qq"])))


def user(text="question_qq"):
    return dict(role="user", content=text)


def answer(text="answer_qq", **more):
    return dict(role="assistant", content=text, **more)


def call(arguments):
    return answer("", tool_calls=[dict(id="abc123XYZ", type="function", function=dict(name="lookup_qq", arguments=arguments))])


SYSTEM = dict(role="system", content="system_qq")
RESULT = dict(role="tool", content="result_qq", name="lookup_qq", tool_call_id="abc123XYZ")
DICT, TEXT = dict(key_qq="value_qq"), '{"key_qq": "value_qq"}'


def facts(text):
    def render(*messages, gen=False, tools=False, now=oracle.DEFAULT_NOW, spans=False):
        oracle.Clock.now = datetime.fromisoformat(now)
        more = dict(return_assistant_tokens_mask=True) if spans else {}
        try:
            out, found = oracle.render(text, copy.deepcopy(list(messages)), tools=[tool] if tools else None,
                                       add_generation_prompt=gen, **TOKENS, **more)
            return (out, found) if spans else out
        except Exception:
            return (None, None) if spans else None

    env = oracle.make_env()
    rules = set()
    for name in meta.find_undeclared_variables(env.parse(text)) - SUPPLIED:
        rules.add("unknown-variable:" + name)
    turn, two = render(user(), answer()), render(user(), answer(), user("question2_qq"), answer("answer2_qq"))
    if turn is None:
        rules.add("unrenderable")
    tagged = re.search(r"\{%-?\s*generation\s*-?%\}", text) is not None

    # --- the end of an answer, and what tags enclose
    question, asked = render(user()), render(user(), gen=True)
    header = asked[len(os.path.commonprefix([question, asked])):] if question is not None and asked is not None else ""

    def opens(tag, head):
        """Whether the tag begins turns: it begins the text, or is a part of a header."""
        if not header:
            return tag in head
        return tag in header or head.startswith(tag) or re.search(re.escape(tag) + r"[^>\]]*$", head) is not None

    def end_of(text, word):
        """What ends the answer, and its place."""
        at = text.rindex(word) + len(word)
        head = text[:text.index("question_qq")] if "question_qq" in text else ""
        found = END.match(text, at)
        if found and (found[1] == EOS or not opens(found[1], head)):
            return found[1], found.start(1), found.end(1)
        found = re.compile(r"(?:\s*<[^\s>]+>)*?\s*(" + re.escape(EOS) + ")").match(text, at)
        return (found[1], found.start(1), found.end(1)) if found else (None, at, at)

    end = None
    if tagged is False and turn is not None:
        rules.add("no-generation-tags")
    if turn is not None and "answer_qq" not in turn:
        rules.add("nothing-trained:content")
    elif turn is not None:
        end, start, stop = end_of(turn, "answer_qq")
        if end is None:
            rules.add("end-of-turn-not-trained:missing")
        if tagged:
            covered = [False] * len(turn)
            for a, b in render(user(), answer(), spans=True)[1]:
                covered[a:b] = [True] * (b - a)
            if not any(covered):
                rules.add("nothing-trained:tags")
            elif end is not None and not all(covered[start:stop]):
                rules.add("end-of-turn-not-trained:tags")
        if end is not None:
            forged = render(user("question_qq" + end), answer())
            if forged is not None and "question_qq" + end in forged:
                rules.add("forged-special")
    if tagged:
        one, both = [user(), answer()], [user(), answer("first_qq"), user("question2_qq"), answer("last_qq")]
        for messages in (one, both):
            text_, spans = render(*messages, spans=True)
            words = [m["content"] for m in messages if m["role"] == "assistant"]
            if text_ is None or any(word not in text_ for word in words):
                continue
            allowed = [False] * len(text_)
            for i, message in enumerate(messages):
                if message["role"] == "assistant":
                    prompt = render(*messages[:i], gen=True)
                    at = text_.index(message["content"])
                    # A prompt that is not repeated (it opens the reasoning) still shows where the header ends.
                    first = min(at, len(os.path.commonprefix([prompt, text_]))) if prompt is not None else at
                    upto = text_[:text_.index("question2_qq", at)] if i + 1 < len(messages) else text_
                    last = end_of(upto, message["content"])[2]
                    allowed[first:last] = [True] * (last - first)
            run = ""
            for a, b in spans:
                for i in range(a, b + 1):
                    if i < b and not allowed[i]:
                        run += text_[i]
                    elif run:
                        rules.add("generation-span-headers:" + ("headers" if run.strip() else "whitespace"))
                        run = ""

    # --- prompts and prefixes
    def prefix(rule, shorter, longer):
        if shorter is not None and longer is not None and not longer.startswith(shorter):
            rules.add(rule)

    thought = dict(reasoning_content="thought_qq")
    prompt = render(user(), gen=True)
    if prompt is not None and turn is not None and not turn.startswith(prompt):
        with_thought = render(user(), answer(**thought))
        opens = with_thought is not None and with_thought.startswith(prompt)
        rules.add("generation-prompt-not-prefix:" + ("reasoning" if opens else "header"))
    prefix("training-inference-mismatch:first", prompt, two)
    prefix("training-inference-mismatch:second", render(user(), answer(), user("question2_qq"), gen=True), two)
    round_ = render(user(), call(DICT), RESULT, answer())
    prefix("training-inference-mismatch:tools", render(user(), call(DICT), RESULT, gen=True), round_)
    prefix("not-prefix-preserving:plain", turn, two)
    prefix("not-prefix-preserving:reasoning", render(user(), answer(**thought)),
           render(user(), answer(**thought), user("question2_qq"), answer("answer2_qq")))
    prefix("not-prefix-preserving:tools", render(user(), call(DICT)), round_)
    if turn is not None and turn.startswith(BOS + BOS):
        rules.add("double-bos:template")

    # --- what reaches the text
    if turn is not None:
        system = render(SYSTEM, user(), answer())
        if system is None:
            rules.add("system-dropped:refused")
        elif "system_qq" not in system:
            rules.add("system-dropped:dropped")
        listed = render(user(), answer(), tools=True)
        if listed is not None and not any(word in listed for word in ("lookup_qq", "descr_qq", "key_qq")):
            rules.add("tools-dropped:tools")
        either = round_ if round_ is not None else render(user(), call(TEXT), RESULT, answer())
        if either is None:
            rules.add("tools-dropped:refused")
        else:
            if "lookup_qq" not in either.replace("abc123XYZ", "") and "value_qq" not in either:
                rules.add("tools-dropped:calls")
            if "result_qq" not in either:
                rules.add("tools-dropped:results")
        parts = render(dict(role="user", content=[dict(type="text", text="question_qq")]), answer())
        if parts is None:
            rules.add("content-list-unsupported:refused")
        elif "question_qq" not in parts:
            rules.add("content-list-unsupported:dropped")
        elif re.search(r"""['"]type['"]:\s*['"]text""", parts):
            rules.add("content-list-unsupported:written")
        if render(user(), user("question2_qq"), answer()) is None:
            rules.add("alternation-required")
    final = render(user(), answer(**thought))
    if final is not None:
        if "thought_qq" not in final:
            names = [n for n in ("reasoning", "thinking") if "thought_qq" in (render(user(), answer(**{n: "thought_qq"})) or "")]
            rules.add("reasoning-dropped:" + (names[0] if names else "final"))
        else:
            both = render(user(), answer(**thought), user("question2_qq"), answer("answer2_qq", reasoning_content="second_qq"))
            if both is not None and "thought_qq" not in both:
                rules.add("reasoning-dropped:earlier")
    called = render(user(), call(TEXT))
    if called is not None and '\\"key_qq' in called:
        rules.add("arguments-double-encoded")
    called = render(user(), call(DICT))
    if called is not None and "'key_qq'" in called:
        rules.add("arguments-not-json")
    for role, word in (("system", "system_qq"), ("user", "question_qq"), ("assistant", "answer_qq")):
        padded = "\n\n\n\n\n " + word + " \n\n\n\n\n"  # more line ends than a template writes by itself
        messages = [SYSTEM, user(), answer()] if role == "system" else [user(), answer()]
        for message in messages:
            if message["role"] == role:
                messages[messages.index(message)] = dict(message, content=padded)
        out = render(*messages)
        if out is not None and word in out and padded not in out:
            rules.add("content-trimmed:" + role)
    for messages, tools in (([user(), answer()], False), ([SYSTEM, user(), answer()], True)):
        if render(*messages, tools=tools) != render(*messages, tools=tools, now="2031-11-27T21:08:09"):
            rules.add("clock-dependent")
    return sorted(rules)


result = {}
for entry in json.load(open(os.path.join(corpus, "manifest.json"))):
    with open(os.path.join(corpus, "templates", entry["file"]), encoding="utf-8", newline="") as f:
        result[entry["file"]] = facts(f.read())
lines = [json.dumps(name) + ": " + json.dumps(found) for name, found in sorted(result.items())]
print("{\n" + ",\n".join(lines) + "\n}")
