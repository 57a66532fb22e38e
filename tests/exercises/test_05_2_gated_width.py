"""The reference of exercise 5.2 against parameters counted in real layers, one width at a time."""

import numpy as np
import pytest

from tinyffn import nn


@pytest.fixture
def gated_width(part):
    return part("5.2", "reference").gated_width


def counted(layer, d_model, width, bias):
    return layer(d_model, width, rng=np.random.default_rng(0), bias=bias).n_parameters()


@pytest.mark.parametrize("bias", [False, True])
def test_it_is_the_first_multiple_that_is_large_enough(gated_width, bias, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        d_model, d_ff, multiple_of = (int(n) for n in rng.integers((2, 5, 1), (7, 30, 6)))
        plain = counted(nn.FeedForward, d_model, d_ff, bias)
        width = multiple_of
        while counted(nn.GatedFeedForward, d_model, width, bias) < plain:
            width += multiple_of
        surplus = counted(nn.GatedFeedForward, d_model, width, bias) - plain
        assert gated_width(d_model, d_ff, multiple_of, bias) == (width, surplus)


def test_it_gives_the_widths_that_llama_published(gated_width):
    """Touvron et al. 2023 (arXiv:2302.13971): 7B, 13B, 33B, 65B."""
    widths = {4096: 11008, 5120: 13824, 6656: 17920, 8192: 22016}
    for d_model, width in widths.items():
        assert gated_width(d_model, 4 * d_model, 256, False)[0] == width


def test_large_numbers_are_exact(gated_width):
    d_model = 3 * 10**15 + 1
    assert gated_width(d_model, 3 * 10**6, 1, False) == (2 * 10**6, 0)
    assert gated_width(d_model, 3 * 10**6 + 1, 1, False) == (2 * 10**6 + 1, d_model)
