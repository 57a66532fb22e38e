"""The study of the recipe: arms differ in one thing, and share all else."""

import math

import numpy as np
import pytest

from tinyffn.data import documentation, fingerprint
from tinyffn.studies import recipe
from tinyffn.studies.results import load


def test_arms_share_initial_weights_and_batches():
    for name, value in recipe.new_model(1, dropout=0.5).named_parameters():
        assert np.array_equal(value.data, dict(recipe.new_model(1).named_parameters())[name].data)
    clean, torn = recipe.new_batches(1), recipe.new_batches(1, damage=0.5)
    n_damaged = 0
    for _ in range(20):
        (ids, targets), (torn_ids, torn_targets) = next(clean), next(torn)
        n_damaged += bool(np.ptp(torn_ids) == 0)
        if np.ptp(torn_ids):
            assert np.array_equal(ids, torn_ids) and np.array_equal(targets, torn_targets)
    assert 0 < n_damaged < 20


def test_a_short_text_is_the_beginning_of_the_long_one():
    train = recipe.material()[1]
    seen = {bytes(row) for row in np.lib.stride_tricks.sliding_window_view(train[:50], 6)}
    ids, _ = next(recipe.new_batches(1, characters=50))
    assert {bytes(row) for row in ids} <= seen


def test_a_run_that_is_stopped_early_is_the_beginning_of_the_whole():
    short = recipe.run("warm-up and cosine", 0.016, 1, stop=20)["curve"]
    longer = recipe.run("warm-up and cosine", 0.016, 1, stop=40)["curve"]
    assert len(short) == 1 and len(longer) == 2
    assert short[0] == pytest.approx(longer[0], abs=0.01)
    assert recipe.run("constant", 0.016, 1, stop=20)["curve"] != short


@pytest.mark.slow
@pytest.mark.parametrize("name", recipe.arms())
def test_every_arm_runs(name):
    rate = recipe.arms()[name].rates[0]
    (bits,) = recipe.run(name, rate, 1, stop=5)["curve"]
    assert 2 < bits <= math.log2(len(recipe.material()[0]))


def test_what_ends_in_infinity_counts_as_guessing():
    run = recipe.run("SGD, damaged", 1e9, 1, stop=10)
    assert run["value"] == round(math.log2(len(recipe.material()[0])), 4)


def test_steps_are_counted_between_evaluations():
    every = recipe.EVALUATE_EVERY
    assert recipe.steps_to([4.0, 3.0, 2.0], 3.5) == 1.5 * every
    assert recipe.steps_to([4.0, 3.0, 2.0], 2.0) == 3 * every
    assert recipe.steps_to([4.0, 3.0], 5.0) == every
    assert recipe.steps_to([4.0, 3.0], 2.9) == math.inf
    assert recipe.steps_to([4.0, 5.0, 3.0], 4.5) == every  # the first time counts


def test_the_results_hold_every_arm_rate_and_seed():
    """Results made before an arm was added, or a grid changed, are noticed."""
    study = load("recipe")
    kept = {(run["arm"], run["rate"], run["seed"]) for run in study["runs"]}
    arms = recipe.arms().items()
    assert kept == {(n, rate, s) for n, arm in arms for rate in arm.rates for s in recipe.SEEDS}
    for run in study["runs"]:
        assert ("curve" in run) == (run["arm"] in recipe.DRAWN)
        if "curve" in run:
            assert run["curve"][-1] == run["value"] and len(run["curve"]) <= 30
    if study["settings"]["text"] == fingerprint(documentation()):  # else other characters
        assert study["settings"]["n_parameters"] == recipe.new_model(0).n_parameters()
