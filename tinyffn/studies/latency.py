"""How long does a block take, with attention and without? Whole texts, and one more token.

Five blocks of width D_MODEL, forward only, on one text and one thread:

    attention               a transformer block that makes all T x T scores
    attention, block-wise   the same block, its scores made block by block: see blockwise.py
    gMLP                    a perception block of as many parameters, not counting its map of places
    gMLP, block-wise        the same block, its future left out too
    gMLP, 3/4               a perception block of a quarter fewer parameters, d_ff = 6 d_model

All are timed in turn, one call each, over and over: what else the machine does meets all alike.
The clock counts what this program computes, not what it waits; as it adds up all threads, run it
with one, by OPENBLAS_NUM_THREADS=1. A median is taken in each run; each run draws new weights and a
new text. Milliseconds say something of one machine, and ratios within a run a little more; neither
says anything of compiled kernels on other hardware.
"""

import os
import time
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from tinyffn import nn
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import results
from tinyffn.studies.blockwise import BlockwiseAttention, BlockwiseMixing, computed_positions
from tinyffn.studies.clock import in_turn
from tinyffn.studies.command import start
from tinyffn.tensor import Tensor

D_MODEL, N_HEADS = 256, 4
LENGTHS = (64, 256, 512, 1024, 2048)
SEEDS = tuple(range(1, 8))
CALLS = 7  # of each block, in each run
D_FF = {"gMLP": 8 * D_MODEL, "gMLP, block-wise": 8 * D_MODEL, "gMLP, 3/4": 6 * D_MODEL}
ARMS = ("attention", "attention, block-wise", *D_FF)
DECODING = ("attention", "gMLP", "gMLP, 3/4")  # one token has no blocks


def make_block(arm, length, rng, *, d_model=D_MODEL) -> Any:
    """The block of an arm, in evaluation, for texts of `length`."""
    if arm in D_FF:
        d_ff = D_FF[arm] * d_model // D_MODEL
        block: Any = nn.PerceptionBlock(d_model, d_ff, length, rng=rng)
        if arm == "gMLP, block-wise":
            block.mixing.mixing = BlockwiseMixing(d_ff // 2, length, rng=rng, size=0.1, bias=1.0)
        return block.eval()
    layer = BlockwiseAttention if arm == "attention, block-wise" else nn.MultiHeadAttention
    attention = layer(d_model, N_HEADS, rng=rng)
    feed_forward = nn.FeedForward(d_model, 4 * d_model, rng=rng)
    return nn.TransformerBlock(d_model, attention, feed_forward, rng=rng).eval()


def flops_per_token(arm, length, *, d_model=D_MODEL):
    """FLOPs of the matrix products that an arm makes, for each token of a text.

        attention   24 d² + 4 n d        gMLP   3 d_ff d + d_ff n, so 18 d² + 6 n d if d_ff = 6 d

    n is the positions that a token's row is made for: all of the text or, block by block, those up
    to the end of the block that it is in, on average.
    """
    n = computed_positions(length) if "block-wise" in arm else length
    if arm in D_FF:
        d_ff = D_FF[arm] * d_model // D_MODEL
        return 3 * d_ff * d_model + d_ff * n
    return 24 * d_model**2 + 4 * n * d_model


def forward_ms(length, seed, *, calls=CALLS, d_model=D_MODEL):
    """Milliseconds of a forward pass over a text of `length` tokens: {arm: median}."""
    rng = np.random.default_rng(seed)
    blocks = {arm: make_block(arm, length, rng, d_model=d_model) for arm in ARMS}
    x = Tensor(rng.standard_normal((1, length, d_model)).astype(np.float32))
    return _medians({arm: lambda block=block: block(x) for arm, block in blocks.items()}, calls)


def decoding_ms(length, seed, *, calls=CALLS, d_model=D_MODEL):
    """Milliseconds of one more token, the last of `length`, with a cache: {arm: median}."""
    rng = np.random.default_rng(seed)
    token = Tensor(rng.standard_normal((1, 1, d_model)).astype(np.float32))
    programs = {}
    for arm in DECODING:
        block = make_block(arm, length, rng, d_model=d_model)
        cache = block.new_cache(1, length)
        if length > 1:
            past = rng.standard_normal((1, length - 1, d_model)).astype(np.float32)
            with no_grad():
                block(Tensor(past), cache)

        kept = cache if arm == "attention" else cache.mixing

        def one_more(block=block, cache=cache, kept=kept):
            kept.n_positions = length - 1  # forget the token of the last call
            block(token, cache)

        programs[arm] = one_more
    return _medians(programs, calls)


def run(seed):
    """All arms on all lengths, for one draw of weights and texts: a list of runs."""
    forward = {length: forward_ms(length, seed) for length in LENGTHS}
    decoding = {length: decoding_ms(length, seed) for length in LENGTHS}
    runs = []
    for arm in ARMS:
        of_arm = {"arm": arm, "seed": seed, "rate": None}
        of_arm["forward_ms"] = [_rounded(forward[length][arm]) for length in LENGTHS]
        of_arm["value"] = of_arm["forward_ms"][-1]
        if arm in DECODING:
            of_arm["decoding_ms"] = [_rounded(decoding[length][arm]) for length in LENGTHS]
        runs.append(of_arm)
    return runs


def times_as_long(runs, arm, baseline, key="forward_ms"):
    """An arm's time over another's, run by run: a list over lengths of a list over seeds.

    Above 1 the arm is slower. "30 % faster" can mean a ratio of 0.70 or of 1 / 1.30 = 0.77.
    """
    times = {name: {} for name in (arm, baseline)}
    for each in runs:
        if each["arm"] in times:
            times[each["arm"]][each["seed"]] = each[key]
    ratios = np.array([np.divide(times[arm][s], times[baseline][s]) for s in times[baseline]])
    return ratios.T.tolist()


def parameters(arm, length, *, d_model=D_MODEL):
    """The parameters of an arm's block, as (all but the map of places, the map and its biases)."""
    block = make_block(arm, length, np.random.default_rng(0), d_model=d_model)
    places = block.mixing.mixing.n_parameters() if arm in D_FF else 0
    return block.n_parameters() - places, places


def main():
    """All seeds, and what the blocks hold and cost; prints how busy the machine was."""
    keep_freed_memory()
    before = _load()
    runs = [each for seed in tqdm(SEEDS, unit="run") for each in run(seed)]
    settings = {
        "d_model": D_MODEL,
        "n_heads": N_HEADS,
        "d_ff": D_FF | {"attention": 4 * D_MODEL},
        "lengths": LENGTHS,
        "calls": CALLS,
        "parameters (block, map of places)": {
            arm: [parameters(arm, length) for length in LENGTHS] for arm in ARMS
        },
        "flops_per_token": {
            arm: [flops_per_token(arm, n) for n in LENGTHS] for arm in ARMS
        },
        "clock": f"process time, OPENBLAS_NUM_THREADS={os.environ.get('OPENBLAS_NUM_THREADS')}",
        "load of the machine, before and after": [before, _load()],
        "value": "milliseconds of a forward pass over the longest text",
    }
    print(results.keep("latency", runs, settings=settings))
    print("load of the machine, before and after:", before, _load())


def _medians(programs, calls):
    """Milliseconds of this program's work in each of `programs`, called in turn: {name: median}."""
    with no_grad():
        taken = in_turn(programs, calls=calls, clock=time.process_time)
    return {name: 1e3 * float(np.median(seconds)) for name, seconds in taken.items()}


def _load():
    """How many programs wanted to run in the last minute, where the system says so."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _rounded(ms):
    return float(f"{ms:.4g}")


if __name__ == "__main__":
    start("latency", main, __doc__)
