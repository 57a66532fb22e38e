"""The reference of exercise 13.3 against counting, the library's layer, and one-step retrieval."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.studies.hopfield import flipped, look_up, overlap, random_patterns, relu_above


@pytest.fixture
def write_facts(part):
    return part("13.3", "reference").write_facts


def test_every_query_of_a_few_bits_is_answered_by_the_formula(write_facts, seeds):
    queries = ((np.arange(64)[:, None] >> np.arange(6)) & 1).astype(float)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        keys, values = rng.integers(2, size=(5, 6)).astype(float), rng.normal(size=(5, 3))
        for r in ([0, 0, 0, 0, 0], [4, 1, 0, 2, 6]):
            w_up, b_up, w_down = write_facts(keys, values, np.array(r))
            y = np.maximum(queries @ w_up + b_up, 0) @ w_down
            for x, found in zip(queries, y, strict=True):
                wrong = np.sum(keys != x, axis=1)
                heard = [max(0.0, 1 - f / (own + 1)) for f, own in zip(wrong, r, strict=True)]
                np.testing.assert_allclose(found, heard @ values, rtol=1e-12, atol=1e-12)


def test_as_the_library_s_layer_it_forgives_up_to_r_wrong_bits(write_facts):
    rng = np.random.default_rng(0)
    patterns = random_patterns(200, 64, rng=rng).astype(float)
    w_up, b_up, w_down = write_facts((patterns + 1) / 2, patterns, np.full(200, 10))
    layer = nn.FeedForward(64, 200, rng=rng, activation=ops.relu).astype(np.float64)
    arrays = {"up.w": w_up, "up.b": b_up, "down.w": w_down, "down.b": np.zeros(64)}
    layer.load_state_dict(arrays)
    damaged = flipped(patterns, 10 / 64, rng=rng)
    y = layer((damaged + 1) / 2).data
    np.testing.assert_array_equal(np.sign(y), patterns)
    assert not layer(rng.integers(2, size=(1, 64)).astype(float)).data.any()  # near to none


def test_it_is_one_step_of_retrieval_with_a_threshold(write_facts):
    """Matches of ±1 patterns are (n - 2 f) / √n: the threshold lies where f = r + 1."""
    rng = np.random.default_rng(1)
    patterns = random_patterns(40, 16, rng=rng).astype(float)
    x = flipped(patterns, 0.25, rng=rng)
    w_up, b_up, w_down = write_facts((patterns + 1) / 2, patterns, np.full(40, 5))
    y = np.maximum((x + 1) / 2 @ w_up + b_up, 0) @ w_down
    theirs = look_up(patterns, patterns, x, relu_above((16 - 2 * 6) / 4)) * 4 / (2 * 6)
    np.testing.assert_allclose(y, theirs, rtol=1e-10, atol=1e-12)
    assert overlap(np.sign(y), patterns).mean() > 0.5
