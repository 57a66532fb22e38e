"""What an op says when it is given something that does not fit: its name, the argument, the fix."""

import re
from pathlib import Path

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.ops.tiles import tiles

from .examples import OPS
from .shapes_line import section

FOLDER = Path(ops.__file__).parent


def a(*shape):
    return np.ones(shape, np.float32)


def yes(*shape):
    return np.ones(shape, bool)


MESSAGES = [  # op, arguments, settings, error, message
    ("linear", [a(5, 6), a(8, 3), a(3)], {}, ValueError,
     "linear: x (5, 6) does not fit w (8, 3): the last axis of x must be d_in = 8"),
    ("linear", [a(), a(8, 3), a(3)], {}, ValueError, "linear: x () does not fit w (8, 3)"),
    ("linear", [a(5, 8), a(8), a(3)], {}, ValueError,
     "linear: w (8,) must have two axes, (d_in, d_out), neither empty"),
    ("linear", [a(5, 0), a(0, 3), a(3)], {}, ValueError, "linear: w (0, 3) must have two axes"),
    ("linear", [a(5, 8), a(8, 3), a(8)], {}, ValueError,
     "linear: b (8,) does not fit w (8, 3): b must be (3,)"),
    ("linear", [a(5, 8), a(8, 3), a()], {}, ValueError, "linear: b () does not fit w (8, 3)"),
    ("swiglu", [a(2, 3), a(3)], {}, ValueError,
     "swiglu: gate (2, 3) and up (3,) must have one shape"),
    ("glu", [a(2, 3), a(2, 1)], {}, ValueError, "glu: gate (2, 3) and up (2, 1) must have one"),
    ("reglu", [a(2, 3), a()], {}, ValueError, "reglu: gate (2, 3) and up () must have one shape"),
    ("geglu", [a(3), a(2, 3)], {}, ValueError, "geglu: gate (3,) and up (2, 3) must have one"),
    ("leaky_relu", [a(2, 3)], {"slope": -0.1}, ValueError,
     "leaky_relu: slope is -0.1, but must be a number, at least 0 and below 1"),
    ("prelu", [a(2, 3), a(2)], {}, ValueError,
     "prelu: slope (2,) does not fit x (2, 3): it must be (3,), one number for each channel"),
    ("prelu", [a(), a()], {}, ValueError, "prelu: slope () does not fit x ()"),
    ("swish", [a(2, 3), a()], {}, ValueError, "swish: beta () does not fit x (2, 3)"),
    ("acon_c", [a(2, 3), a(3), a(2, 3), a(3)], {}, ValueError,
     "acon_c: p2 (2, 3) does not fit x (2, 3): it must be (3,)"),
    ("pade", [a(2, 3), a(2, 3), a(4)], {}, ValueError,
     "pade: p (2, 3) must have one axis and an entry or more"),
    ("pade", [a(2, 3), a(4), a(0)], {}, ValueError, "pade: q (0,) must have one axis"),
    ("maxout", [a(3)], {}, ValueError, "maxout: x (3,) must be (..., k, d) with k >= 1"),
    ("maxout", [a(2, 0, 3)], {}, ValueError, "maxout: x (2, 0, 3) must be (..., k, d)"),
    ("softmax", [a()], {}, ValueError, "softmax: x () must have a last axis with one entry"),
    ("softmax", [a(2, 0)], {}, ValueError, "softmax: x (2, 0) must have a last axis with one"),
    ("log_softmax", [a(2, 0)], {}, ValueError, "log_softmax: x (2, 0) must have a last axis"),
    ("layer_norm", [a(), a(), a()], {}, ValueError, "layer_norm: x () must have a last axis"),
    ("layer_norm", [a(2, 0), a(0), a(0)], {}, ValueError, "layer_norm: x (2, 0) must have a last"),
    ("layer_norm", [a(2, 3), a(2), a(3)], {}, ValueError,
     "layer_norm: gain (2,) does not fit x (2, 3): gain must be (3,)"),
    ("layer_norm", [a(2, 3), a(3), a(2, 3)], {}, ValueError,
     "layer_norm: bias (2, 3) does not fit x (2, 3): bias must be (3,)"),
    ("layer_norm", [a(2, 3), a(3), a(3)], {"eps": -1.0}, ValueError, "layer_norm: eps is -1.0"),
    ("layer_norm", [a(2, 3), a(3), a(3)], {"eps": np.nan}, ValueError, "layer_norm: eps is nan"),
    ("rms_norm", [a(2, 3), a(2)], {}, ValueError, "rms_norm: gain (2,) does not fit x (2, 3)"),
    ("rms_norm", [a(2, 0), a(0)], {}, ValueError, "rms_norm: x (2, 0) must have a last axis"),
    ("rms_norm", [a(2, 3), a(3)], {"eps": -1.0}, ValueError, "rms_norm: eps is -1.0, but must be"),
    ("sign_ste", [a(2, 3)], {"clip": 0.0}, ValueError,
     "sign_ste: clip is 0.0, but must be a number above 0"),
    ("straight_through", [a(2, 3)], {"values": a(3)}, ValueError,
     "straight_through: values (3,) must have the shape of x (2, 3)"),
    ("straight_through", [a(2, 3)], {"values": a(2, 3), "clip": -1}, ValueError,
     "straight_through: clip is -1, but must be a number above 0"),
    ("mix_tokens", [a(2, 5, 3), a(5, 5)], {}, ValueError,
     "mix_tokens: x (2, 5, 3), m (5, 5): m must be (n_heads, T, S) with T >= 1 and at most S"),
    ("mix_tokens", [a(2, 5, 3), a(2, 6, 5)], {}, ValueError, "m must be (n_heads, T, S)"),
    ("mix_tokens", [a(2, 5, 3), a(2, 0, 5)], {}, ValueError, "m must be (n_heads, T, S)"),
    ("mix_tokens", [a(2, 6, 3), a(2, 5, 5)], {}, ValueError,
     "mix_tokens: x (2, 6, 3), m (2, 5, 5): x must be (..., 2, 5, d_head)"),
    ("mix_tokens", [a(5, 3), a(5, 5, 5)], {}, ValueError, "x must be (..., 5, 5, d_head)"),
    ("mix_tokens", [a(2, 5, 3), a(2, 4, 5), a(2, 5)], {}, ValueError,
     "mix_tokens: x (2, 5, 3), m (2, 4, 5): b (2, 5) must be (2, 4), (n_heads, T)"),
    ("toeplitz", [a(5)], {}, ValueError,
     "toeplitz: taps (5,) must be (n_heads, S) with S >= 1"),
    ("toeplitz", [a(2, 0)], {}, ValueError, "toeplitz: taps (2, 0) must be (n_heads, S)"),
    ("toeplitz", [a(2, 5)], {"n_rows": 6}, ValueError,
     "toeplitz: n_rows is 6, but must be a whole number, 1 to 5"),
    ("toeplitz", [a(2, 5)], {"n_rows": 0}, ValueError, "toeplitz: n_rows is 0"),
    ("toeplitz", [a(2, 5)], {"n_rows": 2.0}, ValueError, "toeplitz: n_rows is 2.0"),
    ("token_shift", [a(3), a(3), a(3)], {}, ValueError, "token_shift: x (3,) must be (..., T, d)"),
    ("token_shift", [a(5, 3), a(2), a(3)], {}, ValueError,
     "token_shift: now (2,) does not fit x (5, 3): it must be (3,), one number for each channel"),
    ("token_shift", [a(5, 3), a(3), a(5, 3)], {}, ValueError, "token_shift: before (5, 3) does"),
    ("attention", [a(3), a(3), a(3)], {}, ValueError,
     "attention: q (3,), k (3,), v (3,) must share their leading axes, before the last two"),
    ("attention", [a(2, 4, 3), a(4, 3), a(4, 3)], {}, ValueError, "must share their leading axes"),
    ("attention", [a(4, 3), a(4, 2), a(4, 3)], {}, ValueError,
     "attention: q (4, 3), k (4, 2), v (4, 3): q and k must have one d_head"),
    ("attention", [a(4, 0), a(4, 0), a(4, 3)], {}, ValueError, "q and k must have one d_head"),
    ("attention", [a(4, 3), a(4, 3), a(5, 3)], {}, ValueError,
     "k and v must have one length S >= 1, their last axis but one"),
    ("attention", [a(4, 3), a(0, 3), a(0, 3)], {}, ValueError, "k and v must have one length S"),
    ("attention", [a(5, 3), a(4, 3), a(4, 3)], {}, ValueError,
     "causal attention needs a key for each of the T queries"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"causal": yes(4, 4)}, TypeError,
     "attention: causal is ndarray, but must be True or False"),
    ("attention", [a(2, 4, 3), a(3, 4, 3), a(2, 4, 3)], {}, ValueError,
     "must share their leading axes, before the last two (k's and v's may be 1)"),
    ("attention", [a(1, 4, 3), a(1, 4, 3), a(2, 4, 3)], {}, ValueError, "share their leading axes"),
    ("attention", [a(4, 3), a(5, 3), a(5, 3)], {"mask": yes(5, 4)}, ValueError,
     "attention: mask (5, 4) does not fit: it must broadcast to (..., T, S) = (4, 5)"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"mask": yes(2, 4, 4)}, ValueError,
     "attention: mask (2, 4, 4) does not fit"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"mask": yes()}, ValueError, "mask () does not fit"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"mask": a(4, 4)}, TypeError,
     "attention: mask is float32, but must be a boolean array"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"mask": True}, TypeError,
     "attention: mask is bool, but must be a boolean array"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"mask": ~np.eye(4, dtype=bool)}, ValueError,
     "attention: query 0 sees no key, so there is nothing to take a mean of: each row of mask "
     "(4, 4) and the causal mask must hold one True"),
    ("attention", [a(4, 3), a(4, 3), a(4, 3)], {"causal": False, "mask": np.zeros(4, bool)},
     ValueError, "each row of mask (4,) must hold one True"),
    ("rotary", [a(4, 3)], {"positions": range(4)}, ValueError,
     "rotary: x (4, 3) must be (..., T, d_head), with an even d_head: channels turn in pairs"),
    ("rotary", [a(4)], {"positions": range(4)}, ValueError, "rotary: x (4,) must be (..., T, d"),
    ("rotary", [a(4, 0)], {"positions": range(4)}, ValueError, "rotary: x (4, 0) must be"),
    ("rotary", [a(4, 6)], {"positions": range(5)}, ValueError,
     "rotary: positions (5,) do not fit x (4, 6): they must be (4,), one for each of the T rows"),
    ("rotary", [a(4, 6)], {"positions": yes(4)}, TypeError,
     "rotary: positions are bool, but must be numbers"),
    ("rotary", [a(2, 6)], {"positions": [0.0, np.nan]}, ValueError,
     "rotary: a position is infinite or not a number, so it has no angle"),
    ("rotary", [a(4, 6)], {"positions": range(4), "base": 0.0}, ValueError,
     "rotary: base is 0.0, but must be a number above 0"),
    ("cross_entropy", [a(2, 3)], {"targets": [0]}, ValueError,
     "cross_entropy: targets (1,) do not fit logits (2, 3): targets must be (2,), one id for each"),
    ("cross_entropy", [a()], {"targets": 0}, ValueError, "cross_entropy: targets () do not fit"),
    ("cross_entropy", [a(2, 3)], {"targets": None}, ValueError, "cross_entropy: targets () do not"),
    ("cross_entropy", [a(2, 3)], {"targets": [0.0, 1.0]}, TypeError,
     "cross_entropy: targets are float64, but must be integers"),
    ("cross_entropy", [a(2, 3)], {"targets": yes(2)}, TypeError, "targets are bool, but must be"),
    ("cross_entropy", [a(2, 3)], {"targets": ["0", "1"]}, TypeError, "targets are <U1, but must"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 3]}, ValueError,
     "cross_entropy: targets run from 0 to 3, but logits have columns 0 to 2"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, -1]}, ValueError, "targets run from -1 to 0"),
    ("cross_entropy", [a(2, 3)], {"targets": [-100, -100]}, ValueError,
     "cross_entropy: no target counts: there is none, or every one is ignored"),
    ("cross_entropy", [a(0, 3)], {"targets": np.zeros(0, int)}, ValueError, "no target counts"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 1], "weights": ["1", "2"]}, TypeError,
     "cross_entropy: weights are <U1, but must be numbers"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 1], "weights": [1.0]}, ValueError,
     "cross_entropy: weights (1,) must be (2,), one for each target"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 1], "weights": 1.0}, ValueError,
     "weights () must be (2,)"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 1], "weights": [1.0, -0.5]}, ValueError,
     "cross_entropy: a weight is -0.5, but weights must be finite and not below 0"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, 1], "weights": [np.nan, 1.0]}, ValueError,
     "cross_entropy: a weight is nan, but weights must be finite"),
    ("cross_entropy", [a(2, 3)], {"targets": [0, -100], "weights": [0.0, 1.0]}, ValueError,
     "cross_entropy: the weights of all targets that count are 0"),
    ("mse", [a(2, 3), a(3)], {}, ValueError,
     "mse: x (2, 3) and target (3,) must have one shape, with an entry or more"),
    ("mse", [a(0, 3), a(0, 3)], {}, ValueError, "mse: x (0, 3) and target (0, 3)"),
    ("dropout", [a(2, 3)], {"keep": a(2, 3), "rate": 0.5}, TypeError,
     "dropout: keep is float32, but must be boolean"),
    ("dropout", [a(2, 3)], {"keep": np.ones((2, 3), int), "rate": 0.5}, TypeError, "keep is int64"),
    ("dropout", [a(2, 3)], {"keep": None, "rate": 0.5}, TypeError, "dropout: keep is object"),
    ("dropout", [a(2, 3)], {"keep": yes(3), "rate": 0.5}, ValueError,
     "dropout: keep (3,) must have x's shape (2, 3)"),
    ("dropout", [a(2, 3)], {"keep": yes(2, 3), "rate": 1.0}, ValueError,
     "dropout: rate is 1.0, but must be at least 0 and below 1"),
    ("dropout", [a(2, 3)], {"keep": yes(2, 3), "rate": -0.1}, ValueError, "dropout: rate is -0.1"),
    ("dropout", [a(2, 3)], {"keep": yes(2, 3), "rate": np.nan}, ValueError, "dropout: rate is nan"),
    ("embedding", [a(5)], {"ids": [0]}, ValueError,
     "embedding: table (5,) must be (vocab_size, d_model)"),
    ("embedding", [a(5, 2)], {"ids": [0.0]}, TypeError, "embedding: ids are float64, but must be"),
    ("embedding", [a(5, 2)], {"ids": yes(3)}, TypeError, "embedding: ids are bool"),
    ("embedding", [a(5, 2)], {"ids": None}, TypeError, "embedding: ids are object"),
    ("embedding", [a(5, 2)], {"ids": [0, 5]}, ValueError,
     "embedding: ids run from 0 to 5, but the table has rows 0 to 4"),
    ("embedding", [a(5, 2)], {"ids": -1}, ValueError, "embedding: ids run from -1 to -1, but"),
    ("where", [a(2), a(2)], {"condition": a(2)}, TypeError,
     "where: condition is float32, but must be boolean"),
    ("where", [a(2), a(2)], {"condition": None}, TypeError, "where: condition is object"),
    ("where", [a(2), a(2)], {"condition": yes(3)}, ValueError, "in the op where, given a (2,), b"),
    ("maximum", [a(2), a(3)], {}, ValueError, "in the op maximum, given a (2,), b (3,)"),
    ("sum", [a(2, 3)], {"axis": 2}, ValueError, "sum: axis 2 is not there: x (2, 3) has 2 axes"),
    ("sum", [a(2, 3)], {"axis": (0, -3)}, ValueError, "sum: axis -3 is not there"),
    ("sum", [a(2, 3)], {"axis": 0.5}, ValueError, "sum: axis 0.5 is not there"),
    ("sum", [a(2, 3)], {"axis": (0, -2)}, ValueError,
     "sum: axis (0, -2) names an axis of x (2, 3) twice"),
    ("mean", [a(2, 3)], {"axis": 2}, ValueError, "mean: axis 2 is not there"),
    ("mean", [a(0, 3)], {}, ValueError, "mean: x (0, 3) has no entries"),
    ("max", [a(2, 3)], {"axis": "rows"}, ValueError, "max: axis rows is not there"),
    ("max", [a(0, 3)], {"axis": 1}, ValueError, "max: x (0, 3) has no entries"),
    ("reshape", [a(2, 3)], {"shape": (4,)}, ValueError,
     "reshape: x (2, 3) has 6 entries, (4,) has not"),
    ("reshape", [a(2, 3)], {"shape": (-1, 4)}, ValueError, "reshape: x (2, 3) has 6 entries"),
    ("reshape", [a(2, 3)], {"shape": (1.5, 4)}, TypeError, "in the op reshape, given x (2, 3)"),
    ("transpose", [a(2, 3)], {"axes": (0,)}, ValueError,
     "transpose: axes (0,) must name each axis of x (2, 3) once"),
    ("transpose", [a(2, 3)], {"axes": (0, 3)}, ValueError, "transpose: axis 3 is not there"),
    ("transpose", [a(2, 3)], {"axes": (0, -2)}, ValueError, "transpose: axis (0, -2) names an"),
    ("transpose", [a(2, 3)], {"axes": 1}, ValueError, "transpose: axes 1 must name each axis"),
    ("concatenate", [], {}, ValueError, "concatenate: there is nothing to join"),
    ("concatenate", [a(2, 3), a(3, 3)], {}, ValueError,
     "concatenate: (2, 3), (3, 3) do not fit: all axes but axis 1 must be equal"),
    ("concatenate", [a(2, 3), a(2)], {}, ValueError, "concatenate: (2, 3), (2,) do not fit"),
    ("concatenate", [a(2, 3), a(2, 3)], {"axis": 2}, ValueError, "concatenate: axis 2 is not"),
    ("concatenate", [a(), a()], {}, ValueError, "concatenate: axis -1 is not there: x () has 0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arrays", "settings", "error", "message"),
    MESSAGES,
    ids=[f"{row[0]}-{number}" for number, row in enumerate(MESSAGES)],
)
def test_error_names_the_op_and_says_what_does_not_fit(name, arrays, settings, error, message):
    with pytest.raises(error, match=re.escape(message)):
        getattr(ops, name)(*arrays, **settings)


@pytest.mark.parametrize("name", [n for n, op in OPS.items() if section(op.__doc__, "Errors")])
def test_has_a_message(name):
    if name not in {row[0] for row in MESSAGES}:
        pytest.fail(
            f"{name} says Errors, but has no line in MESSAGES of tests/ops/test_errors.py "
            "(CONTRIBUTING.md, step 7)"
        )


def test_tiles_refuse_what_they_could_not_write_to():
    with pytest.raises(ValueError, match="tiles: an array is not contiguous"):
        list(tiles(np.ones((4, 6))[:, ::2]))


def test_every_error_that_an_op_raises_begins_with_its_name():
    """`f"linear: ..."`, or the name that was handed in, or shapes that begin with it."""
    for path in FOLDER.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for raised in re.findall(r"raise \w+\(\s*f?\"([^\"]*)", source):
            assert re.match(r"(\w+|\{name\}|\{shapes\}):? ", raised), f"{path.name}: {raised}"
