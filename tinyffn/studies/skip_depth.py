"""Does a language model learn without the skip, or without the norm, and does its depth matter?

    python -m tinyffn.studies.skip_depth

trains models of one to six blocks, whole, without the skip and without the norm, and models of six
blocks with half of their skips, at each rate of a grid, and keeps the results in
`results/skip_depth.json`. Text, sizes, batches and steps are those of norm_place.

Models of one depth and seed begin with the same values, whatever is left out.
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
from tinyffn.studies.command import start
from tinyffn.studies.rank_collapse import difference

SEEDS = (1, 2, 3)
DEPTHS = (1, 2, 3, 6)
RATES = (5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2)


class Forgetful(nn.TransformerBlock):
    """A pre-norm block in which somebody forgot the skip: x becomes sublayer(norm(x))."""

    def _add(self, x, norm, sublayer, *cache):
        return sublayer(norm(x), *cache)


class WithoutNorm(nn.TransformerBlock):
    """A block whose sublayers read the stream as it is: x becomes x + sublayer(x)."""

    def _add(self, x, norm, sublayer, *cache):
        return x + sublayer(x, *cache)


class SkipAtAttention(Forgetful):
    """A block in which only attention has its skip."""

    def _add(self, x, norm, sublayer, *cache):
        y = super()._add(x, norm, sublayer, *cache)
        return x + y if sublayer is self.attention else y


class SkipAtFeedForward(Forgetful):
    """A block in which only the feed-forward layer has its skip."""

    def _add(self, x, norm, sublayer, *cache):
        y = super()._add(x, norm, sublayer, *cache)
        return x + y if sublayer is self.feed_forward else y


BLOCKS = {"whole": nn.TransformerBlock, "no skip": Forgetful, "no norm": WithoutNorm}
HALVES = {"skip at attention": SkipAtAttention, "skip at FFN": SkipAtFeedForward}
ARMS = {f"{kind}, {n}": (kind, n) for kind in BLOCKS for n in DEPTHS}
ARMS |= {f"{kind}, {DEPTHS[-1]}": (kind, DEPTHS[-1]) for kind in HALVES}


def make_model(kind, n_blocks, seed):
    """A model before training.

    Errors     ValueError if kind is none of BLOCKS or HALVES, or n_blocks no whole number above 0
    """
    kinds = BLOCKS | HALVES
    if kind not in kinds:
        raise ValueError(f"skip_depth: there is no kind {kind!r}, only {', '.join(kinds)}")
    return norm_place.make_model(True, seed, n_blocks=n_blocks, block=kinds[kind])


def before_training(kind, *, n_blocks=DEPTHS[-1], seeds=SEEDS):
    """What a model makes of one batch before its first step, seed by seed.

    Returns    a dict: difference (n_seeds, n_blocks + 1): how far the tokens of a text differ,
               before any block and after each, the mean over the texts; size (n_seeds,
               n_blocks + 1): the root mean square of the stream at the same places; gradient
               (n_seeds, n_blocks): the length of the loss's gradient by each block's query weights
    Errors     as make_model
    """
    found = {"difference": [], "size": [], "gradient": []}
    for seed in seeds:
        model = make_model(kind, n_blocks, seed)
        ids, targets = next(norm_place.make_batches(seed))
        with no_grad():
            stream = [x.data for x in model.stream(ids)[0::2]]
        model.loss(ids, targets).backward()
        weights = [block.attention.query.w for block in model.blocks]
        found["difference"].append([np.mean(difference(x)) for x in stream])
        found["size"].append([np.sqrt(np.mean(x**2)) for x in stream])
        lengths = [clip_global_norm([w], math.inf) for w in weights]  # clips nothing
        found["gradient"].append(lengths)
    return {name: np.array(rows) for name, rows in found.items()}


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
    start("skip_depth", main, __doc__)
