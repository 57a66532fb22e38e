"""Causal tracing: effects are differences of chances, and places that nobody reads give nothing."""

import re
from itertools import pairwise

import numpy as np
import pytest

from tinyffn.graph import no_grad
from tinyffn.models import transformer
from tinyffn.studies.keyvalue.memories import replaced
from tinyffn.studies.keyvalue.neurons import chances
from tinyffn.studies.keyvalue.tracing import causal_trace, restored, sublayers

from .tiny import KINDS, tiny_model

IDS, ANSWERS = np.array([[1, 4, 2, 5], [0, 3, 3, 8]]), np.array([6, 1])


def noise_at(positions):
    noise = np.zeros((2, 4, 8))
    noise[:, positions] = np.random.default_rng(1).normal(size=(2, len(positions), 8))
    return noise


@pytest.mark.parametrize("kind", KINDS)
def test_effects_are_differences_of_chances(kind):
    model, noise = tiny_model(kind).eval(), noise_at([1, 2])
    total, indirect = causal_trace(model, IDS, ANSWERS, noise)
    assert total.shape == (2,) and indirect.shape == (2, 4, 4)
    clean = chances(model, IDS, ANSWERS)
    token, block = model.token, model.blocks[0]
    stream = [x.data for x in model.stream(IDS)]
    with replaced(model, "token", lambda ids: token(ids) + noise):
        noisy = chances(model, IDS, ANSWERS)
        with no_grad():
            fed = block.feed_forward(block.norm_feed_forward(model.stream(IDS)[1])).data.copy()
        fed[:, 2] = (stream[2] - stream[1])[:, 2]
        with replaced(block, "feed_forward", lambda x: fed):
            back = chances(model, IDS, ANSWERS)
    np.testing.assert_allclose(total, clean - noisy, atol=1e-12)
    np.testing.assert_allclose(indirect[:, 1, 2], back - noisy, atol=1e-12)
    assert np.array_equal(chances(model, IDS, ANSWERS), clean) and model.token is token


def test_a_sublayer_that_was_left_out_has_no_place():
    rng = np.random.default_rng(0)
    model = transformer(9, 4, 8, 2, 12, 2, rng=rng, attention=False)
    assert sublayers(model) == [(block, "feed_forward") for block in model.blocks]
    total, indirect = causal_trace(model, IDS, ANSWERS, noise_at([3]))
    assert indirect.shape == (2, 2, 4) and (indirect[:, :, 3] != 0).all() and total.any()


def test_without_noise_there_is_no_effect():
    total, indirect = causal_trace(tiny_model("ReLU"), IDS, ANSWERS, np.zeros((2, 4, 8)))
    np.testing.assert_allclose(total, 0, atol=1e-12)
    np.testing.assert_allclose(indirect, 0, atol=1e-12)


def test_places_before_the_noise_and_places_that_nobody_reads_give_nothing_back():
    _, indirect = causal_trace(tiny_model("ReLU"), IDS, ANSWERS, noise_at([2]))
    np.testing.assert_allclose(indirect[:, :, :2], 0, atol=1e-12)  # before it, all is clean
    np.testing.assert_allclose(indirect[:, 2:, 2], 0, atol=1e-12)  # only the answer's place is read
    assert (indirect[:, :2, 2] != 0).all() and (indirect[:, :, 3] != 0).all()


def test_all_sublayers_of_the_answer_s_place_restored_together_bring_all_back():
    model = tiny_model("ReLU").eval()
    stream = [x.data for x in model.stream(IDS)]
    added = [b - a for a, b in pairwise(stream)]
    token, noise = model.token, noise_at([1, 2])
    clean = chances(model, IDS, ANSWERS)
    a, b, c, d = (restored(p, y, 3) for p, y in zip(sublayers(model), added, strict=True))
    with replaced(model, "token", lambda ids: token(ids) + noise):
        assert not np.allclose(chances(model, IDS, ANSWERS), clean)
        with a, b, c, d:
            np.testing.assert_allclose(chances(model, IDS, ANSWERS), clean, atol=1e-9)


def test_what_does_not_fit_is_said():
    message = "causal_trace: noise (2, 4) must be (2, 4, 8)"
    with pytest.raises(ValueError, match=re.escape(message)):
        causal_trace(tiny_model("ReLU"), IDS, ANSWERS, np.zeros((2, 4)))
