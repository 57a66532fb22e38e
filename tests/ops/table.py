"""The table of ops: what a test must know to call each one. A new op needs a row here.

A layer op says its shapes in its own docstring; a row adds only what the Shapes line cannot say:
the domain of an argument, ids, settings. A primitive's row says its shapes too, in the same
notation: one line for each broadcast, axis or index that is worth a test. Every line of the table
runs through every test of `test_contract.py` and `test_large_numbers.py`.
"""

from dataclasses import dataclass, field

import numpy as np


# Domains: how the values of an argument are drawn. Numeric derivatives need smooth ground, so
# inputs keep away from kinks and poles.
def normal(rng, shape):
    return rng.standard_normal(shape)


def wide(rng, shape):
    return 3.0 * rng.standard_normal(shape)


def positive(rng, shape):
    return 0.5 + np.abs(rng.standard_normal(shape))


def away_from_zero(rng, shape):
    x = rng.standard_normal(shape)
    return x + np.copysign(0.2, x)


def between(low, high):
    return lambda rng, shape: rng.uniform(low, high, shape)


def spaced(rng, shape):
    """No two entries closer than 0.1."""
    n = int(np.prod(shape))
    return 0.1 * (rng.permutation(n) - n / 2).reshape(shape)


def spaced_between(rng, shape):
    """No two entries closer than 0.1, and none closer than 0.02 to an entry of `spaced`."""
    n = int(np.prod(shape))
    return 0.1 * (rng.permutation(n) - n // 2).reshape(shape) + 0.025


@dataclass(frozen=True)
class Row:
    """One way to call an op.

    shapes     a Shapes line; None: the one in the op's docstring
    domains    argument -> how its values are drawn, `normal` if not named
    settings   a dict, or a function (rng, sizes, leading) -> dict
    absent     arguments that are None in this row
    ascending  names of sizes that must come in ascending order
    empty      whether leading axes may have size zero
    """

    shapes: str | None = None
    domains: dict = field(default_factory=dict)
    settings: object = field(default_factory=dict)
    absent: tuple = ()
    ascending: tuple = ()
    empty: bool = True


def ids_below_vocab_size(rng, sizes, leading):
    return {"ids": rng.integers(sizes["vocab_size"], size=leading)}


def repeated_id(rng, sizes, leading):
    return {"ids": np.full(leading, 1)}


def targets(rng, sizes, leading):
    return {"targets": rng.integers(sizes["vocab_size"], size=leading)}


def targets_some_ignored(rng, sizes, leading):
    ids = rng.integers(sizes["vocab_size"], size=leading)
    ids.flat[1::2] = -1
    return {"targets": ids, "ignore_index": -1}


def targets_weighted(rng, sizes, leading):
    """Weights of any size, one in three of them 0, and a target that is ignored."""
    settings = targets_some_ignored(rng, sizes, leading)
    w = rng.uniform(0.2, 3.0, size=leading)
    w.flat[2::3] = 0.0
    return {**settings, "weights": w}


def keep_some(rng, sizes, leading):
    return {"keep": rng.random((*leading, sizes["d"])) < 0.7, "rate": 0.3}


def mask_of_each_pair(rng, sizes, leading):
    mask = rng.random((*leading, sizes["T"], sizes["S"])) < 0.6
    mask[..., 0] = True  # what even the first query sees
    return {"mask": mask}


def mask_of_keys(rng, sizes, leading):
    return {"mask": np.arange(sizes["S"]) != 1, "causal": False}


def positions_of_each(rng, sizes, leading):
    return {"positions": rng.permutation(sizes["T"]) + 3}


def positions_and_base(rng, sizes, leading):
    return {"positions": 2.5 * np.arange(sizes["T"]) - 4.0, "base": 100.0}


def values_of_each(rng, sizes, leading):
    return {"values": rng.standard_normal((*leading, sizes["d"]))}


def values_and_clip(rng, sizes, leading):
    return {**values_of_each(rng, sizes, leading), "clip": 0.7}


def condition_of(*shape):
    return lambda rng, sizes, leading: {"condition": rng.random(shape) < 0.5}


BROADCASTS = (
    "a (2, 3), b (2, 3) -> y (2, 3)",
    "a (2, 3), b (3) -> y (2, 3)",
    "a (3), b (2, 3) -> y (2, 3)",
    "a (2, 1), b (1, 3) -> y (2, 3)",
    "a (4, 1, 3), b (2, 1) -> y (4, 2, 3)",
    "a (), b (2, 3) -> y (2, 3)",
    "a (2, 3), b () -> y (2, 3)",
    "a (), b () -> y ()",
    "a (0, 3), b (3) -> y (0, 3)",
)
ELEMENTWISE = ("x (2, 3) -> y (2, 3)", "x () -> y ()", "x (0, 3) -> y (0, 3)")


def pairs(**row):
    return [Row(shapes, **row) for shapes in BROADCASTS]


def each_entry(**row):
    return [Row(shapes, **row) for shapes in ELEMENTWISE]


def indexed(x, y, index):
    return Row(f"x ({x}) -> y ({y})", settings={"index": index})


def along(x, y, **settings):
    return Row(f"x ({x}) -> y ({y})", {"x": spaced}, settings)


TABLE = {
    # Layer ops: the shapes stand in their docstrings.
    "acon_c": [Row(domains={"x": wide})],
    "attention": [
        Row(settings={"causal": False}),
        Row(settings={"causal": True}, ascending=("T", "S")),
        Row(settings=mask_of_each_pair, ascending=("T", "S")),
        Row(settings=mask_of_keys),
        # Heads that share keys and values: two groups of three, and one group.
        Row("q (2, 3, 4, 5), k (2, 1, 6, 5), v (2, 1, 6, 7) -> y (2, 3, 4, 7)"),
        Row("q (2, 3, 4, 5), k (1, 3, 4, 5), v (2, 1, 4, 3) -> y (2, 3, 4, 3)"),
    ],
    "cross_entropy": [
        Row(settings=targets, empty=False),
        Row(settings=targets_some_ignored, empty=False),
        Row(settings=targets_weighted, empty=False),
    ],
    "dropout": [Row(settings=keep_some)],
    "embedding": [Row(settings=ids_below_vocab_size), Row(settings=repeated_id)],
    "geglu": [Row(domains={"gate": wide})],
    "gelu": [Row(domains={"x": wide})],
    "gelu_tanh": [Row(domains={"x": wide})],
    "glu": [Row(domains={"gate": wide})],
    "identity": [Row()],
    "layer_norm": [Row(), Row(settings={"eps": 0.5})],
    "leaky_relu": [
        Row(domains={"x": away_from_zero}),
        Row(domains={"x": away_from_zero}, settings={"slope": 0.3}),
        Row(domains={"x": away_from_zero}, settings={"slope": 0.0}),
    ],
    "linear": [Row(), Row(absent=("b",))],
    "log_softmax": [Row(domains={"x": wide})],
    "maxout": [Row(domains={"x": spaced})],
    "mix_tokens": [
        Row(ascending=("T", "S")),
        Row(ascending=("T", "S"), absent=("b",)),
    ],
    "mse": [Row(empty=False)],
    # Of both signs, and away from the kinks of |A|.
    "pade": [
        Row(domains={"x": positive, "q": positive}),
        Row(domains={"x": between(-0.5, -0.3), "q": between(0.8, 1.0)}),
    ],
    "prelu": [Row(domains={"x": away_from_zero})],
    "reglu": [Row(domains={"gate": away_from_zero})],
    "relu": [Row(domains={"x": away_from_zero})],
    "rms_norm": [Row(), Row(settings={"eps": 0.5})],
    "rotary": [
        Row("x (..., T, 6) -> y (..., T, 6)", settings=positions_of_each),
        Row("x (..., T, 2) -> y (..., T, 2)", settings=positions_and_base),
    ],
    "sign_ste": [Row(), Row(settings={"clip": 0.7})],
    "silu": [Row(domains={"x": wide})],
    "softmax": [Row(domains={"x": wide})],
    "squared_relu": [Row(domains={"x": away_from_zero})],
    "straight_through": [Row(settings=values_of_each), Row(settings=values_and_clip)],
    "swiglu": [Row(domains={"gate": wide})],
    "swish": [Row(domains={"x": wide})],
    "toeplitz": [
        Row("taps (3, 5) -> y (3, 5, 5)"),
        Row(settings=lambda rng, sizes, leading: {"n_rows": sizes["T"]}, ascending=("T", "S")),
    ],
    "token_shift": [Row()],
    # Primitives: entry by entry.
    "add": pairs(),
    "divide": pairs(domains={"b": away_from_zero}),
    "exp": each_entry(),
    "log": each_entry(domains={"x": positive}),
    "maximum": pairs(domains={"a": spaced, "b": spaced_between}),
    "multiply": pairs(),
    "negative": each_entry(),
    "power": [
        *each_entry(settings={"exponent": 3}),
        *each_entry(domains={"x": positive}, settings={"exponent": -1.5}),
        *each_entry(settings={"exponent": 1}),
        *each_entry(settings={"exponent": 0}),
    ],
    "sigmoid": each_entry(domains={"x": wide}),
    "sqrt": each_entry(domains={"x": positive}),
    "subtract": pairs(),
    "tanh": each_entry(),
    "where": [
        Row("a (2, 3), b (2, 3) -> y (2, 3)", settings=condition_of(2, 3)),
        Row("a (2, 1), b (3) -> y (2, 3)", settings=condition_of(2, 3)),
        Row("a (3), b () -> y (2, 3)", settings=condition_of(2, 1)),
        Row("a (), b () -> y ()", settings=condition_of()),
    ],
    # Primitives: products, sums, shapes.
    "matmul": [
        Row("a (2, 3), b (3, 4) -> y (2, 4)"),
        Row("a (5, 2, 3), b (5, 3, 4) -> y (5, 2, 4)"),
        Row("a (5, 2, 3), b (3, 4) -> y (5, 2, 4)"),
        Row("a (2, 3), b (5, 3, 4) -> y (5, 2, 4)"),
        Row("a (6, 1, 2, 3), b (5, 3, 4) -> y (6, 5, 2, 4)"),
        Row("a (0, 3), b (3, 4) -> y (0, 4)"),
    ],
    "sum": [
        along("2, 3, 4", ""),
        along("2, 3, 4", "3, 4", axis=0),
        along("2, 3, 4", "2, 3", axis=-1),
        along("2, 3, 4", "3", axis=(0, -1)),
        along("2, 3, 4", "2, 1, 4", axis=1, keepdims=True),
        along("2, 3, 4", "1, 1, 1", keepdims=True),
        along("2, 3", "2, 3", axis=()),
        along("0, 3", "3", axis=0),
        along("", ""),
    ],
    "mean": [
        along("2, 3, 4", ""),
        along("2, 3, 4", "2, 4", axis=1),
        along("2, 3, 4", "3", axis=(0, -1)),
        along("2, 3, 4", "2, 3, 1", axis=-1, keepdims=True),
        along("", ""),
    ],
    "max": [
        along("2, 3, 4", ""),
        along("2, 3, 4", "2, 4", axis=1),
        along("2, 3, 4", "3", axis=(0, -1)),
        along("2, 3, 4", "2, 3, 1", axis=-1, keepdims=True),
        along("", ""),
    ],
    "reshape": [
        Row("x (2, 6) -> y (3, 4)", settings={"shape": (3, 4)}),
        Row("x (2, 6) -> y (4, 3)", settings={"shape": (-1, 3)}),
        Row("x (2, 6) -> y (12)", settings={"shape": 12}),
        Row("x (1, 1) -> y ()", settings={"shape": ()}),
    ],
    "transpose": [
        Row("x (2, 3, 4) -> y (4, 3, 2)"),
        Row("x (2, 3, 4) -> y (4, 2, 3)", settings={"axes": (2, 0, 1)}),
        Row("x (2, 3, 4) -> y (2, 4, 3)", settings={"axes": (0, -1, -2)}),
        Row("x () -> y ()"),
    ],
    "concatenate": [
        Row("a (2, 3), b (2, 4), c (2, 5) -> y (2, 12)"),
        Row("a (2, 3), b (4, 3) -> y (6, 3)", settings={"axis": 0}),
        Row("a (0, 3), b (4, 3) -> y (4, 3)", settings={"axis": -2}),
        Row("a (2, 3) -> y (2, 3)"),
    ],
    "getitem": [
        indexed("4, 5", "5", 2),
        indexed("4, 5", "", (1, -1)),
        indexed("4, 5", "2, 5", slice(1, 3)),
        indexed("4, 5", "4, 3", (slice(None), slice(None, None, 2))),
        indexed("4, 5", "4, 5", (slice(None, None, -1), ...)),
        indexed("4, 5", "4, 1, 5", (slice(None), None)),
        indexed("4, 5", "3, 5", [0, 2, 0]),
        indexed("4, 5", "3", (np.array([0, 2, 0]), np.array([1, 1, 1]))),
        indexed("4, 5", "2, 5", np.array([True, False, False, True])),
        indexed("4, 5", "0, 5", slice(2, 2)),
    ],
}  # fmt: skip

# Ops whose backward is on purpose not the derivative, and says `surrogate`.
SURROGATES = frozenset({"sign_ste", "straight_through"})

# Settings that no row needs to change: (op, setting) -> why.
SETTINGS_LEFT_ALONE = {}

# Ops that do not bear numbers of every size in float32: op -> the largest scale they do bear.
LARGEST_SCALE = {
    "attention": 1.0,  # the rounding of q k grows as |q| |k|, and exp turns it into a share of p
    "exp": 10.0,  # e^100 is above all float32
    "pade": 1e3,  # x^7, which a test draws, is above all float32 from 3e5 on, and q x^7 before
}
