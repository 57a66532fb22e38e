"""The study of recall and copying: fair arms, tasks as described, runs that can be made again."""

import math

import numpy as np
import pytest

from tinyffn.studies import recall, results
from tinyffn.studies.activations import n_parameters


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("task", "arm"), [(task, arm) for task in recall.TASKS for arm in recall.arms(task)]
)
def test_arms_hold_as_many_parameters_as_attention_and_read_the_task(task, arm):
    n = n_parameters(recall.make_model(task, "attention", rng=rng()))
    model = recall.make_model(task, arm, rng=rng())
    times = 4 if arm == recall.LARGE else 1
    assert n_parameters(model) == pytest.approx(times * n, rel=0.011)
    ids, targets = next(recall.batches(task, rng=rng()))
    assert ids.max() < recall.TASKS[task][2] and ids.shape[1] == recall.TASKS[task][3]
    assert model(ids).shape == (*targets.shape, recall.TASKS[task][2])


def test_all_arms_have_the_same_token_shift_in_front():
    for arm in recall.ARMS:
        shift, *blocks = recall.make_model("copying", arm, rng=rng()).blocks
        assert type(shift).__name__ == "TokenShift" and len(blocks) == recall.N_LAYERS
        d = shift.now.size
        assert shift.now.data.tolist() == [1.0] * (d // 2) + [0.0] * (d // 2)


def test_only_the_arm_with_attention_has_a_table_of_positions():
    for arm in recall.ARMS:
        model = recall.make_model("copying", arm, rng=rng())
        assert (model.position is not None) == (arm == "attention")


def test_the_rotary_arm_turns_and_the_one_with_a_table_does_not():
    for arm, turns in (("attention", False), (recall.ROTARY, True)):
        _, *blocks = recall.make_model("copying", arm, rng=rng()).blocks
        assert [block.attention.rotary for block in blocks] == [turns] * recall.N_LAYERS


def test_the_longer_task_is_recall_of_64_with_more_steps():
    """So far as both go, a longer run differs in its schedule alone."""
    assert recall.arms(recall.LONGER) == ("gMLP",)
    assert recall.STEPS[recall.LONGER] == 4 * recall.STEPS["recall of 64"]
    assert recall.TASKS[recall.LONGER] == recall.TASKS["recall of 64"]
    of = [recall.make_model(task, "gMLP", rng=rng()) for task in (recall.LONGER, "recall of 64")]
    for one, other in zip(*(model.parameters() for model in of), strict=True):
        np.testing.assert_array_equal(one.data, other.data)


def test_percent_right_counts_only_what_is_asked():
    rows = [next(recall.batches("copying", rng=rng()))]

    def knows(ids):
        logits = np.zeros((*ids.shape, 32))
        logits[:, 20:][np.arange(16)[:, None], np.arange(44), ids[:, :44]] = 1.0
        return type("Logits", (), {"data": logits})

    assert recall.percent_right(knows, rows) == 100
    ids, targets = rows[0]
    targets[:, 20:42] = (targets[:, 20:42] + 1) % 32
    assert recall.percent_right(knows, [(ids, targets)]) == 50


def test_steps_to_learn_is_the_first_time():
    assert recall.steps_to_learn([3.0, 94.9, 95.0, 80.0, 99.0]) == 30
    assert recall.steps_to_learn([3.0, 94.9]) == math.inf


def test_a_run_is_the_same_again_and_its_first_part_is_that_of_the_whole(monkeypatch):
    monkeypatch.setitem(recall.STEPS, "copying", 30)
    whole = recall.run("copying", "gMLP and a tiny head", 1, 0.01)
    part = recall.run("copying", "gMLP and a tiny head", 1, 0.01, stop=20)
    assert recall.run("copying", "gMLP and a tiny head", 1, 0.01) == whole
    assert len(whole["curve"]) == 3 and whole["curve"][:2] == part["curve"]
    assert whole["value"] == math.inf and whole["arm"] == "copying: gMLP and a tiny head"


def test_copying_ends_when_it_is_learnt(monkeypatch):
    monkeypatch.setattr(recall, "LEARNT", 0.0)
    run = recall.run("copying", "gMLP", 1, 0.01)
    assert run["value"] == run["choose"] == 10 and len(run["curve"]) == 1


def test_recall_is_scored_at_the_end(monkeypatch):
    monkeypatch.setitem(recall.STEPS, "recall of 16", 80)
    monkeypatch.setattr(recall, "WARMUP_STEPS", 10)
    run = recall.run("recall of 16", "attention", 1, 0.01)
    assert len(run["curve"]) == 2 and run["value"] == pytest.approx(run["curve"][-1], abs=6)


def test_a_run_that_explodes_keeps_nothing(monkeypatch):
    monkeypatch.setitem(recall.STEPS, "recall of 16", 80)
    with np.errstate(all="ignore"):
        run = recall.run("recall of 16", "attention", 1, 1e30)
    assert run["value"] is None and run["curve"] == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: recall.make_model("adding", "gMLP", rng=rng()), "no task 'adding', only recall o"),
        (lambda: recall.make_model("copying", "RNN", rng=rng()), "no arm 'RNN', only attention, a"),
        (
            lambda: recall.batches("adding", rng=rng()),
            "no task 'adding', only recall of 8, recall of 16",
        ),
        (lambda: recall.arms("adding"), "no task 'adding', only recall of 8, recall of 16"),
        (lambda: recall.kept("adding"), "no task 'adding', only recall of 8, recall of 16"),
        (lambda: recall.run("copying", "gMLP", 1, 0.0), "training: rate is 0.0"),
    ],
)
def test_what_does_not_fit_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("task", recall.TASKS)
def test_what_is_kept_is_complete(task):
    runs = recall.kept(task)
    named = {(run["arm"], run["rate"], run["seed"]) for run in runs}
    arms, seeds = recall.arms(task), recall.SEEDS
    assert named == {(a, rate, s) for a in arms for rate in recall.rates(task, a) for s in seeds}
    settings = results.load("recall")["settings"]
    for arm in arms:
        n = n_parameters(recall.make_model(task, arm, rng=rng()))
        assert settings["n_parameters"][f"{task}: {arm}"] == n
    assert settings["steps"] == recall.STEPS


def test_what_is_kept_comes_out_again():
    """In its first tenth: if the data or a layer changes, the study must be run again."""
    (old,) = (
        run
        for run in recall.kept("recall of 16")
        if (run["arm"], run["seed"], run["rate"]) == ("gMLP", 1, 0.01)
    )
    new = recall.run("recall of 16", "gMLP", 1, 0.01, stop=recall.STEPS["recall of 16"] // 10)
    assert new["curve"] == pytest.approx(old["curve"][:2], abs=3)


def test_the_command_writes_what_kept_reads(monkeypatch, tmp_path):
    monkeypatch.setattr(recall, "ARMS", {"gMLP": {}})
    monkeypatch.setattr(recall, "TASKS", {"copying": recall.TASKS["copying"]})
    monkeypatch.setattr(recall, "SEEDS", (1, 2))
    monkeypatch.setattr(recall, "RATES", {"copying": (0.01,)})
    monkeypatch.setattr(recall, "STEPS", {"copying": 10})
    keep, load = results.keep, results.load
    monkeypatch.setattr(results, "keep", lambda *args, **told: keep(*args, folder=tmp_path, **told))
    monkeypatch.setattr(results, "load", lambda study: load(study, folder=tmp_path))
    recall.main()
    runs = recall.kept("copying")
    assert [run["seed"] for run in runs] == [1, 2] and runs[0]["value"] is None
    assert "curve" in runs[0] and "curve" not in runs[1]
