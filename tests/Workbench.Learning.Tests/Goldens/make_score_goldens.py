#!/usr/bin/env python3
"""Reference values for what models say of rows: perplexity, instruction-following difficulty, mean hidden states, rewards.

  python3 make_score_goldens.py > scores.json      (PyTorch 1.13 made the committed file)

The model is tied_grouped of make_goldens.py with a token a character (TinyTokenizer); rows are written by hand as its template
writes them. The reward model's score weights are drawn from SplitMix64 (seed 2), an entry (u - 1/2) / 2."""
import json
import math

import torch

from make_goldens import CONFIGS, SplitMix64, hidden_states, logits, weights

C = CONFIGS["tied_grouped"]
W = weights(C)
CHARACTERS = "abcdefghijklmnopqrstuvwxyzSUA: \n.!?"
BOS, EOS = 1, 2


def ids(text):
    return [3 + CHARACTERS.index(c) for c in text]


def conversation(*turns):
    """Ids, and for each turn of the assistant the positions of its tokens with the end of turn."""
    tokens, answers = [BOS], []
    for role, text in turns:
        if role == "user":
            tokens += ids("U: " + text + "\n")
        else:
            tokens += ids("A: ")
            answers.append(range(len(tokens), len(tokens) + len(text) + 1))
            tokens += ids(text) + [EOS] + ids("\n")
    return tokens, answers


def nll(tokens, positions):
    logp = logits(C, W, tokens).log_softmax(-1)
    return -sum(logp[t - 1, tokens[t]].item() for t in positions) / len(positions)


def entry(tokens, answers):
    """answers: positions of each answer; the last one is what the difficulty is of."""
    last = list(answers[-1])
    alone = [tokens[t] for t in last]
    begins = tokens[0] == BOS
    alone = [BOS] + alone if begins else alone
    behind = nll(tokens, last if begins else last[1:])
    mean = hidden_states(C, W, tokens).mean(0)
    return {
        "perplexity": math.exp(nll(tokens, [t for answer in answers for t in answer])),
        "ifd": math.exp(behind - nll(alone, range(1, len(alone)))),
        "place": (mean / mean.norm()).tolist(),
    }


def plain(prompt, completion):
    """Prompt and completion as texts: the answer ends with the end of sequence."""
    tokens = ids(prompt) + ids(completion) + [EOS]
    return entry(tokens, [range(len(prompt), len(tokens))])


def text(content):
    tokens = ids(content) + [EOS]
    return {"perplexity": math.exp(nll(tokens, range(1, len(tokens))))}


def reward(*turns):
    tokens, _ = conversation(*turns)
    random = SplitMix64(2)
    score = torch.tensor([(random.uniform() - 0.5) / 2 for _ in range(C["hidden_size"])])
    return (hidden_states(C, W, tokens)[-1] @ score).item()


ONE = [("user", "who are you?"), ("assistant", "a model.")]
TWO = ONE + [("user", "add one."), ("assistant", "i can not!")]
with torch.no_grad():
    print(json.dumps({
        "one": entry(*conversation(*ONE)),
        "two": entry(*conversation(*TWO)),
        "plain": plain("U: hi\nA:", " good day."),
        "text": text("the sun is up."),
        "reward": [reward(*ONE), reward(*TWO)],
    }))
