"""What the study of a language model in few bits found, as it is kept: orders of every seed."""

from functools import cache

import numpy as np

from tinyffn.studies import quantized_training as study
from tinyffn.studies import results


@cache
def runs():
    return results.load("quantized_training")["runs"]


def at_best(arm, key="value"):
    """A number of each seed, at the rate that was chosen for the arm on the validation part."""
    rate = results.best_rates(runs(), choose_by="choose")[arm]
    found = {r["seed"]: r[key] for r in runs() if (r["arm"], r["rate"]) == (arm, rate)}
    return np.array([found[seed] for seed in study.SEEDS])


def test_it_is_whole_and_only_rounding_after_training_is_best_at_an_end_of_its_grid():
    rates = {f"trained: {arm}": study.RATES for arm in study.TRAINED}
    rates |= {f"rounded: {arm}": study.RATES for arm in study.ROUNDED}
    ways = ("tuned", "from nothing")
    rates |= {f"{way}: {arm}": study.TUNING_RATES for way in ways for arm in study.TUNED}
    found = {(r["arm"], r["rate"], r["seed"]) for r in runs()}
    assert found == {(a, rate, s) for a, of in rates.items() for rate in of for s in study.SEEDS}
    at_ends = results.at_end_of_grid(runs(), choose_by="choose")
    assert all(arm.startswith("rounded: ") for arm in at_ends), at_ends


def test_training_in_signs_beats_rounding_to_signs_by_a_bit_and_has_its_price():
    trained, rounded = at_best("trained: signs"), at_best("rounded: signs")
    assert (trained < rounded - 0.9).all()
    assert (trained > at_best("trained: float32") + 0.3).all()
    assert (at_best("trained: ternary") < at_best("rounded: ternary") - 0.5).all()


def test_signs_in_the_feed_forward_layers_alone_cost_less_than_signs_everywhere():
    for way in ("trained", "rounded", "tuned"):
        assert (at_best(f"{way}: signs in FFN") < at_best(f"{way}: signs") - 0.1).all()


def test_a_tenth_of_the_steps_after_float32_is_as_good_as_all_and_needs_that_start():
    tuned = at_best("tuned: signs")
    assert abs(tuned - at_best("trained: signs")).max() < 0.1
    assert (tuned < at_best("from nothing: signs") - 0.8).all()


def test_the_latent_weights_are_not_the_model():
    for arm in ("signs", "ternary", "BitLinear b1.58"):
        assert (at_best(f"trained: {arm}", "latent") > at_best(f"trained: {arm}") + 0.3).all()
