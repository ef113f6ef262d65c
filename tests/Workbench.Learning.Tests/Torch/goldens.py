#!/usr/bin/python3
"""Makes goldens.json: what PyTorch gives for the operations that GoldenTests runs through the binding.

Run by hand when a case is added: /usr/bin/python3 goldens.py (Debian's python3-torch, 1.13). The product never needs it."""
import json
import pathlib
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def ramp(*shape):
    """The inputs of both sides: (i * 37 % 19 - 9) / 7, exact enough to agree in float64."""
    n = int(torch.tensor(shape).prod())
    return ((torch.arange(n) * 37 % 19 - 9).double() / 7).reshape(shape)


out = {}


def case(name, value):
    value = value.detach()
    out[name] = {"shape": list(value.shape), "values": value.double().flatten().tolist()}


x, y = ramp(3, 4), ramp(4, 3)
p = x.abs() + 0.5
for name in "abs exp expm1 square sin cos tanh erf sigmoid floor ceil round trunc sign relu".split():
    case(name, getattr(torch, name)(x))
for name in "log log2 log10 log1p sqrt rsqrt reciprocal".split():
    case(name, getattr(torch, name)(p))
case("silu", F.silu(x))
case("gelu", F.gelu(x))
case("log_sigmoid", F.logsigmoid(x))
case("add_alpha", torch.add(x, x[0], alpha=0.5))
case("rsub", 1 - x)
case("rdiv", 1 / p)
case("pow", p.pow(1.5))
case("remainder", torch.remainder(x, 0.7))
case("clamp", x.clamp(-0.5, 0.7))
case("where", torch.where(x > 0, x, -2 * x))
case("sum", x.sum(1))
case("mean", x.mean((0,)))
case("std", x.std())
case("var", x.var(1, unbiased=False))
case("logsumexp", x.logsumexp(1))
case("cumsum", x.cumsum(1))
case("norm", x.norm(p=3))
case("argmax", x.argmax(1))
case("topk", x.topk(2, 1).indices)
case("sort", x.sort(1, descending=True).values)
case("softmax", x.softmax(1))
case("log_softmax", x.log_softmax(0))
case("index", x[..., 1:3])
case("index_step", x[1, ::2])
case("index_tensor", x[torch.tensor([2, 0])])
case("index_last", x[:, -1])
case("gather", x.gather(1, torch.tensor([[0], [1], [3]])))
case("tril", x.tril(1))
case("roll", x.roll(1, 1))
case("repeat_interleave", x.repeat_interleave(2, 1))
case("matmul", ramp(2, 3, 4) @ y)
case("einsum", torch.einsum("ij,jk->ki", x, y))
case("linear", F.linear(x, ramp(5, 4), ramp(5)))
case("embedding", F.embedding(torch.tensor([[2, 0], [1, 1]]), x))
case("layer_norm", F.layer_norm(x, (4,), ramp(4), ramp(4)))
t = torch.tensor([1, -100, 3])
case("cross_entropy", F.cross_entropy(x, t))
case("cross_entropy_sum", F.cross_entropy(x, t, reduction="sum"))
case("cross_entropy_none", F.cross_entropy(x, t, reduction="none"))
case("cross_entropy_smooth", F.cross_entropy(x, t, label_smoothing=0.1))
case("mse_loss", F.mse_loss(x, 2 * x))
case("bce", F.binary_cross_entropy_with_logits(x, (x > 0).double()))
q, k = ramp(1, 2, 3, 4), ramp(1, 2, 3, 4).flip(-1)
mask = torch.ones(3, 3).tril().log()
case("attention", torch.softmax(q @ k.transpose(-2, -1) / 2 + mask, -1) @ ramp(1, 2, 3, 4))

# Random numbers: one seed, one stream, in this order.
torch.manual_seed(42)
case("randn", torch.randn(5, dtype=torch.float32))
case("rand", torch.rand(5, dtype=torch.float32))
case("randint", torch.randint(0, 100, (6,)))
case("randperm", torch.randperm(10))
case("multinomial", torch.multinomial(torch.tensor([0.1, 0.2, 0.3, 0.4]), 6, replacement=True))
case("bernoulli", torch.bernoulli(torch.full((8,), 0.3)))
case("dropout", F.dropout(torch.ones(8, dtype=torch.float32), 0.5))

# AdamW and clipping: five steps on two parameters.
for amsgrad in (False, True):
    params = [torch.nn.Parameter(ramp(3, 4)), torch.nn.Parameter(ramp(4))]
    adamw = torch.optim.AdamW(params, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, amsgrad=amsgrad)
    norms = []
    for step in range(5):
        adamw.zero_grad()
        (((params[0] @ params[1]).tanh() - step) ** 2).sum().backward()
        norms.append(torch.nn.utils.clip_grad_norm_(params, 1.0))
        adamw.step()
    suffix = "_amsgrad" if amsgrad else ""
    case("adamw_weight" + suffix, params[0])
    case("adamw_bias" + suffix, params[1])
    case("clip_norms" + suffix, torch.stack(norms))

pathlib.Path(__file__).with_name("goldens.json").write_text(
    "{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in out.items()) + "\n}\n")
