"""What must be 0, or a whole number, and is something else as soon as the reason for it is gone."""

import numpy as np
import pytest

from tinyffn.studies.claims import identities, losses


def test_dense_layers_fold_and_with_a_bend_they_do_not():
    assert identities.stack_misfit(16) < 1e-12 < 0.1 < identities.stack_misfit(4, bends=True)


def test_the_narrowest_width_decides():
    assert identities.bottleneck_rank(64, 16) == 16 and identities.bottleneck_rank(16, 64) == 16


def test_a_feed_forward_layer_looks_at_one_token_and_attention_at_all():
    assert identities.moved_elsewhere() == 0 < identities.moved_elsewhere("attention")


@pytest.mark.parametrize("n_heads", [1, 32, 128])
def test_heads_side_by_side_are_one_wide_layer(n_heads):
    assert identities.heads_apart(n_heads) < 1e-12


def test_scaling_by_numbers_above_zero_changes_no_sign():
    assert identities.signs_changed_by_scaling() == 0


def test_losses_of_gaussian_weights_against_drawn_ones():
    w = np.random.default_rng(0).normal(size=200_000)
    values = np.abs(w).mean() * np.where(w >= 0, 1, -1)
    assert losses.sign_error() == pytest.approx(np.mean((w - values) ** 2), abs=0.003)
    assert losses.least_error(2) == pytest.approx(losses.sign_error())
    assert losses.absmax_error(8, 128) < losses.absmax_error(4, 128) < losses.least_error(3)


def test_flipped_gates_against_drawn_ones():
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(400, 50)), rng.normal(size=(2000, 400))
    flipped = np.mean((x @ w > 0) != (x @ np.where(w >= 0, 1.0, -1.0) > 0))
    assert losses.gates_flipped() == pytest.approx(flipped, abs=0.01)


@pytest.mark.parametrize(
    ("function", "arguments", "says"),
    [
        (identities.stack_misfit, (0,), "stack_misfit: depth is 0"),
        (identities.bottleneck_rank, (4, 0), "bottleneck_rank: hidden is 0"),
        (identities.heads_apart, (0,), "heads_apart: n_heads is 0"),
        (identities.moved_elsewhere, ("MLP",), "moved_elsewhere: layer is 'MLP'"),
    ],
)
def test_what_cannot_be_is_refused(function, arguments, says):
    with pytest.raises(ValueError, match=f"^{says}"):
        function(*arguments)
