"""What the study of editing found, as it is kept: orders that hold for every seed, with margins."""

from itertools import pairwise

import numpy as np
import pytest

from tinyffn.studies import editing, editing_many, editing_tracing, results
from tinyffn.studies.editing import ARMS, PUSHED, PUSHES, RATES, SEEDS, kept, run
from tinyffn.studies.editing_many import IN_TURN, KACZMARZ, TRAINED_AT_ONCE, TRAINED_IN_TURN
from tinyffn.studies.editing_tracing import PLACES, ROWS, rank_correlation


def of_seeds(part, arm, key, *, rate=None):
    """An array with a row for each seed."""
    runs = [r for r in kept(part) if r["arm"] == arm and rate in (None, r["rate"])]
    assert [r["seed"] for r in runs] == list(SEEDS)
    return np.array([r[key] for r in runs])


def at(n, arm, key, *, rate=None):
    """Of many edits: the number after n, for each seed."""
    (counts, *_) = of_seeds("many", arm, "counts", rate=rate)
    return of_seeds("many", arm, key, rate=rate)[:, list(counts).index(n)]


def test_it_is_whole_and_each_arm_runs_at_the_rate_chosen_on_other_facts():
    tuning = kept("tuning")
    found = {(r["arm"], r["rate"], r["seed"]) for r in tuning}
    assert found == {(arm, rate, seed) for arm in ARMS for rate in RATES[arm] for seed in SEEDS}
    best = results.best_rates(tuning, choose_by="choose")
    assert {(r["arm"], r["rate"]) for r in kept("edits")} == set(best.items())
    for until in PUSHES:
        pushed = {(r["arm"], r["rate"]) for r in kept(f"push {until}")}
        assert pushed == {(arm, best[arm]) for arm in PUSHED}
    assert {r["arm"] for r in kept("many")} == set(editing_many.ARMS)
    assert [r["seed"] for r in kept("tracing")] == list(SEEDS)


def test_a_rank_one_edit_with_the_covariance_does_what_it_was_made_for():
    arm = "FFN 2, answer"
    assert of_seeds("edits", arm, "efficacy").min() >= 0.95
    assert of_seeds("edits", arm, "paraphrase").min() >= 0.95
    assert of_seeds("edits", arm, "value").min() >= 0.98
    assert of_seeds("edits", arm, "others").min() >= 0.999
    assert of_seeds("edits", "unedited", "efficacy").max() < 0.05


def test_only_the_covariance_leaves_neighbours_almost_as_sure_as_they_were():
    surprise = of_seeds("edits", "FFN 2, answer", "neighbour_nats")
    for arm in ("FFN 2, answer, C = I", "values of FFN 2, SGD", "all weights, SGD"):
        assert (surprise < 0.6 * of_seeds("edits", arm, "neighbour_nats")).all()
    for place in ("FFN 2, answer", "FFN 1, answer", "FFN 1, last name"):
        with_c, without = (of_seeds("edits", arm, "value") for arm in (place, f"{place}, C = I"))
        assert (with_c > without + 0.002).all()


def test_training_the_values_alone_is_the_edit_without_covariance():
    trained, edited = "values of FFN 2, SGD", "FFN 2, answer, C = I"
    ratio = of_seeds("edits", trained, "neighbour_nats") / of_seeds(
        "edits", edited, "neighbour_nats"
    )
    assert (np.abs(np.log(ratio)) < np.log(2)).all()


def test_one_fact_can_be_trained_at_the_right_rate_and_ruins_the_model_at_a_careless_one():
    assert of_seeds("edits", "all weights, SGD", "value").min() > 0.97
    careless = of_seeds("tuning", "all weights, SGD", "value", rate=0.1)
    assert careless.max() < 0.3
    gentle = [of_seeds("push 0.99", arm, "value") for arm in ("FFN 2, answer", "all weights, SGD")]
    assert (gentle[0] > gentle[1] + 0.002).all()


def test_where_one_edits_decides_what_else_changes():
    at_answer, at_last, kept_too, at_first = (
        of_seeds("edits", arm, "subject")
        for arm in (
            "FFN 2, answer", "FFN 1, last name", "FFN 1, last name, rest kept", "FFN 1, first name",
        )
    )  # fmt: skip
    assert (at_answer > at_last + 0.1).all() and kept_too.min() > 0.97
    first, last = (of_seeds("edits", f"FFN 1, {at} name", "value") for at in ("first", "last"))
    assert (first < last - 0.05).all() and (at_first < at_answer - 0.1).all()
    assert of_seeds("edits", "FFN 2, last name", "efficacy").max() == 0  # nobody looks there later


@pytest.mark.parametrize("rate", editing.TRAINED_RATES[TRAINED_IN_TURN])
def test_edits_in_turn_add_up_and_the_covariance_holds_out_longest(rate):
    for n in (50, 100, 200):
        whole = at(n, IN_TURN, "kept")
        assert (whole > at(n, KACZMARZ, "kept") + 0.2).all()
        assert (whole > at(n, TRAINED_IN_TURN, "kept", rate=rate) + 0.05).all()
    assert (at(400, IN_TURN, "kept") < at(100, IN_TURN, "kept") - 0.3).all()
    assert (at(400, IN_TURN, "efficacy") > at(400, KACZMARZ, "efficacy") + 0.1).all()


def test_at_once_the_weight_trades_new_facts_for_old_ones():
    arms = list(editing_many.WEIGHTS)
    for few, more in pairwise(arms):
        assert (at(200, few, "kept") < at(200, more, "kept") - 0.1).all()
        assert (at(400, few, "efficacy") > at(400, more, "efficacy") + 0.05).all()


def test_the_wall_is_near_as_many_facts_as_there_are_values():
    """Fewer than 256 facts can all be met, more cannot; the old ones suffer most in between."""
    arm = "at once, λ = 1"
    assert at(256, arm, "efficacy").min() > 0.98
    assert at(400, arm, "efficacy").max() < 0.7
    for n in (100, 400):
        assert (at(256, arm, "kept") < at(n, arm, "kept") - 0.2).all()


def test_training_on_all_facts_at_once_tells_more_than_one_memory_can():
    """Other weights too, and no wall; whether more old facts are left depends on how many go in."""
    told, kept_by = (
        {
            (arm, n): at(n, arm, key, rate=rate)
            for arm, rate in ((TRAINED_AT_ONCE, 3e-4), ("at once, λ = 1", None))
            for n in (100, 200, 400)
        }
        for key in ("efficacy", "kept")
    )
    assert told[TRAINED_AT_ONCE, 400].min() > 0.98
    assert (kept_by["at once, λ = 1", 100] > kept_by[TRAINED_AT_ONCE, 100] + 0.05).all()
    assert (kept_by["at once, λ = 1", 200] < kept_by[TRAINED_AT_ONCE, 200] - 0.1).all()


def test_tracing_does_not_say_where_an_edit_works():
    indirect = np.array([r["indirect"] for r in kept("tracing")])
    total = np.array([r["total"] for r in kept("tracing")])
    answer, last = 3, 2
    rest = np.delete(indirect.reshape(len(SEEDS), -1), ROWS.index("attention 2") * 4 + answer, 1)
    assert total.min() > 0.8
    assert (indirect[:, ROWS.index("attention 2"), answer] > rest.max(axis=1) + 0.05).all()
    for place, position in (("FFN 1, answer", answer), ("FFN 1, last name", last)):
        assert indirect[:, ROWS.index("FFN 1"), position].max() < 0.1
        assert of_seeds("edits", place, "efficacy").min() > 0.95
        assert of_seeds("edits", place, "value").min() > 0.9


def test_over_facts_the_effect_tells_next_to_nothing_about_the_damage():
    for place in PLACES:
        found = []
        for traced in kept("tracing"):
            each = of_seeds("edits", place, "each")[SEEDS.index(traced["seed"])]
            found.append(rank_correlation(traced["each"][place], each["neighbour_nats"]))
        assert abs(np.mean(found)) < 0.35, place


@pytest.mark.slow
def test_what_is_kept_comes_out_again():
    """Other processors train the models to other digits, so it is near, not equal."""
    (old,) = (r for r in kept("edits") if (r["arm"], r["seed"]) == ("FFN 2, answer", 1))
    again = run("FFN 2, answer", 1, old["rate"], stop=10)
    assert again["efficacy"] == old["efficacy"] == 1.0
    assert again["value"] == pytest.approx(old["value"], abs=0.01)
    assert np.mean(again["each"]["neighbour_nats"]) == pytest.approx(
        np.mean(old["each"]["neighbour_nats"][:10]), abs=0.02
    )
    traced = editing_tracing.run(1)
    assert traced["total"] == pytest.approx(kept("tracing")[0]["total"], abs=0.05)
