#!/usr/bin/env python3
"""Reference values for losses, optimizers and methods, computed by PyTorch's autograd from TRL's and transformers' definitions.

  python3 make_method_goldens.py > methods.json      (PyTorch 1.13 made the committed file)

Models and rows are those of make_goldens.py (tied_grouped). Pairs are rows 0 and 1, 2 and 3, ...: chosen, rejected."""
import json
import math

import torch
import torch.nn.functional as F

from make_goldens import CONFIGS, logits, make_rows, weights

C = CONFIGS["tied_grouped"]
ROWS = make_rows(C, 16)


def rate_of(step, steps, lr):
    return lr * (steps - step) / steps


def token_logps(w, row):
    """Log-probabilities of every target, and of the whole vocabulary: (T-1), (T-1, V)."""
    scores = logits(C, w, row["input_ids"])[:-1]
    logp = scores.log_softmax(-1)
    return logp.gather(1, torch.tensor(row["input_ids"][1:])[:, None])[:, 0], logp, scores


def mask_of(row):
    return torch.tensor([y != -100 for y in row["labels"][1:]])


def descend(loss_of, optimizer_of, steps=8, lr=5e-3, window=4, count=16, clip=1.0):
    w = weights(C)
    step_optimizer, result = optimizer_of(w), []
    for step in range(steps):
        for p in w.values():
            p.grad = None
        rows = [(step * window + i) % count for i in range(window)]
        loss, metrics = loss_of(w, rows)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(w.values(), clip).item()
        step_optimizer(rate_of(step, steps, lr))
        result.append({"loss": loss.item(), "grad_norm": norm, **metrics})
    return result


def adamw(w):
    optimizer = torch.optim.AdamW(w.values(), lr=1, weight_decay=0.0)

    def step(rate):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()

    return step


def adafactor(w):
    """Shazeer and Stern, algorithm 4 with 5 and 6; the settings of transformers' Trainer: no relative step, no parameter scale."""
    state, count = {}, [0]

    @torch.no_grad()
    def step(rate):
        count[0] += 1
        beta = 1 - count[0] ** -0.8
        for name, p in w.items():
            g2 = p.grad ** 2 + 1e-30
            if p.dim() == 2:
                r, c = state.get(name, (torch.zeros(p.shape[0]), torch.zeros(p.shape[1])))
                r, c = beta * r + (1 - beta) * g2.mean(1), beta * c + (1 - beta) * g2.mean(0)
                state[name] = (r, c)
                v = torch.outer(r, c) / r.mean()
            else:
                v = beta * state.get(name, torch.zeros_like(p)) + (1 - beta) * g2
                state[name] = v
            u = p.grad / v.sqrt()
            u = u / max(1.0, u.pow(2).mean().sqrt().item())
            p -= rate * u

    return step


def smoothed(w, rows, epsilon=0.0, token_weights=False):
    total, divisor = 0.0, 0.0
    for i in rows:
        chosen, everything, _ = token_logps(w, ROWS[i])
        mask = mask_of(ROWS[i])
        each = -(1 - epsilon) * chosen - epsilon * everything.mean(1)
        weight = torch.tensor([1 + (t + 1) % 3 / 2 for t in range(len(mask))]) if token_weights else torch.ones(len(mask))
        total = total + (each * weight)[mask].sum()
        divisor += weight[mask].sum().item()
    return total / divisor, {}


def score(w, index):
    row = ROWS[index]
    picked, _, scores = token_logps(w, row)
    mask = mask_of(row)
    return {"sum": picked[mask].sum(), "mean": picked[mask].mean(), "labels": int(mask.sum()), "all": picked.sum(), "tokens": len(mask),
            "logits": scores[mask].mean(1).sum().item()}


REFERENCE = weights(C)
SIG = F.logsigmoid


def preference(loss_type, method="dpo", beta=0.1, smoothing=0.0, alpha=1.0, gamma=0.5):
    average = loss_type in ("ipo", "simpo") or method == "orpo"

    def loss_of(w, pairs):
        c, r = [score(w, 2 * i) for i in pairs], [score(w, 2 * i + 1) for i in pairs]
        key = "mean" if average else "sum"
        pc, pr = torch.stack([s[key] for s in c]), torch.stack([s[key] for s in r])
        with torch.no_grad():
            zero = method != "dpo"
            rc = torch.stack([score(REFERENCE, 2 * i)[key] * (not zero) for i in pairs])
            rr = torch.stack([score(REFERENCE, 2 * i + 1)[key] * (not zero) for i in pairs])
        h = (pc - pr) - (rc - rr)
        metrics = {}
        if method == "orpo":
            odds = (pc - pr) - (torch.log1p(-pc.exp()) - torch.log1p(-pr.exp()))
            nll = -sum(s["all"] for s in c) / sum(s["tokens"] for s in c)
            losses = nll - beta * SIG(odds)
            metrics = {"nll_loss": nll.item(), "log_odds_ratio": SIG(odds).mean().item(), "log_odds_chosen": odds.mean().item()}
        else:
            if loss_type == "simpo":
                h = h - gamma / beta
            losses = {
                "sigmoid": lambda: -SIG(beta * h) * (1 - smoothing) - SIG(-beta * h) * smoothing,
                "simpo": lambda: -SIG(beta * h) * (1 - smoothing) - SIG(-beta * h) * smoothing,
                "robust": lambda: (-SIG(beta * h) * (1 - smoothing) + SIG(-beta * h) * smoothing) / (1 - 2 * smoothing),
                "hinge": lambda: torch.relu(1 - beta * h),
                "ipo": lambda: (h - 1 / (2 * beta)) ** 2,
                "apo_zero": lambda: 1 - (beta * (pc - rc)).sigmoid() + (beta * (pr - rr)).sigmoid(),
                "sppo_hard": lambda: (pc - rc - 0.5 / beta) ** 2 + (pr - rr + 0.5 / beta) ** 2,
            }[loss_type]()
            if method == "cpo":
                nll = -sum(s["sum"] for s in c) / sum(s["labels"] for s in c)
                losses = losses + alpha * nll
                metrics = {"nll_loss": nll.item()}
        xc, xr = beta * (pc - rc).detach(), beta * (pr - rr).detach()
        metrics.update({
            "rewards/chosen": xc.mean().item(), "rewards/rejected": xr.mean().item(), "rewards/margins": (xc - xr).mean().item(),
            "rewards/accuracies": (xc > xr).float().mean().item(), "logps/chosen": pc.mean().item(), "logps/rejected": pr.mean().item(),
            "logits/chosen": sum(s["logits"] for s in c) / sum(s["labels"] for s in c),
            "logits/rejected": sum(s["logits"] for s in r) / sum(s["labels"] for s in r)})
        return losses.mean(), metrics

    return descend(loss_of, adamw, steps=6, window=4, count=8)


def kto(beta=0.1, desirable=1.0, undesirable=1.5):
    """Row i is desirable where i is even. The KL term scores row i's prompt with the completion of the row before it in the batch."""
    def split(i):
        labels = ROWS[i]["labels"]
        start = next(t for t, y in enumerate(labels) if y != -100)
        return ROWS[i]["input_ids"][:start], ROWS[i]["input_ids"][start:]

    def mismatched(w, rows):
        total = []
        for position, i in enumerate(rows):
            prompt, completion = split(i)[0], split(rows[position - 1])[1]
            picked = token_logps(w, {"input_ids": prompt + completion})[0]
            total.append(picked[max(0, len(prompt) - 1):].sum())
        return torch.stack(total)

    def loss_of(w, rows):
        with torch.no_grad():
            kl = (mismatched(w, rows) - mismatched(REFERENCE, rows)).mean().clamp(min=0)
        ratio = torch.stack([score(w, i)["sum"] - score(REFERENCE, i)["sum"].detach() for i in rows])
        good = torch.tensor([i % 2 == 0 for i in rows])
        losses = torch.where(good, desirable * (1 - torch.sigmoid(beta * (ratio - kl))), undesirable * (1 - torch.sigmoid(beta * (kl - ratio))))
        rewards = beta * ratio.detach()
        return losses.mean(), {"kl": kl.item(), "rewards/chosen": rewards[good].mean().item(), "rewards/rejected": rewards[~good].mean().item()}

    return descend(loss_of, adamw, steps=6, window=4)


def main():
    print(json.dumps({
        "smoothed": descend(lambda w, rows: smoothed(w, rows, 0.1), adamw),
        "weighted": descend(lambda w, rows: smoothed(w, rows, 0.0, True), adamw),
        "adafactor": descend(smoothed, adafactor),
        "dpo": {
            "sigmoid": preference("sigmoid"), "smoothed": preference("sigmoid", smoothing=0.1), "hinge": preference("hinge"),
            "ipo": preference("ipo"), "robust": preference("robust", smoothing=0.1), "apo_zero": preference("apo_zero"),
            "sppo_hard": preference("sppo_hard")},
        "cpo": {"sigmoid": preference("sigmoid", "cpo"), "simpo": preference("simpo", "cpo", beta=2.0, alpha=0.5),
                "hinge": preference("hinge", "cpo"), "ipo": preference("ipo", "cpo")},
        "orpo": preference("sigmoid", "orpo"),
        "kto": kto(),
    }, indent=1))


if __name__ == "__main__":
    main()
