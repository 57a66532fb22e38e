"""What the study of digits in few bits found, as it is kept: orders that hold for every seed."""

from functools import cache

import numpy as np
import pytest

from tinyffn.studies import quantized_digits as study
from tinyffn.studies import results


@cache
def runs():
    return results.load("quantized_digits")["runs"]


def at_best(arm, key="value"):
    """A number of each seed, at the rate that was chosen for the arm on other pictures."""
    rate = results.best_rates(runs(), best=max, choose_by="choose")[arm]
    found = {r["seed"]: r[key] for r in runs() if (r["arm"], r["rate"]) == (arm, rate)}
    return np.array([found[seed] for seed in study.SEEDS])


def test_it_is_whole_and_no_best_rate_is_at_the_end_of_the_grid():
    ways = {f"trained: {arm}" for arm in study.TRAINED}
    ways |= {f"rounded: {arm}" for arm in study.SCHEMES}
    ways |= {f"{way}: {arm}" for way in ("tuned", "one epoch") for arm in study.TUNED}
    found = {(r["arm"], r["rate"], r["seed"]) for r in runs()}
    assert found == {(w, rate, seed) for w in ways for rate in study.RATES for seed in study.SEEDS}
    assert results.at_end_of_grid(runs(), best=max, choose_by="choose") == []


def test_training_in_signs_beats_rounding_to_signs_by_ten_points():
    assert (at_best("trained: signs") >= at_best("rounded: signs") + 10).all()
    assert (at_best("trained: ternary") >= at_best("rounded: ternary") + 5).all()
    lost = at_best("trained: float32").mean() - at_best("trained: signs").mean()
    assert -1 < lost < 3


def test_one_epoch_from_the_float_model_makes_most_of_it_up_and_needs_that_model():
    for arm in ("signs", "ternary"):
        tuned, trained = at_best(f"tuned: {arm}"), at_best(f"trained: {arm}")
        assert (tuned > at_best(f"rounded: {arm}") + 4).all()
        assert (tuned > at_best(f"one epoch: {arm}") + 3).all()
        assert tuned.mean() < trained.mean()
    assert (at_best("tuned: signs", "changed") < 5).all()


def test_the_latent_weights_are_not_the_model():
    for arm in ("signs", "ternary", "BinaryConnect", "BitLinear b1.58", "XNOR"):
        latent, rounded = at_best(f"trained: {arm}", "latent"), at_best(f"trained: {arm}")
        assert (latent < rounded - 2).all()


def test_four_bits_cost_little_two_bits_cost_more_than_signs():
    """Two bits as absmax has them: -1, 0 and 1 times the largest weight."""
    assert abs(at_best("rounded: 4 bits") - at_best("trained: float32")).max() < 1
    assert (at_best("rounded: 2 bits") < at_best("rounded: signs") - 5).all()


def test_signs_for_inputs_too_cost_far_more_than_signs_for_weights():
    assert (at_best("trained: XNOR") < at_best("trained: signs") - 8).all()


def test_a_model_trained_at_a_larger_rate_rounds_worse():
    """Right answers of the float model are as many, or more; those of the rounded one fall."""
    means = {
        (r["arm"], r["rate"]): np.mean(
            [s["value"] for s in runs() if (s["arm"], s["rate"]) == (r["arm"], r["rate"])]
        )
        for r in runs()
    }
    for low, high in ((3e-3, 1e-2), (1e-2, 3e-2)):
        fall = [means[f"{way}", low] - means[f"{way}", high] for way in
                ("rounded: signs", "trained: float32")]  # fmt: skip
        assert fall[0] > fall[1] + 4


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["signs", "float32"])
def test_a_tenth_of_a_run_made_again_lands_on_the_curve_that_was_kept(arm):
    wanted = (f"trained: {arm}", 1e-2, 1)
    kept = next(r for r in runs() if (r["arm"], r["rate"], r["seed"]) == wanted)
    again, _ = study.run(arm, 1, 1e-2, stop=study.EPOCH)
    assert abs(again["curve"][0] - kept["curve"][0]) < 3
