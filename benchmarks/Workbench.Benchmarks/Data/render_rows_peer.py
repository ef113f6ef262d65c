"""jinja2's side of rendering a dataset.  usage: render_rows_peer.py ROWS.jsonl TEMPLATE.jinja
Renders messages and tools of all rows, again and again for three seconds, in the environment that transformers makes (ImmutableSandboxedEnvironment,
trim_blocks, lstrip_blocks, its tojson) and prints rows and seconds.  Parsing is not measured, and nothing is tokenised or masked.  Generation tags, which
plain jinja2 does not know and which write nothing, are left out."""
import json
import re
import sys
import time

from jinja2.sandbox import ImmutableSandboxedEnvironment

path, template = sys.argv[1:3]
environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
environment.filters["tojson"] = lambda value, **options: json.dumps(value, ensure_ascii=False)
with open(template, encoding="utf-8", newline="") as file:
    compiled = environment.from_string(re.sub(r"\{%-?\s*(end)?generation\s*-?%\}", "", file.read()))
with open(path, encoding="utf-8") as file:
    rows = [(row["messages"], row.get("tools")) for row in map(json.loads, file)]
rendered, start = 0, time.perf_counter()
while time.perf_counter() - start < 3:
    for messages, tools in rows:
        compiled.render(messages=messages, tools=tools, add_generation_prompt=False, bos_token="<s>", eos_token="</s>")
    rendered += len(rows)
print(json.dumps({"rows": rendered, "seconds": time.perf_counter() - start}))
