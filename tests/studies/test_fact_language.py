"""The study of the facts language: fair arms, tasks as described, runs that can be made again."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.studies import fact_language as study

SMALL = {"n_subjects": 8, "d_model": 16, "d_ff": 64}


@pytest.mark.parametrize("task", study.TASKS)
def test_arms_leave_out_what_they_say(task):
    models = {arm: study.make_model(task, arm, 1) for arm in study.ARMS}
    for arm, model in models.items():
        assert len(model.blocks) == (6 if "6 layers" in arm else 2)
        for block in model.blocks:
            assert (block.attention is None) == (arm == "FFN only")
            assert (block.feed_forward is None) == ("attention only" in arm)
    d, d_ff = study.TASKS[task]["d_model"], study.TASKS[task]["d_ff"]
    for arm, activation in ((study.WHOLE, ops.gelu), ("linear FFN", ops.identity)):
        layer = models[arm].blocks[0].feed_forward
        assert layer.activation is activation and layer.up.w.shape == (d, d_ff)


@pytest.mark.parametrize("task", study.TASKS)
def test_two_arms_hold_as_many_parameters_as_the_whole(task):
    n = {arm: study.make_model(task, arm, 1).n_parameters() for arm in study.ARMS}
    assert n["linear FFN"] == n[study.WHOLE]
    assert n["attention only, 6 layers"] == pytest.approx(n[study.WHOLE], rel=0.01)
    assert n["attention only"] < 0.6 * n[study.WHOLE]


def test_arms_of_a_seed_start_with_the_same_vectors_and_those_of_two_seeds_do_not():
    first = {
        arm: dict(study.make_model("crowded", arm, 2).named_parameters()) for arm in study.ARMS
    }
    other = dict(study.make_model("crowded", study.WHOLE, 3).named_parameters())
    for name in study.SHARED:
        for parameters in first.values():
            assert np.array_equal(parameters[name].data, first[study.WHOLE][name].data)
        assert not np.array_equal(other[name].data, first[study.WHOLE][name].data)
    for name in first[study.WHOLE]:  # with a linear FFN, all the rest as well
        assert np.array_equal(first["linear FFN"][name].data, first[study.WHOLE][name].data), name


def test_the_share_of_facts_that_are_answered_right():
    language = study.make_language("roomy", 1)
    facts = np.arange(40)

    class Knows(nn.Module):
        """Says the right object, but of every fourth fact the word before it."""

        def __call__(self, ids):
            logits = np.zeros((*ids.shape, len(language)), np.float32)
            said = language.objects[facts] - (facts % 4 == 0)
            logits[np.arange(40), -1, said] = 1.0
            return ops.identity(nn.Parameter(logits))

    assert study.share_right(Knows(), language, facts, paraphrase=2) == 0.75


def test_the_lead_of_the_right_word_is_over_the_nineteen_others():
    language = study.make_language("roomy", 1)
    scores = np.random.default_rng(0).normal(size=(1600, len(language)))
    found = study.lead(language, scores)
    for fact in (0, 1, 2, 3, 777):
        others = [w for w in language.choices[fact] if w != language.objects[fact]]
        assert len(others) == 19
        mean = sum(scores[fact, w] for w in others) / 19
        assert found[fact] == pytest.approx(scores[fact, language.objects[fact]] - mean)


def test_who_sees_the_last_word_alone_says_the_most_frequent_object():
    language = study.make_language("roomy", 1)
    right = sum(
        max(np.sum(language.objects[language.relations == r] == o) for o in range(len(language)))
        for r in range(4)
    )
    assert study.best_without_names(language) == right / 1600
    assert 1 / 20 < study.best_without_names(language) < 0.09


def test_without_attention_an_answer_depends_on_the_last_word_alone():
    language, model = study.make_language("crowded", 1), study.make_model("crowded", "FFN only", 1)
    prompts = language.prompts(np.arange(0, 400, 4), paraphrase=0, filler=3)
    answers = model(prompts).data[:, -1]
    np.testing.assert_allclose(answers, np.broadcast_to(answers[0], answers.shape), atol=1e-5)


def test_a_run_is_the_same_again_and_its_first_part_is_that_of_the_whole(monkeypatch):
    monkeypatch.setitem(study.TASKS, "roomy", SMALL)
    monkeypatch.setitem(study.STEPS, "roomy", 20)
    whole = study.run("roomy", "attention only", 1, 3e-3)
    part = study.run("roomy", "attention only", 1, 3e-3, stop=6)
    assert study.run("roomy", "attention only", 1, 3e-3) == whole
    assert len(whole["curve"]) == 10 and len(whole["losses"]) == 20
    assert whole["curve"][:3] == part["curve"] and whole["losses"][:6] == part["losses"]
    assert whole["value"] == whole["curve"][-1] and whole["arm"] == "roomy: attention only"
    assert whole["loss"] == pytest.approx(np.mean(whole["losses"][-2:]), abs=1e-4)


def test_facts_are_learnt_by_heart(monkeypatch):
    monkeypatch.setitem(study.TASKS, "roomy", SMALL)
    monkeypatch.setitem(study.STEPS, "roomy", 60)
    run = study.run("roomy", study.WHOLE, 1, 0.02)
    assert run["value"] > 90 and run["losses"][0] > 3 > 1 > run["losses"][-1]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: study.make_language("tiny", 1), "there is no task 'tiny', only roomy, crowded"),
        (lambda: study.kept("tiny"), "there is no task 'tiny', only roomy, crowded"),
        (lambda: study.make_model("roomy", "neither", 1), "no arm 'neither', only both, linear"),
        (lambda: study.run("roomy", "both", 1, 0.0), "run: rate is 0.0, but"),
        (lambda: study.run("roomy", "both", 1, 0.1, stop=0), "run: stop is 0, but"),
        (lambda: study.run("roomy", "both", 1, 0.1, stop=601), "run: stop is 601, but the runs of"),
    ],
)
def test_what_does_not_fit_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_command_writes_what_kept_reads(monkeypatch, tmp_path):
    monkeypatch.setattr(study, "TASKS", {"roomy": SMALL, "crowded": SMALL})
    monkeypatch.setattr(study, "ARMS", {study.WHOLE: {}})
    monkeypatch.setattr(study, "SEEDS", (1, 2))
    monkeypatch.setattr(study, "RATES", {"roomy": (0.003,), "crowded": (0.003,)})
    monkeypatch.setattr(study, "STEPS", {"roomy": 20, "crowded": 20})
    keep, load = study.results.keep, study.results.load
    monkeypatch.setattr(study.results, "keep", lambda *a, **k: keep(*a, **k, folder=tmp_path))
    monkeypatch.setattr(study.results, "load", lambda name: load(name, folder=tmp_path))
    study.main()
    assert [(r["arm"], r["seed"]) for r in study.kept("crowded")] == [("both", 1), ("both", 2)]
    assert all("n_parameters" not in r for r in study.kept("roomy"))


@pytest.mark.parametrize("task", study.TASKS)
def test_what_is_kept_is_complete(task):
    runs = study.kept(task)
    named = {(run["arm"], run["rate"], run["seed"]) for run in runs}
    assert named == {
        (arm, rate, seed)
        for arm in study.ARMS
        for rate in study.RATES[task]
        for seed in study.SEEDS
    }
    assert all(len(run["curve"]) == 10 and len(run["losses"]) == 20 for run in runs)
    settings = study.results.load("fact_language")["settings"]
    for arm in study.ARMS:
        n = study.make_model(task, arm, 1).n_parameters()
        assert settings["n_parameters"][f"{task}: {arm}"] == n
    assert settings["steps"] == study.STEPS and settings["tasks"] == study.TASKS


@pytest.mark.parametrize("task", study.TASKS)
def test_no_arm_is_best_at_an_end_of_its_rates_but_the_one_that_cannot_learn(task):
    runs = study.kept(task)
    assert study.results.at_end_of_grid(runs, choose_by="loss") == ["FFN only"]
    best = {seed: study.best_without_names(study.make_language(task, seed)) for seed in study.SEEDS}
    for run in runs:
        if run["arm"] == "FFN only":
            assert run["value"] <= 100 * best[run["seed"]] + 0.01


@pytest.mark.parametrize(
    ("task", "arm", "rate", "seed"),
    [
        ("roomy", "both", 0.006, 1),
        pytest.param("crowded", "attention only, 6 layers", 0.008, 2, marks=pytest.mark.slow),
        pytest.param("crowded", "both", 0.008, 3, marks=pytest.mark.slow),
    ],
)
def test_what_is_kept_comes_out_again(task, arm, rate, seed):
    """In its first tenth: if the data or a layer changes, the study must be run again."""
    (old,) = (
        run
        for run in study.kept(task)
        if (run["arm"], run["rate"], run["seed"]) == (arm, rate, seed)
    )
    new = study.run(task, arm, seed, rate, stop=study.STEPS[task] // 10)
    assert np.abs(np.subtract(new["losses"], old["losses"][:2])).max() < 0.02
    assert abs(new["value"] - old["curve"][0]) < 2
