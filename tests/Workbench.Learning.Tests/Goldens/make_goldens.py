#!/usr/bin/env python3
"""Reference values for the decoder and the trainer, computed by PyTorch's autograd, AdamW and clip_grad_norm_.

  python3 make_goldens.py > tiny_llama.json      (PyTorch 1.13 made the committed file)

The weights of the tiny models are not in the file: both sides draw them from SplitMix64 (seed 1), in the order of
transformers' names as DecoderConfig.Weights lists them; a matrix entry is (u - 1/2) / 2 with u uniform in [0, 1), a norm's
gain 1 + (u - 1/2) / 2."""
import json
import math

import torch
import torch.nn.functional as F

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self):
        return (self.next() >> 11) / (1 << 53)


CONFIGS = {
    "tied_grouped": dict(vocab_size=61, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
                         num_key_value_heads=2, head_dim=4, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=10000.0,
                         tie_word_embeddings=True, attention_bias=False, mlp_bias=False),
    "untied_biased": dict(vocab_size=37, hidden_size=12, intermediate_size=20, num_hidden_layers=3, num_attention_heads=3,
                          num_key_value_heads=1, head_dim=6, max_position_embeddings=32, rms_norm_eps=1e-6, rope_theta=500000.0,
                          tie_word_embeddings=False, attention_bias=True, mlp_bias=True),
}

BASE = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64, rms_norm_eps=1e-6)
FAMILIES = {
    "mistral": dict(BASE, model_type="mistral", vocab_size=41, num_key_value_heads=2, rope_theta=10000.0, sliding_window=5, tie_word_embeddings=False),
    "qwen2": dict(BASE, model_type="qwen2", vocab_size=43, num_key_value_heads=2, rope_theta=1000000.0, tie_word_embeddings=True,
                  use_sliding_window=True, sliding_window=4, max_window_layers=1),
    "qwen3": dict(BASE, model_type="qwen3", vocab_size=47, num_key_value_heads=1, head_dim=6, rope_theta=1000000.0, tie_word_embeddings=True,
                  use_sliding_window=False, sliding_window=4),
    "llama3": dict(BASE, model_type="llama", vocab_size=53, num_key_value_heads=2, head_dim=8, rope_theta=100.0, tie_word_embeddings=False,
                   rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)),
    "linear": dict(BASE, model_type="llama", vocab_size=31, num_key_value_heads=4, rope_theta=10000.0, tie_word_embeddings=True,
                   rope_scaling=dict(type="linear", factor=4.0)),
}
for family in FAMILIES.values():
    family.setdefault("head_dim", family["hidden_size"] // family["num_attention_heads"])


def window(c, layer):
    """Keys that a query of the layer sees; None for all."""
    if c.get("model_type") == "mistral":
        return c["sliding_window"]
    return c["sliding_window"] if c.get("use_sliding_window") and layer >= c["max_window_layers"] else None


def shapes(c):
    d, q, k, m = c["hidden_size"], c["num_attention_heads"] * c["head_dim"], c["num_key_value_heads"] * c["head_dim"], c["intermediate_size"]
    yield "model.embed_tokens.weight", (c["vocab_size"], d)
    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        yield p + "input_layernorm.weight", (d,)
        out, mlp = c.get("attention_bias", False), c.get("mlp_bias", False)
        qkv = out or c.get("model_type") == "qwen2"
        for name, rows, columns, bias in (
                ("self_attn.q_proj", q, d, qkv), ("self_attn.k_proj", k, d, qkv), ("self_attn.v_proj", k, d, qkv), ("self_attn.o_proj", d, q, out),
                ("mlp.gate_proj", m, d, mlp), ("mlp.up_proj", m, d, mlp), ("mlp.down_proj", d, m, mlp)):
            yield p + name + ".weight", (rows, columns)
            if bias:
                yield p + name + ".bias", (rows,)
        if c.get("model_type") == "qwen3":
            yield p + "self_attn.q_norm.weight", (c["head_dim"],)
            yield p + "self_attn.k_norm.weight", (c["head_dim"],)
        yield p + "post_attention_layernorm.weight", (d,)
    yield "model.norm.weight", (d,)
    if not c["tie_word_embeddings"]:
        yield "lm_head.weight", (c["vocab_size"], d)


def weights(c):
    random, result = SplitMix64(1), {}
    for name, shape in shapes(c):
        offset = 1.0 if "norm" in name else 0.0
        values = [offset + (random.uniform() - 0.5) / 2 for _ in range(math.prod(shape))]
        result[name] = torch.tensor(values, dtype=torch.float64).float().reshape(shape).requires_grad_(True)
    return result


def norm(x, gain, eps):
    return gain * x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps)


def stretched(frequency, scaling):
    """One frequency as rope_scaling has it, written from the cases of transformers' modeling_rope_utils."""
    if scaling is None:
        return frequency
    if scaling.get("type") == "linear":
        return frequency / scaling["factor"]
    wavelength, old = 2 * math.pi / frequency, scaling["original_max_position_embeddings"]
    if wavelength < old / scaling["high_freq_factor"]:
        return frequency
    if wavelength > old / scaling["low_freq_factor"]:
        return frequency / scaling["factor"]
    smooth = (old / wavelength - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
    return (1 - smooth) * frequency / scaling["factor"] + smooth * frequency


def rotate(x, c):
    """Each head's two halves as real and imaginary parts, turned by a complex factor."""
    half = x.shape[-1] // 2
    frequency = torch.tensor([stretched(c["rope_theta"] ** (-2 * i / x.shape[-1]), c.get("rope_scaling")) for i in range(half)], dtype=torch.float64)
    angle = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * frequency
    turned = torch.complex(x[..., :half].double(), x[..., half:].double()) * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([turned.real, turned.imag], -1).float()


def hidden_states(c, w, ids):
    """One sequence without padding: (T) ids to (T, C), normalised."""
    t, heads, kv, hd = len(ids), c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    x = w["model.embed_tokens.weight"][torch.tensor(ids)]
    future = torch.ones(t, t).triu(1).bool()
    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."

        def linear(name, y):
            return F.linear(y, w[p + name + ".weight"], w.get(p + name + ".bias"))

        h = norm(x, w[p + "input_layernorm.weight"], c["rms_norm_eps"])

        def split(name, count):
            y = linear(f"self_attn.{name}_proj", h).view(t, count, hd).transpose(0, 1)
            gain = w.get(p + f"self_attn.{name}_norm.weight")
            return rotate(y if gain is None else norm(y, gain, c["rms_norm_eps"]), c)

        q, k = split("q", heads), split("k", kv)
        hidden = future if window(c, layer) is None else future | torch.ones(t, t).tril(-window(c, layer)).bool()
        v = linear("self_attn.v_proj", h).view(t, kv, hd).transpose(0, 1)
        outputs = []
        for head in range(heads):
            shared = head // (heads // kv)
            scores = (q[head] @ k[shared].T / math.sqrt(hd)).masked_fill(hidden, -math.inf)
            outputs.append(scores.softmax(-1) @ v[shared])
        x = x + linear("self_attn.o_proj", torch.cat(outputs, -1))
        h = norm(x, w[p + "post_attention_layernorm.weight"], c["rms_norm_eps"])
        x = x + linear("mlp.down_proj", F.silu(linear("mlp.gate_proj", h)) * linear("mlp.up_proj", h))
    return norm(x, w["model.norm.weight"], c["rms_norm_eps"])


def logits(c, w, ids):
    """(T) ids to (T, V)."""
    return hidden_states(c, w, ids) @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T


def make_rows(c, count):
    random, rows = SplitMix64(7), []
    for _ in range(count):
        length = 3 + random.next() % 14
        ids = [random.next() % c["vocab_size"] for _ in range(length)]
        masked = random.next() % (length - 1)
        rows.append({"input_ids": ids, "labels": [-100] * masked + ids[masked:]})
    return rows


def row_statistics(c, w, row):
    scores = logits(c, w, row["input_ids"])
    logp = scores.log_softmax(-1)
    targets = torch.tensor(row["labels"][1:])
    used = targets != -100
    picked = logp[:-1][used]
    loss = -picked[torch.arange(len(picked)), targets[used]].sum()
    with torch.no_grad():
        entropy = -(logp.exp() * logp).sum().item()
        correct = (picked.argmax(-1) == targets[used]).sum().item()
    return loss, int(used.sum()), entropy, correct


def train(c, rows, steps=20, batch=3, accumulation=2, lr=5e-3, warmup=4, weight_decay=0.1, clip=1.0):
    w = weights(c)
    # As transformers' Trainer.get_decay_parameter_names: neither biases nor norms decay.
    plain = [name for name in w if name.endswith(".bias") or name.endswith("norm.weight")]
    optimizer = torch.optim.AdamW(
        [{"params": [w[name] for name in w if name not in plain]}, {"params": [w[name] for name in plain], "weight_decay": 0.0}],
        lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=weight_decay)
    result = []
    for step in range(steps):
        rate = lr * (step / warmup if step < warmup else (steps - step) / (steps - warmup))
        for group in optimizer.param_groups:
            group["lr"] = rate
        window = [rows[(step * batch * accumulation + i) % len(rows)] for i in range(batch * accumulation)]
        optimizer.zero_grad()
        labels = sum(sum(1 for y in row["labels"][1:] if y != -100) for row in window)
        total, entropies, accuracies = 0.0, [], []
        for start in range(0, len(window), batch):
            statistics = [row_statistics(c, w, row) for row in window[start:start + batch]]
            (sum(s[0] for s in statistics) / labels).backward()
            total += sum(s[0].item() for s in statistics) / labels
            entropies.append(sum(s[2] for s in statistics) / sum(len(row["input_ids"]) for row in window[start:start + batch]))
            accuracies.append(sum(s[3] for s in statistics) / sum(s[1] for s in statistics))
        norm = torch.nn.utils.clip_grad_norm_(w.values(), clip).item()
        optimizer.step()
        result.append({"loss": total, "grad_norm": norm, "learning_rate": rate, "entropy": sum(entropies) / len(entropies),
                       "mean_token_accuracy": sum(accuracies) / len(accuracies)})
    return result


def main():
    models = {}
    for name, c in (CONFIGS | FAMILIES).items():
        w, rows = weights(c), make_rows(c, 16)
        row = max(rows, key=lambda r: len(r["input_ids"]))
        loss, labels, _, _ = row_statistics(c, w, row)
        loss.backward()
        models[name] = {
            "config": c,
            "rows": rows,
            "row": row,
            "last_logits": logits(c, w, row["input_ids"])[-1].tolist(),
            "logp_sum": -loss.item(),
            "tokens": labels,
            "gradients": {k: {"norm": v.grad.norm().item(), "first": v.grad.flatten()[0].item(), "last": v.grad.flatten()[-1].item()}
                          for k, v in w.items()},
        }
        if name in CONFIGS:
            models[name]["steps"] = train(c, rows)
        else:
            del models[name]["rows"]
    print(json.dumps({"torch": torch.__version__, "models": models}, indent=1))


if __name__ == "__main__":
    main()
