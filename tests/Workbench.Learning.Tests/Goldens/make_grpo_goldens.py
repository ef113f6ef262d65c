"""Advantages, losses and gradients of GRPO in PyTorch, as TRL's GRPOTrainer defines them for num_iterations 1 and 2.

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


def flat(x):
    return [v for row, n in zip(x.tolist(), lengths) for v in row[:n]]


def two_steps(rate=3.0, low=0.8, high=1.28):
    """Two steps of gradient descent on the same answers; the policy is a table of logits by token, so that its ratios leave the range."""
    table = torch.randn(sum(lengths), 5)
    tokens = torch.randint(0, 5, (sum(lengths),))
    advantages = torch.cat([scaled[i].repeat(n) for i, n in enumerate(lengths)])
    result = {"rate": rate, "low": low, "high": high, "table": table.tolist(), "tokens": tokens.tolist(), "steps": []}
    old = None
    for _ in range(2):
        table = table.detach().requires_grad_()
        now = torch.log_softmax(table, -1).gather(1, tokens.unsqueeze(1)).squeeze(1)
        old = now.detach() if old is None else old
        ratio = torch.exp(now - old)
        loss = -torch.min(ratio * advantages, torch.clamp(ratio, low, high) * advantages).mean()
        gradient = torch.autograd.grad(loss, table)[0]
        result["steps"].append({
            "loss": loss.item(), "gradient": gradient.flatten().tolist(),
            "clipped_low": int(((ratio < low) & (advantages < 0)).sum()), "clipped_high": int(((ratio > high) & (advantages > 0)).sum()),
        })
        table = table - rate * sum(lengths) * 0.1 * gradient
    return result


out = {
    "groups": groups.tolist(), "lengths": lengths, "longest": longest, "beta": beta,
    "centred": centred.flatten().tolist(), "scaled": scaled.tolist(),
    "logps": flat(logps), "reference": flat(reference), "kl": flat(kl),
    "losses": {name: {"loss": loss.item(), "gradient": flat(torch.autograd.grad(loss, logps, retain_graph=True)[0])} for name, loss in losses.items()},
    "two_steps": two_steps(),
}
print(json.dumps(out))
