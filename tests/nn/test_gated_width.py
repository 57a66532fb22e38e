"""The 2/3 rule: the smallest width that does, and the one that real models took."""

import numpy as np
import pytest

from tinyffn import nn

# d_model and d_ff of the four LLaMA models (arXiv:2302.13971), from their configuration files.
LLAMA = {"7B": (4096, 11008), "13B": (5120, 13824), "30B": (6656, 17920), "65B": (8192, 22016)}


@pytest.mark.parametrize("d_model, d_ff", LLAMA.values(), ids=LLAMA)
def test_it_gives_the_widths_of_llama(d_model, d_ff):
    assert nn.gated_d_ff(4 * d_model, multiple_of=256) == d_ff


@pytest.mark.parametrize("multiple_of", [1, 2, 8, 60])
@pytest.mark.parametrize("d_ff", [1, 2, 3, 12, 13, 256, 2**40 + 1])
def test_it_is_the_smallest_multiple_with_as_many_weights(d_ff, multiple_of):
    width = nn.gated_d_ff(d_ff, multiple_of=multiple_of)
    assert width % multiple_of == 0
    assert 3 * width >= 2 * d_ff > 3 * (width - multiple_of)


def test_layers_then_have_as_many_parameters():
    rng = np.random.default_rng(0)
    plain = nn.FeedForward(8, 36, rng=rng, bias=False)
    gated = nn.GatedFeedForward(8, nn.gated_d_ff(36), rng=rng)
    assert gated.n_parameters() == plain.n_parameters() == 2 * 8 * 36
