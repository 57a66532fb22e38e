"""What a model computes with and what lies behind: copies that share nothing, and counts."""

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.bits.schemes import binary
from tinyffn.models import MLP
from tinyffn.studies.latent import (
    by_latent_weights,
    codes_of,
    rounded_after_training,
    share_changed,
)

X = np.random.default_rng(1).standard_normal((5, 6)).astype(np.float32)


def _model():
    return MLP([6, 5, 4], rng=np.random.default_rng(2))


def is_first(name):
    return name == "layers.0"


def test_rounded_after_training_is_the_model_with_rounded_weights_and_leaves_it_alone():
    model, by_hand = _model(), _model()
    rounded = rounded_after_training(model, binary, which=is_first)
    by_hand.layers[0].w.data[...] = binary(by_hand.layers[0].w.data).values()
    assert np.array_equal(rounded(X).data, by_hand(X).data)
    assert np.array_equal(model(X).data, _model()(X).data)
    rounded.layers[1].w.data[...] = 0.0
    assert np.array_equal(model(X).data, _model()(X).data)


def test_latent_weights_in_the_place_of_rounded_ones_give_the_float_model_back():
    model = _model()
    rounded = rounded_after_training(model, binary, which=is_first)
    latent = by_latent_weights(rounded)
    assert np.array_equal(latent(X).data, model(X).data)
    assert not np.allclose(rounded(X).data, model(X).data, atol=1e-3)


def test_share_changed_counts_codes_over_all_layers():
    model = _model()
    nn.replace_linears(model, nn.BinaryLinear.from_linear, which=lambda name: True)
    before = codes_of(model)
    assert share_changed(before, codes_of(model)) == 0
    model.layers[0].w.data[0] *= -1  # 5 of 30 and 20
    assert share_changed(before, codes_of(model)) == 0.1


def test_models_and_codes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="the MLP has no layer in few bits"):
        codes_of(_model())
    with pytest.raises(ValueError, match="the MLP has no layer in few bits"):
        by_latent_weights(_model())
    with pytest.raises(ValueError, match="share_changed: codes of a cannot be compared with tho"):
        share_changed({"a": np.ones(2)}, {"b": np.ones(2)})
