"""Advantages, losses and gradients of GRPO in PyTorch, as TRL's GRPOTrainer defines them for num_iterations = 1.

    python3 make_grpo_goldens.py > grpo.json
"""
import json
import torch

torch.manual_seed(3)
groups = torch.tensor([[1.0, 0.0, 0.0, 1.0], [0.2, 0.9, 0.4, 0.4], [1.0, 1.0, 1.0, 1.0]])
lengths, longest, beta = [3, 1, 4, 2, 2, 5, 1, 3, 2, 2, 1, 4], 6, 0.04
centred = groups - groups.mean(1, keepdim=True)
scaled = (centred / (groups.std(1, keepdim=True) + 1e-4)).flatten()
mask = torch.tensor([[float(t < n) for t in range(longest)] for n in lengths])
logps = (-torch.rand(len(lengths), longest) * 3).requires_grad_()
reference = -torch.rand(len(lengths), longest) * 3

ratio = torch.exp(logps - logps.detach())
clipped = torch.clamp(ratio, 0.8, 1.2)
kl = torch.exp(reference - logps) - (reference - logps) - 1
token = -torch.min(ratio * scaled.unsqueeze(1), clipped * scaled.unsqueeze(1)) + beta * kl
losses = {
    "grpo": ((token * mask).sum(-1) / mask.sum(-1)).mean(),
    "dapo": (token * mask).sum() / mask.sum(),
    "dr_grpo": (token * mask).sum() / (token.size(0) * longest),
}
flat = lambda x: [v for row, n in zip(x.tolist(), lengths) for v in row[:n]]
out = {
    "groups": groups.tolist(), "lengths": lengths, "longest": longest, "beta": beta,
    "centred": centred.flatten().tolist(), "scaled": scaled.tolist(),
    "logps": flat(logps), "reference": flat(reference), "kl": flat(kl),
    "losses": {name: {"loss": loss.item(), "gradient": flat(torch.autograd.grad(loss, logps, retain_graph=True)[0])} for name, loss in losses.items()},
}
print(json.dumps(out))
