"""Stacks with parts left out: each formula of the table, and gradients that are derivatives."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.studies.stacks import Stack, query_gradients, sizes, streams
from tinyffn.tensor import Tensor

SMALL = {"d_model": 6, "n_heads": 2, "activation": ops.relu}


def normed(x):
    return x / np.sqrt((x * x).mean(axis=-1, keepdims=True))


FORMULAS = {
    (True, None): lambda x, s: x + s(x),
    (True, "before"): lambda x, s: x + s(normed(x)),
    (True, "after"): lambda x, s: normed(x + s(x)),
    (False, None): lambda x, s: s(x),
    (False, "before"): lambda x, s: s(normed(x)),
    (False, "after"): lambda x, s: normed(s(x)),
}


@pytest.mark.parametrize("skip, norm", FORMULAS)
@pytest.mark.parametrize("branch", [1.0, 0.3])
def test_each_sublayer_does_what_the_table_says(skip, norm, branch):
    rng = np.random.default_rng(0)
    stack = Stack(2, rng=rng, skip=skip, norm=norm, branch=branch, **SMALL)
    x = rng.normal(size=(2, 5, 6))
    found = stack.stream(Tensor(x))
    assert len(found) == 3
    for *layer, after in zip(stack.attention, stack.mlp, found[1:], strict=True):
        for sublayer in layer:
            x = FORMULAS[skip, norm](x, lambda x, s=sublayer: branch * s(Tensor(x)).data)
        assert np.allclose(x, after.data, atol=1e-12)


def test_no_activation_is_no_mlp_and_scale_multiplies_all_weights():
    both = [Stack(1, rng=np.random.default_rng(0), scale=scale) for scale in (1.0, 2.0)]
    assert both[0].mlp == both[1].mlp == []
    for one, two in zip(*(stack.parameters() for stack in both), strict=True):
        assert np.allclose(2 * one.data, two.data)


@pytest.mark.parametrize("causal", [True, False])
def test_causal_tokens_do_not_see_what_follows(causal):
    rng = np.random.default_rng(0)
    stack = Stack(3, rng=rng, causal=causal, skip=True, **SMALL)
    x = rng.normal(size=(1, 5, 6))
    changed = x.copy()
    changed[0, 3] += 1
    same = np.isclose(stack(Tensor(x)).data, stack(Tensor(changed)).data).all(axis=(0, 2))
    assert same.tolist() == [causal] * 3 + [False] * 2


def test_stacks_of_one_seed_take_in_the_same_tokens():
    kinds = {"skip": True}, {"activation": ops.gelu}
    one, two = ([s[0].data for _, s in streams((3, 4), depth=1, **kind)] for kind in kinds)
    assert np.array_equal(one, two) and not np.allclose(one[0], one[1])


def test_sizes_are_root_mean_squares():
    found = sizes((5, 6), depth=2, n_tokens=4, **SMALL)
    assert found.shape == (2, 3)
    ((_, stream),) = streams((6,), depth=2, n_tokens=4, **SMALL)
    for x, size in zip(stream, found[1], strict=True):
        assert size == pytest.approx(np.linalg.norm(x.data) / np.sqrt(x.data.size))


def test_query_gradients_are_derivatives():
    parts = SMALL | {"skip": True, "norm": "before", "causal": True}
    found = query_gradients((5,), depth=2, n_tokens=4, **parts)
    ((stack, stream),) = streams((5,), depth=2, n_tokens=4, **parts)
    dy = np.random.default_rng([5, 2]).normal(size=stream[-1].shape)
    for attention, length in zip(stack.attention, found[0], strict=True):
        w = attention.query.w.data
        gradient = np.empty_like(w)
        for place in np.ndindex(*w.shape):
            ends = []
            for nudge in (1e-5, -1e-5):
                before = w[place]
                w[place] += nudge
                ends.append((stack(stream[0]).data * dy).sum())
                w[place] = before
            gradient[place] = (ends[0] - ends[1]) / 2e-5
        assert length == pytest.approx(np.linalg.norm(gradient), rel=1e-6)


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"depth": 0}, ValueError, "Stack: depth is 0, but must be a whole number above 0"),
        ({"branch": 0.0}, ValueError, "Stack: branch is 0.0, but must be a number above 0"),
        ({"scale": -1.0}, ValueError, "Stack: scale is -1.0, but must be a number above 0"),
        ({"norm": "pre"}, ValueError,
         "Stack: norm is 'pre', but must be one of (None, 'before', 'after')"),
        ({"activation": "relu"}, TypeError,
         "Stack: activation is 'relu', but must be a function"),
        ({"n_tokens": 0}, ValueError, "streams: n_tokens is 0, but must be a whole number above 0"),
        ({"seeds": ()}, ValueError, "streams: there are no seeds: give a list of one or more"),
    ],
)  # fmt: skip
def test_what_it_says_when_something_does_not_fit(wrong, error, message):
    with pytest.raises(error, match=re.escape(message)):
        query_gradients(**{"seeds": (1,), "depth": 1} | wrong)
