"""Can attention multiply two numbers of one token? It depends on what else there is to look at.

A token holds two numbers, a and b, from -1 to 1; a network is to give their product. All networks
have a map of 2 numbers to 8, a middle, and a map of 8 to 1; only the middle differs.
`python -m tinyffn.studies.product` trains them all, in about two minutes.
"""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.graph import no_grad
from tinyffn.nn import Module
from tinyffn.optim import AdamW, warmup_cosine
from tinyffn.studies.command import start
from tinyffn.studies.results import keep
from tinyffn.tensor import Tensor
from tinyffn.train import fit


class Arm(NamedTuple):
    """What stands in the middle, and how many tokens it reads, the first with what is scored."""

    tokens: int = 1
    heads: int = 0  # of attention; 0 for an FFN
    d_ff: int = 0
    activation: object = ops.relu


ARMS = {
    "attention, one token": Arm(heads=2),
    "attention, 1 random other": Arm(tokens=2, heads=2),
    "attention, 7 random others": Arm(tokens=8, heads=2),
    "one head, a fixed token": Arm(tokens=2, heads=1),
    "attention, a fixed token": Arm(tokens=2, heads=2),
    # With keys and values that do not depend on the token, a head over two of them is a sigmoid.
    "two sigmoids, one token": Arm(d_ff=2, activation=ops.sigmoid),
    "FFN, one token": Arm(d_ff=16),
}
D_MODEL = 8  # 288 weights and biases in attention, with one head or two, 280 in the FFN
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SEEDS = (1, 2, 3)
STEPS = 500
BATCH_SIZE = 64


class Product(Module):
    """A linear map up, attention or a feed-forward layer, a linear map down.

    tokens (B, T, 2) -> y (B, T, 1)
    """

    def __init__(self, arm, *, rng):
        self.up = nn.Linear(2, D_MODEL, rng=rng)
        _, heads, d_ff, activation = ARMS[arm]
        if heads:
            self.middle = nn.MultiHeadAttention(D_MODEL, heads, rng=rng, causal=False)
        else:
            self.middle = nn.FeedForward(D_MODEL, d_ff, rng=rng, activation=activation)
        self.down = nn.Linear(D_MODEL, 1, rng=rng)

    def __call__(self, tokens):
        return self.down(self.middle(self.up(Tensor(tokens))))

    def loss(self, tokens, products):
        """The mean squared error of the first token's product (B)."""
        return ops.mse(self(tokens)[:, 0, 0], products)


def batches(arm, *, batch_size, rng):
    """Endless batches: tokens (B, T, 2), and the product of the first one's numbers (B).

    All arms draw the same first tokens from one seed. The fixed token is (0, 0).
    """
    while True:
        most = max(one.tokens for one in ARMS.values())
        tokens = rng.uniform(-1, 1, (batch_size, most, 2)).astype(np.float32)
        tokens = tokens[:, : ARMS[arm].tokens]
        if arm.endswith("a fixed token"):
            tokens[:, 1] = 0
        yield tokens, tokens[:, 0, 0] * tokens[:, 0, 1]


def missing(model, arm, *, seed):
    """Which share of the product's variance is missing in what the model says: 0 if it is right."""
    tokens, products = next(batches(arm, batch_size=4000, rng=np.random.default_rng(seed)))
    with no_grad():
        return model.loss(tokens, products).item() / float(np.var(products))


def train_arm(arm, *, rate, seed, steps=STEPS):
    """One run: (model, a dict for `results.keep`)."""
    model = Product(arm, rng=np.random.default_rng(seed))
    fit(
        model,
        model.loss,
        batches(arm, batch_size=BATCH_SIZE, rng=np.random.default_rng([seed, 1])),
        AdamW(model.parameters(), rate, weight_decay=0.0),
        steps=steps,
        schedule=warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps, final=rate / 20),
        progress=False,
    )
    return model, {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": round(missing(model, arm, seed=100), 5),
        "to_choose_by": round(missing(model, arm, seed=101), 5),
        "n_parameters": model.n_parameters(),
    }


def main():
    """Make all runs and keep them."""
    plan = [(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS]
    runs = [
        train_arm(arm, rate=rate, seed=seed)[1] for arm, rate, seed in tqdm(plan, unit="run")
    ]
    settings = {"steps": STEPS, "batch_size": BATCH_SIZE, "scored_on": 4000}
    print(keep("product", runs, settings=settings))


if __name__ == "__main__":
    start("product", main, __doc__)
