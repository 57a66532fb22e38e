"""The feed-forward layer of an 8-billion-parameter model, at its real size, on this machine.

Bonsai 8B and Qwen3-8B have 36 of them: gated, 4096 -> 12288 -> 4096. Here one is made of random
signs and scales, packed as such a model ships: one bit for each weight and 16 for each 128. Its 151
million weights take 21 MB, where float32 takes 604 MB. What it computes means nothing; what it
takes does not depend on that.

Each of its three matrices is multiplied in four ways, in turn:

    float32     a plain matrix of float32 and BLAS, as x @ w
    floats      packed; signs are unpacked tile by tile, and BLAS multiplies them with floats
    8 bits      packed; inputs rounded to 8 bits for each token, products by planes of bits (from
                3 tokens on, by unpacking)
    signs       packed; inputs rounded to signs, products by XNOR and a count

Only one matrix of float32 is there at a time. The three times are added up; SwiGLU between them,
the same in all ways, is left out. The clock counts what this program computes, on one thread:
OPENBLAS_NUM_THREADS=1.

Source     PrismML, 1-bit Bonsai 8B (white paper, 31 March 2026), for the format; Yang et al. 2025
           (arXiv:2505.09388), Qwen3-8B, for the sizes
"""

import os
import tracemalloc
from functools import partial

import numpy as np
from tqdm.auto import tqdm

from tinyffn import nn
from tinyffn.bits.products import pieces
from tinyffn.bits.words import SignWords
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import results
from tinyffn.studies.clock import WORK, in_turn
from tinyffn.studies.command import start
from tinyffn.tensor import Tensor

D_MODEL, D_FF, GROUP = 4096, 12288, 128
TOKENS = (1, 64)
SEEDS = (1, 2, 3)
CALLS = 7
WAYS = {"floats": "float", "8 bits": "int8", "signs": "signs"}
ARMS = ("float32", *WAYS)
MATRICES = ("gate", "up", "down")
COPIED = 2**28  # bytes, more than any cache holds


def random_signs(d_in, d_out, rng, *, group=GROUP):
    """A weight of random signs with random 16-bit scales, packed: SignWords.

    Scales are about 1 / √d_in, so that outputs are about as large as inputs.
    """
    n_groups, rest = divmod(d_in, group)
    if rest or group % 64:
        raise ValueError(
            f"random_signs: groups of {group} must divide d_in = {d_in}, and be whole words of 64"
        )
    words = rng.integers(0, 2**64, (n_groups, group // 64, d_out), np.uint64)
    scale = d_in**-0.5 * rng.uniform(0.5, 1.5, (n_groups, d_out))
    return SignWords(words, scale.astype(np.float16), group, d_in)


def real_ffn(rng, *, d_model=D_MODEL, d_ff=D_FF, group=GROUP, activations="float"):
    """The layer, an nn.GatedFeedForward of three nn.PackedLinear: no float32 weight is made."""
    layer = nn.GatedFeedForward(1, 1, rng=rng)  # as small as can be: its maps are replaced
    for name, d_in, d_out in zip(
        MATRICES, (d_model, d_model, d_ff), (d_ff, d_ff, d_model), strict=True
    ):
        packed = random_signs(d_in, d_out, rng, group=group)
        setattr(layer, name, nn.PackedLinear(packed, activations=activations))
    return layer


def unpacked(packed, dtype=np.float32):
    """The weight that SignWords stand for, unpacked 64 columns at a time: (d_in, d_out)."""
    w = np.empty(packed.shape, dtype)
    for some in pieces(packed.shape[1], 64):
        weight = packed.columns(some).quantized()
        w[:, some] = weight._replace(scale=weight.scale.astype(dtype)).values()
    return w


def tilewise(x, packed):
    """x W in float64, of 64 columns of W at a time: what a packed product is checked against."""
    tiles = [packed.columns(some) for some in pieces(packed.shape[1], 64)]
    return np.concatenate([x @ unpacked(tile, np.float64) for tile in tiles], axis=-1)


def error_of(layer, x):
    """The largest error of a layer of "float" activations, over the largest output.

    Each of its matrices is checked against `tilewise` in float64, and so is SwiGLU.
    """
    gate, up, down = (layer_.parts()[0] for layer_ in (layer.gate, layer.up, layer.down))
    z = tilewise(x, gate)
    expected = tilewise(z / (1.0 + np.exp(-z)) * tilewise(x, up), down)
    with no_grad():
        y = layer(Tensor(x)).data
    return float(np.abs(y - expected).max() / np.abs(expected).max())


def milliseconds(layer, n_tokens, rng, *, calls=CALLS, clock=WORK):
    """How long the three matrices of a layer take, together: {arm: median of calls, added up}."""
    total = dict.fromkeys(ARMS, 0.0)
    for matrix in (layer.gate, layer.up, layer.down):
        packed = matrix.parts()[0]
        x = rng.standard_normal((n_tokens, packed.d_in)).astype(np.float32)
        w = unpacked(packed)
        programs = {"float32": partial(np.matmul, x, w)}
        for arm, activations in WAYS.items():
            programs[arm] = partial(nn.PackedLinear(packed, activations=activations).product, x)
        for arm, seconds in in_turn(programs, calls=calls, clock=clock).items():
            total[arm] += 1e3 * float(np.median(seconds))
        del w, programs  # before the next one is made
    return total


def working_bytes(layer, n_tokens, rng):
    """The most memory that one pass takes besides weights and inputs, as tracemalloc sees it."""
    x = Tensor(rng.standard_normal((n_tokens, layer.gate.shape[0])).astype(np.float32))
    tracemalloc.start()
    try:
        with no_grad():
            layer(x)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def copied_per_second(*, size_bytes=COPIED, calls=CALLS, clock=WORK):
    """Bytes per second that a copy of a large array reads and writes: what memory can do here.

    A product with one token must read each weight once. At this rate that is the least it takes.
    """
    source, target = np.ones(size_bytes // 8), np.zeros(size_bytes // 8)
    taken = in_turn({"copy": partial(np.copyto, target, source)}, calls=calls, clock=clock)
    return 2 * source.nbytes / float(np.median(taken["copy"]))


def run(seed, *, d_model=D_MODEL, d_ff=D_FF, group=GROUP, tokens=TOKENS, calls=CALLS):
    """One draw of weights and inputs in all four ways: a list of runs, one for each arm."""
    rng = np.random.default_rng(seed)
    layer = real_ffn(rng, d_model=d_model, d_ff=d_ff, group=group)
    error = error_of(layer, rng.standard_normal((2, d_model)).astype(np.float32))
    times = [milliseconds(layer, n, rng, calls=calls) for n in tokens]
    weight_bytes = dict.fromkeys(ARMS, layer.size_bytes()) | {"float32": 3 * 4 * d_model * d_ff}
    return [
        {
            "arm": arm,
            "seed": seed,
            "rate": None,
            "value": _rounded(times[0][arm]),
            "ms": [_rounded(of_tokens[arm]) for of_tokens in times],
            "weight_bytes": weight_bytes[arm],
            "error": _rounded(error) if arm == "floats" else None,
        }
        for arm in ARMS
    ]


def main():
    """All seeds; prints what was kept."""
    keep_freed_memory()
    before, copied = _load(), [copied_per_second()]
    runs = [each for seed in tqdm(SEEDS, unit="run") for each in run(seed)]
    copied.append(copied_per_second())
    rng = np.random.default_rng(0)
    working = {
        way: [working_bytes(real_ffn(rng, activations=activations), n, rng) for n in TOKENS]
        for way, activations in WAYS.items()
    }
    settings = {
        "d_model": D_MODEL,
        "d_ff": D_FF,
        "group": GROUP,
        "tokens": TOKENS,
        "calls": CALLS,
        "working_bytes": working,
        "copied_per_second": [_rounded(rate) for rate in copied],
        "clock": f"process time, OPENBLAS_NUM_THREADS={os.environ.get('OPENBLAS_NUM_THREADS')}",
        "load of the machine, before and after": [before, _load()],
        "value": "milliseconds for one token",
    }
    print(results.keep("real_ffn", runs, settings=settings))
    for each in runs:
        print(each["arm"], each["seed"], each["ms"])
    print(settings)


def _load():
    """How many programs wanted to run in the last minute, where the system says so."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _rounded(number):
    return float(f"{number:.4g}")


if __name__ == "__main__":
    start("real_ffn", main, __doc__)
