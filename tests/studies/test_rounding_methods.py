"""Each method of rounding is the library's function that its name says."""

from functools import partial

import numpy as np
import pytest

from tinyffn.bits.compensate import compensated
from tinyffn.bits.hadamard import walsh_hadamard
from tinyffn.bits.rank_one import fitted, rank_one
from tinyffn.bits.salience import best_scaling
from tinyffn.bits.schemes import binary
from tinyffn.bits.second_moment import output_error
from tinyffn.bits.uniform import absmax
from tinyffn.studies.calibration import Inputs
from tinyffn.studies.rounding import METHODS

rng = np.random.default_rng(1)
X = rng.normal(size=(200, 16)) @ rng.normal(size=(16, 16)) * np.exp(rng.normal(size=16))
INPUTS = Inputs(X.T @ X / 200, np.abs(X).mean(axis=0))
WEIGHTS = [rng.normal(size=(16, 5)), rng.normal(size=(16, 3))]
QUANTIZER = partial(absmax, bits=3, per=8)


@pytest.mark.parametrize("name", METHODS)
def test_each_weight_has_a_new_one_and_stays_as_it_was(name):
    before = [w.copy() for w in WEIGHTS]
    new = METHODS[name](WEIGHTS, INPUTS, binary, 0.1)
    assert [w.shape for w in new] == [w.shape for w in WEIGHTS]
    assert all(w.dtype == np.float32 for w in new)
    for w, old, rounded in zip(WEIGHTS, before, new, strict=True):
        assert np.array_equal(w, old)
        assert 0 < output_error(w, rounded, INPUTS.second_moment) < 0.9


def test_methods_are_what_their_names_say():
    w, h = WEIGHTS[0], INPUTS.second_moment
    codes = compensated(w, h, binary, damping=0.1).codes
    expected = {
        "plain": QUANTIZER(w),
        "compensated": compensated(w, h, QUANTIZER, damping=0.1),
        "rank one": rank_one(w),
        "rank one, fitted": fitted(rank_one(w), w, h, damping=0.1),
        "compensated, fitted": fitted(rank_one(w)._replace(codes=codes), w, h, damping=0.1),
    }
    for name, one in expected.items():
        quantizer = binary if name == "compensated, fitted" else QUANTIZER
        (found,) = METHODS[name]([w], INPUTS, quantizer, 0.1)
        assert np.array_equal(found, np.float32(one.values()))
    turned = QUANTIZER(walsh_hadamard(w.T).T).values()
    found = METHODS["rotated"]([w], INPUTS, QUANTIZER, 0)[0]
    assert np.allclose(walsh_hadamard(found.T).T, turned, atol=1e-6)


def test_weights_that_share_their_inputs_share_one_scaling():
    h, size = INPUTS.second_moment, INPUTS.magnitude
    _, together = best_scaling(np.hstack(WEIGHTS), h, size, QUANTIZER)
    found = METHODS["scaled"](WEIGHTS, INPUTS, QUANTIZER, 0)
    assert np.array_equal(np.hstack(found), np.float32(together.values()))
