#!/usr/bin/env python3
"""Reference values for LoRA, computed by PyTorch's autograd on W + s B A, which is what PEFT's layers compute without dropout.

  python3 make_lora_goldens.py > lora.json      (PyTorch 1.13 made the committed file)

The models and the row are those of make_goldens.py. A and B, and the modules trained as a whole, are drawn from SplitMix64 (seed 3) in
the order of the modules, A before B, whole modules last: (u - 1/2) / 2 with u uniform in [0, 1), whole modules as their base
weight plus (u - 1/2) / 8."""
import json
import math

import torch

from make_goldens import CONFIGS, SplitMix64, logits, make_rows, weights

CASES = {
    "attention": dict(model="tied_grouped", r=4, alpha=8, targets=["q_proj", "v_proj"]),
    "all_linear_rslora": dict(model="untied_biased", r=3, alpha=6, rslora=True,
                              targets=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
    "modules_to_save": dict(model="untied_biased", r=2, alpha=5, targets=["down_proj"], save=["model.embed_tokens.weight", "lm_head.weight"]),
    "any_module_saved": dict(model="untied_biased", r=2, alpha=5, targets=["down_proj"], modules=["norm", "1.self_attn.q_proj"]),
    "tied_head_saved": dict(model="tied_grouped", r=2, alpha=5, targets=["o_proj"], save=["lm_head.weight"]),
}


def draw(random, shape, scale):
    return torch.tensor([(random.uniform() - 0.5) / scale for _ in range(math.prod(shape))], dtype=torch.float64).float().reshape(shape)


def adapter(case, base):
    random, trained = SplitMix64(3), {}
    for name, weight in base.items():
        module = name.rpartition(".")[0]
        if name.endswith(".weight") and module.rpartition(".")[2] in case["targets"]:
            trained[module + ".lora_A.weight"] = draw(random, (case["r"], weight.shape[1]), 2)
            trained[module + ".lora_B.weight"] = draw(random, (weight.shape[0], case["r"]), 2)
    for name in case.get("save", []) + [name for name in base if name.rpartition(".")[0].endswith(tuple(case.get("modules", ["-"])))]:
        source = base.get(name, base["model.embed_tokens.weight"]).detach()
        trained[name] = source + draw(random, source.shape, 8)
    return {name: value.requires_grad_(True) for name, value in trained.items()}


def effective(case, base, trained):
    scale = case["alpha"] / (math.sqrt(case["r"]) if case.get("rslora") else case["r"])
    result = {name: weight.detach() for name, weight in base.items()}
    for name, value in trained.items():
        if name.endswith(".lora_A.weight"):
            module = name[:-len(".lora_A.weight")]
            result[module + ".weight"] = result[module + ".weight"] + scale * trained[module + ".lora_B.weight"] @ value
        elif ".lora_" not in name:
            result[name] = value
    return result


def loss_of(c, w, row):
    targets = torch.tensor(row["labels"][1:])
    used = targets != -100
    picked = logits(c, w, row["input_ids"]).log_softmax(-1)[:-1][used]
    return -picked[torch.arange(len(picked)), targets[used]].mean()


def main():
    results = {}
    for name, case in CASES.items():
        c = CONFIGS[case["model"]]
        base = weights(c)
        trained = adapter(case, base)
        row = max(make_rows(c, 16), key=lambda r: len(r["input_ids"]))
        optimizer = torch.optim.AdamW(trained.values(), lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)
        last = logits(c, effective(case, base, trained), row["input_ids"])[-1]
        loss = loss_of(c, effective(case, base, trained), row)
        loss.backward()
        gradients = {k: v.grad.flatten().tolist() for k, v in trained.items() if ".lora_" in k}
        norms = {k: v.grad.norm().item() for k, v in trained.items()}
        optimizer.step()
        with torch.no_grad():
            after = loss_of(c, effective(case, base, trained), row)
        results[name] = dict(case, last_logits=last.tolist(), loss=loss.item(), gradients={k: gradients[k] for k in list(gradients)[:4]},
                             gradient_norms=norms, loss_after_step=after.item())
    print(json.dumps({"torch": torch.__version__, "cases": results}, indent=1))


if __name__ == "__main__":
    main()
