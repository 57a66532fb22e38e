"""The reference of exercise 12.4: parts sum to the logits of a model, and are the library's."""

import numpy as np
import pytest

from tinyffn import Tensor, ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue.decompose import logit_parts as parts_in_library

IDS = np.array([3, 0, 7, 2])


@pytest.fixture
def logit_parts(part):
    return part("12.4", "reference").logit_parts


def model_of(rng):
    model = transformer(9, 4, 6, 2, 10, 1, rng=rng, activation=ops.gelu).astype(np.float64)
    model.norm.gain.data[...], model.norm.bias.data[...] = rng.normal(size=(2, 6))
    return model


def arguments(model):
    """What stands in the stream of a model of one block, at the last position of IDS."""
    (block,) = model.blocks
    start, middle, end = (x.data[0, -1] for x in model.stream(IDS[None]))
    m = block.feed_forward.coefficients(block.norm_feed_forward(Tensor(middle))).data
    down = block.feed_forward.down
    assert np.allclose(middle + m @ down.w.data + down.b.data, end)
    others = np.stack([start, middle - start, down.b.data])
    norm = model.norm
    return others, m, down.w.data, norm.gain.data, norm.bias.data, model.head.w.data.T


def test_the_parts_sum_to_the_logit_above_the_mean_of_all(logit_parts, seeds):
    for seed in seeds:
        model = model_of(np.random.default_rng(seed))
        logits = model(IDS[None]).data[0, -1]
        for token in range(9):
            parts = logit_parts(*arguments(model), token, model.norm.eps)
            assert sum(np.sum(part) for part in parts) == pytest.approx(
                logits[token] - logits.mean(), abs=1e-10
            )


def test_each_part_is_the_librarys_less_the_mean_over_tokens(logit_parts, seeds):
    for seed in seeds:
        model = model_of(np.random.default_rng(seed))
        every = [parts_in_library(model, IDS, -1, token) for token in range(9)]
        mean = {name: np.mean([parts[name] for parts in every], axis=0) for name in every[0]}
        for token in (0, 4):
            of_others, of_values, of_bias = logit_parts(*arguments(model), token, model.norm.eps)
            theirs = {name: every[token][name] - mean[name] for name in mean}
            expected = [theirs[name] for name in ("embedding", "attention 1", "FFN 1 bias")]
            np.testing.assert_allclose(of_others, np.ravel(expected), atol=1e-10)
            np.testing.assert_allclose(of_values, theirs["FFN 1"], atol=1e-10)
            assert of_bias == pytest.approx(theirs["final norm bias"], abs=1e-10)
