"""jinja2's side of the render benchmark.  usage: jinja2_peer.py CORPUS
Prepares every template and conversation, says "ready", then for each line on standard input renders all rows once and
prints renders per second.  Only Template.render is measured: the least that apply_chat_template does."""
import gzip
import json
import os
import sys
import time
from datetime import datetime

corpus = sys.argv[1]
sys.path.insert(0, corpus)
import oracle  # transformers' environment on plain jinja2

oracle.Clock.now = datetime(2025, 6, 15, 12, 34, 56)
NOT_FOR_THE_TEMPLATE = ("continue_final_message", "return_assistant_tokens_mask")


def context_of(case):
    context = dict(case.get("special_tokens") or {}, add_generation_prompt=False)
    context.update({k: v for k, v in (case.get("kwargs") or {}).items() if k not in NOT_FOR_THE_TEMPLATE})
    return dict(context, messages=case["messages"], tools=case.get("tools"), documents=case.get("documents"))


def load():
    with open(os.path.join(corpus, "cases.json"), encoding="utf-8") as file:
        contexts = {case["id"]: context_of(case) for case in json.load(file)}
    with gzip.open(os.path.join(corpus, "goldens.jsonl.gz"), "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "r" in row:
                path = os.path.join(corpus, "templates", row["t"])
                with open(path, encoding="utf-8", newline="") as template:
                    yield oracle.compile_template(template.read()), contexts[row["c"]]


rows = list(load())
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    for template, context in rows:
        template.render(**context)
    print(len(rows) / (time.perf_counter() - start), flush=True)
