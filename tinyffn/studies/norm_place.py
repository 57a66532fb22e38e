"""Where does the norm stand, before a sublayer or after the sum, and who needs a warm-up?

    python -m tinyffn.studies.norm_place

trains a language model of blocks with the norm in either place, with and without warm-up, at each
rate of a grid, and keeps the results in `results/norm_place.json`.

All weights begin by the same rule, that of nn.init.xavier. Arms of a seed share their first values
and the batches; what differs is the place of the norm and the schedule.
"""

import functools
import math

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import Characters, documentation, fingerprint, random_windows, split
from tinyffn.memory import keep_freed_memory
from tinyffn.models import LanguageModel
from tinyffn.optim import Adam, clip_global_norm
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.held_out import held_out_bits
from tinyffn.train import History, fit

SEEDS = (1, 2, 3)
SIZES = {"context": 16, "d_model": 32, "n_heads": 4, "d_ff": 128, "n_blocks": 6}
STEPS, WARMUP, BATCH_SIZE = 300, 100, 16
RATES = (5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2)
CHECKED = 4000  # characters of held-out text, twice: to choose rates by, and to report

# The arms: whether the norm comes first, and over how many steps the rate rises to its height.
ARMS = {
    "pre-norm": (True, 1),
    "pre-norm, warm-up": (True, WARMUP),
    "post-norm": (False, 1),
    "post-norm, warm-up": (False, WARMUP),
}


@functools.cache
def material():
    """How many characters there are; ids to train on, to choose rates by, and to report."""
    characters = Characters(documentation())
    train, test = split(characters.encode(documentation()))
    return len(characters), train, test[:CHECKED], test[CHECKED : 2 * CHECKED]


def frequency_bits(*, training=False):
    """Bits per character of the reported text if one knows how frequent each character is, no more.

    A model that ends there has learnt nothing about the order of characters.

    Arguments  training: of the training text instead, which is the one to hold a training loss to
    """
    n, train, _, report = material()
    counts = np.bincount(train, minlength=n) + 1
    return float(-np.mean(np.log2(counts / counts.sum())[train if training else report]))


def make_model(norm_first, seed, *, n_blocks=SIZES["n_blocks"], block=nn.TransformerBlock):
    """A language model before training, its norms first or last; both begin with one set of values.

    Arguments  block: the class of its blocks, made as nn.TransformerBlock is
    Errors     ValueError if n_blocks is no whole number above 0
    """
    must_be_positive("make_model", n_blocks=n_blocks)
    rng = np.random.default_rng(seed)
    d = SIZES["d_model"]

    def new_block():
        attention = nn.MultiHeadAttention(d, SIZES["n_heads"], rng=rng)
        feed_forward = nn.FeedForward(d, SIZES["d_ff"], rng=rng)
        return block(d, attention, feed_forward, rng=rng, norm_first=norm_first)

    blocks = [new_block() for _ in range(n_blocks)]
    return LanguageModel(material()[0], SIZES["context"], d, blocks, rng=rng)


def make_batches(seed):
    """Endless batches (ids, targets) of the training text."""
    rng = np.random.default_rng([seed, 1])
    length = SIZES["context"]
    return random_windows(material()[1], batch_size=BATCH_SIZE, length=length, rng=rng)


def first_gradients(norm_first, *, n_blocks=SIZES["n_blocks"], seeds=SEEDS):
    """The length of the gradient of each block's `feed_forward.down.w`, before the first step.

    Returns    (n_seeds, n_blocks), from the first block to the last
    Errors     as make_model
    """
    return np.array([_first_gradients(norm_first, n_blocks, seed) for seed in seeds])


def first_moves(norm_first, rate, *, n_blocks=SIZES["n_blocks"], seeds=SEEDS):
    """How far the logits of a batch move in the first step of Adam: their size is 1.

    Each parameter moves by the rate, up or down, whatever the length of its gradient.

    Returns    (n_seeds): root mean square of the change, over the standard deviation of the logits
    Errors     as make_model; ValueError if rate is not above 0
    """
    return np.array([_first_move(norm_first, rate, n_blocks, seed) for seed in seeds])


def run(arm, seed, rate, *, stop=STEPS, progress=False):
    """Train one arm with Adam: the rate rises to `rate`, then stays.

    Arguments  stop: after this many steps, at most STEPS
    Returns    a dict: arm, seed, rate, and what `train` returns
    Errors     ValueError if there is no such arm; else as train
    """
    if arm not in ARMS:
        raise ValueError(f"norm_place: there is no arm {arm!r}, only {', '.join(ARMS)}")
    norm_first, warmup = ARMS[arm]
    model = make_model(norm_first, seed)
    trained = train(model, seed, rate, warmup=warmup, stop=stop, progress=progress)
    return {"arm": arm, "seed": seed, "rate": rate, **trained}


def train(model, seed, rate, *, warmup=1, stop=STEPS, progress=False):
    """Train a model with Adam on the batches of a seed.

    Arguments  warmup: over how many steps the rate rises; stop: after this many, at most STEPS
    Returns    a dict: value: bits per character on held-out text at the end;
               choose: the same on other held-out text, by which rates are chosen; losses: bits of
               the training batches, the mean over each tenth of STEPS. None where a number was not
               finite
    Errors     ValueError if rate is not above 0, or stop no whole number from 1 to STEPS
    """
    must_be_above("train", 0, rate=rate)
    must_be_positive("train", stop=stop, warmup=warmup)
    if stop > STEPS:
        raise ValueError(f"train: stop is {stop}, but the runs have {STEPS} steps")
    history = History()
    _, _, ids_to_choose_by, ids_to_report = material()
    value = choose = None
    try:
        fit(
            model,
            model.loss,
            make_batches(seed),
            Adam(model.parameters(), rate),
            steps=stop,
            schedule=lambda step: rate * min(1.0, (step + 1) / warmup),
            history=history,
            progress=progress,
        )
        value = round(held_out_bits(model, ids_to_report), 4)
        choose = round(held_out_bits(model, ids_to_choose_by), 4)
    except FloatingPointError:
        pass  # the numbers exploded: there is no value
    each = STEPS // 10
    losses = [np.mean(history.loss[i : i + each]) for i in range(0, len(history.loss), each)]
    losses = [round(float(nats) / math.log(2), 3) for nats in losses]
    return {"value": value, "choose": choose, "losses": losses}


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    plan = [(arm, seed, rate) for arm in ARMS for rate in RATES for seed in SEEDS]
    runs = [run(*each) for each in tqdm(plan, unit="run")]
    settings = {
        "sizes": SIZES,
        "steps": STEPS,
        "warmup": WARMUP,
        "batch_size": BATCH_SIZE,
        "rates": RATES,
        "text": fingerprint(documentation()),
        "value": "bits per character on held-out text at the end",
    }
    print(results.keep("norm_place", runs, settings=settings))


def _first_gradients(norm_first, n_blocks, seed):
    model = make_model(norm_first, seed, n_blocks=n_blocks)
    model.loss(*next(make_batches(seed))).backward()
    weights = [block.feed_forward.down.w for block in model.blocks]
    return [clip_global_norm([w], math.inf) for w in weights]  # clips nothing


def _first_move(norm_first, rate, n_blocks, seed):
    model = make_model(norm_first, seed, n_blocks=n_blocks)
    ids, targets = next(make_batches(seed))
    before = model(ids).data
    model.loss(ids, targets).backward()
    Adam(model.parameters(), rate).step()
    return np.sqrt(np.mean((model(ids).data - before) ** 2)) / before.std()


if __name__ == "__main__":
    start("norm_place", main, __doc__)
