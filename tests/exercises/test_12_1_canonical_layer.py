"""The reference of exercise 12.1: same function, the rule holds, twins become one; the library."""

import numpy as np
import pytest

from tinyffn import Tensor, nn
from tinyffn.studies.keyvalue.symmetries import canonical_sign, flip, permute, rescale

D, D_FF = 5, 7


@pytest.fixture
def canonical_layer(part):
    return part("12.1", "reference").canonical_layer


def drawn(rng):
    layer = nn.GatedFeedForward(D, D_FF, rng=rng).astype(np.float64)
    return layer, rng.normal(size=(4, 3, D))


def arrays(layer):
    return layer.gate.w.data.T, layer.up.w.data.T, layer.down.w.data.T


def test_the_new_layer_does_the_same_and_obeys_the_rule(canonical_layer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        layer, x = drawn(rng)
        new = nn.GatedFeedForward(D, D_FF, rng=rng).astype(np.float64)
        for place, array in zip(arrays(new), canonical_layer(*arrays(layer), x), strict=True):
            place[...] = array
        for inputs in (x, rng.normal(size=(50, D))):
            np.testing.assert_allclose(new(Tensor(inputs)).data, layer(Tensor(inputs)).data)
        m = new.coefficients(Tensor(x)).data
        assert np.allclose(m.max(axis=(0, 1)), 1) and m.min() >= -1 - 1e-12
        lengths = np.linalg.norm(new.down.w.data, axis=1)
        assert (lengths[:-1] >= lengths[1:]).all()


def test_layers_that_differ_by_what_cannot_be_seen_become_the_same(canonical_layer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        layer, x = drawn(rng)
        before = canonical_layer(*(array.copy() for array in arrays(layer)), x)
        permute(layer, rng.permutation(D_FF))
        for i in range(D_FF):
            rescale(layer, i, float(rng.uniform(0.2, 5)))
            if rng.random() < 0.5:
                flip(layer, i)
        for one, other in zip(before, canonical_layer(*arrays(layer), x), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-12)


def test_its_signs_are_those_of_the_library(canonical_layer):
    layer, x = drawn(np.random.default_rng(0))
    signs = canonical_sign(layer.coefficients(Tensor(x)).data)
    values = canonical_layer(*arrays(layer), x)[2].T
    for value in signs[:, None] * layer.down.w.data:
        cosines = values @ value / np.linalg.norm(values, axis=1) / np.linalg.norm(value)
        assert np.isclose(cosines.max(), 1)
