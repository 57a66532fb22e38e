"""Does a language model learn without the skip, and does its depth matter?

    python -m tinyffn.studies.skip_depth

trains models of one to six blocks with and without the skip, at each rate of a grid, and keeps the
results in `results/skip_depth.json`. Text, sizes, batches and steps are those of norm_place.

Models of one depth and seed begin with the same values, with the skip and without.
"""

import math

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.data import documentation, fingerprint
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.optim import clip_global_norm
from tinyffn.studies import norm_place, results
from tinyffn.studies.rank_collapse import difference

SEEDS = (1, 2, 3)
DEPTHS = (1, 2, 3, 6)
RATES = (5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2)


class Forgetful(nn.TransformerBlock):
    """A pre-norm block in which somebody forgot the skip: x becomes sublayer(norm(x))."""

    def _add(self, x, norm, sublayer, *cache):
        return sublayer(norm(x), *cache)


BLOCKS = {"skip": nn.TransformerBlock, "no skip": Forgetful}
ARMS = {f"{kind}, {n}": (kind, n) for kind in BLOCKS for n in DEPTHS}


def make_model(kind, n_blocks, seed):
    """A model before training.

    Errors     ValueError if kind is none of BLOCKS, or n_blocks no whole number above 0
    """
    if kind not in BLOCKS:
        raise ValueError(f"skip_depth: there is no kind {kind!r}, only {', '.join(BLOCKS)}")
    return norm_place.make_model(True, seed, n_blocks=n_blocks, block=BLOCKS[kind])


def before_training(kind, *, n_blocks=6, seeds=SEEDS):
    """How far the tokens of a text differ, and what comes back to the query weights.

    Returns    two arrays: the difference of the tokens before any block and after each, the mean
               over the texts of one batch, (n_seeds, n_blocks + 1); the length of the gradient of
               each block's query weights for the loss of this batch, (n_seeds, n_blocks)
    Errors     as make_model
    """
    apart, gradients = [], []
    for seed in seeds:
        model = make_model(kind, n_blocks, seed)
        ids, targets = next(norm_place.make_batches(seed))
        with no_grad():
            apart.append([np.mean(difference(x.data)) for x in model.stream(ids)[0::2]])
        model.loss(ids, targets).backward()
        weights = [block.attention.query.w for block in model.blocks]
        gradients.append([clip_global_norm([w], math.inf) for w in weights])  # clips nothing
    return np.array(apart), np.array(gradients)


def run(arm, seed, rate, *, stop=norm_place.STEPS, progress=False):
    """Train one arm: ARMS says its kind and its number of blocks.

    Returns    a dict: arm, seed, rate, and what norm_place.train returns
    Errors     ValueError if there is no such arm; else as norm_place.train
    """
    if arm not in ARMS:
        raise ValueError(f"skip_depth: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    model = make_model(*ARMS[arm], seed)
    trained = norm_place.train(model, seed, rate, stop=stop, progress=progress)
    return {"arm": arm, "seed": seed, "rate": rate, **trained}


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    plan = [(arm, seed, rate) for arm in ARMS for rate in RATES for seed in SEEDS]
    runs = [run(*each) for each in tqdm(plan, unit="run")]
    settings = {
        "sizes": norm_place.SIZES | {"n_blocks": DEPTHS},
        "steps": norm_place.STEPS,
        "batch_size": norm_place.BATCH_SIZE,
        "rates": RATES,
        "text": fingerprint(documentation()),
        "value": "bits per character on held-out text at the end",
    }
    print(results.keep("skip_depth", runs, settings=settings))


if __name__ == "__main__":
    main()
