"""The study of knowledge neurons: what is measured, against arms of as many neurons."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.data import FactLanguage
from tinyffn.models import transformer
from tinyffn.nn import RMSNorm
from tinyffn.studies import neurons, results, trained
from tinyffn.studies.keyvalue.memories import memories

ARMS = {
    f"{kind}, FFN {k}: {name}"
    for kind in neurons.MODELS
    for k in (1, 2)
    for name in (
        neurons.KNOWLEDGE, neurons.RANDOM, neurons.ACTIVE, neurons.LOUDEST, neurons.DIRECT,
        neurons.FOR, neurons.WHOLE, neurons.AGAINST, neurons.SOME_FOR, *neurons.THRESHOLDS.values(),
    )
}  # fmt: skip


@pytest.fixture
def small():
    language = FactLanguage(60, rng=np.random.default_rng(0))
    rng = np.random.default_rng(1)
    model = transformer(
        len(language), 4, 8, 2, 12, 2, rng=rng, activation=ops.relu, norm=RMSNorm
    )  # fmt: skip
    return model.eval(), language


def test_each_choice_has_as_many_neurons_and_is_what_it_says(small):
    model, _ = small
    rng = np.random.default_rng(2)
    m, targets = rng.normal(size=(4, 12)), np.array([7, 7, 9, 11])
    m[:, 9:] = 0.01
    m[3] /= 1000  # what is active is judged within each fact
    model.norm.gain.data[:] = rng.normal(size=8)
    knowledge = np.zeros((4, 12), bool)
    knowledge[:, 0] = knowledge[1, 3] = True
    found = neurons.choices(model, 1, knowledge, m, targets, rng=rng)
    for chosen in found.values():
        assert chosen.sum(axis=1).tolist() == [1, 2, 1, 1]
    assert np.array_equal(found[neurons.KNOWLEDGE], knowledge)
    assert not found[neurons.ACTIVE][:, 9:].any()
    v = memories(model)[1].values
    for i, target in enumerate(targets):
        lengths = [np.linalg.norm(m[i, j] * v[j]) for j in range(12)]
        assert found[neurons.LOUDEST][i, np.argmax(lengths)]
        logits = [m[i, j] * v[j] * model.norm.gain.data @ model.head.w.data for j in range(12)]
        assert found[neurons.DIRECT][i, np.argmax(np.array(logits)[:, target])]


def test_what_is_measured_is_whole(small):
    found = neurons.measure(*small, 1, seed=3, n_facts=6)
    assert list(found) == [
        neurons.KNOWLEDGE, neurons.RANDOM, neurons.ACTIVE, neurons.LOUDEST, neurons.DIRECT,
        neurons.FOR, neurons.WHOLE, neurons.AGAINST, neurons.SOME_FOR, *neurons.THRESHOLDS.values(),
    ]  # fmt: skip
    low, high = (found[name]["n_neurons"] for name in neurons.THRESHOLDS.values())
    assert high <= found[neurons.KNOWLEDGE]["n_neurons"] <= low and high < low
    n_for, n_against = (found[name]["n_neurons"] for name in (neurons.FOR, neurons.AGAINST))
    assert n_for > 0 < n_against and n_for + n_against <= 12  # the others are off
    assert 0 < found[neurons.FOR]["n_neurons"] < found[neurons.WHOLE]["n_neurons"] == 12
    knowledge = found[neurons.KNOWLEDGE]
    assert len(knowledge["each"]) == len(knowledge["n_each"]) == 6
    assert np.mean(knowledge["each"]) == pytest.approx(knowledge["value"], abs=1e-3)
    assert set(knowledge["gap"]) == {"10", "20", "40"}
    assert knowledge["n_neurons"] == pytest.approx(np.mean(knowledge["n_each"]), abs=1e-3)
    assert all(what["before"] == knowledge["before"] for what in found.values())
    assert neurons.measure(*small, 1, seed=3, n_facts=6) == found


def test_neurons_are_chosen_and_judged_with_other_fillers(small, monkeypatch):
    model, language = small
    model.norm.gain.data *= 5  # so that its answers differ
    facts = np.sort(np.random.default_rng([3, 3]).permutation(len(language.objects))[:40])
    asked, judged = ([language.prompts(facts, paraphrase=p, filler=(facts + shift) % 20)
                      for p in range(3)] for shift in (0, 7))  # fmt: skip
    chosen_with, memory, targets = [], memories(model)[1], language.objects[facts]
    credit = neurons.integrated_gradients

    def noted(model, memory, ids, *rest, **settings):
        chosen_with.append(ids)
        return credit(model, memory, ids, *rest, **settings)

    monkeypatch.setattr(neurons, "integrated_gradients", noted)
    monkeypatch.setattr(neurons, "shared", lambda *facts: {})
    whole = neurons.measure(*small, 1, seed=3, n_facts=40)[neurons.WHOLE]
    assert len({whole["value"], whole["before"], whole["doubled"]}) == 3
    for ids, expected in zip(chosen_with, asked, strict=False):
        assert np.array_equal(ids, expected)
    for name, factor in {"value": 0, "before": 1, "doubled": 2}.items():
        with neurons.scaled(memory, np.ones(12, bool), factor):
            each = [neurons.chances(model, ids, targets) for ids in judged]
        assert whole[name] == pytest.approx(np.mean(each), abs=1e-4)
    every = np.arange(240)
    everyone = [language.prompts(every, paraphrase=p, filler=(every + 7) % 20) for p in range(3)]
    mean = np.mean([neurons.coefficients(model, ids)[1][:, -1] for ids in everyone], axis=(0, 1))
    with neurons.held_at(memory, np.ones(12, bool), mean):
        each = [neurons.chances(model, ids, targets) for ids in judged]
    assert whole["at_mean"] == pytest.approx(np.mean(each), abs=1e-4)
    assert len({whole["at_mean"], whole["value"], whole["before"]}) == 3


def test_a_fact_s_own_fall_is_not_that_of_others(small):
    model, language = small
    model.norm.gain.data *= 5
    memory = memories(model)[1]
    chosen = np.arange(12)[None] < 6
    ids = language.prompts(np.arange(240), paraphrase=0, filler=(np.arange(240) + 7) % 20)
    before = neurons.chances(model, ids, language.objects)
    with neurons.scaled(memory, chosen, 0):
        fall = before - neurons.chances(model, ids, language.objects)
    fact = fall.argmax()
    same = language.objects == language.objects[fact]
    found = neurons.shared(model, language, memory, np.array([fact]), chosen)
    assert same.sum() > 1 and found["used"] == 0.5 and found["facts_each"] == 1
    assert found["other_answer"] == pytest.approx(fall[~same].mean(), abs=1e-4)
    with_itself, same[fact] = fall[same].mean(), False
    assert abs(fall[same].mean() - with_itself) > 2e-4
    assert found["same_answer"] == pytest.approx(fall[same].mean(), abs=1e-4)


def test_an_unknown_model_is_named():
    with pytest.raises(ValueError, match="neurons: there is no model 'GLU', only ReLU, SwiGLU"):
        neurons.run("GLU", 1)
    with pytest.raises(ValueError, match="neurons: nothing is kept of ReLU, FFN 3"):
        neurons.kept("ReLU", 2)


def test_the_command_makes_every_run(monkeypatch):
    kept = []
    monkeypatch.setattr(neurons, "run", lambda *plan: [plan])
    monkeypatch.setattr(neurons, "keep_freed_memory", lambda: None)
    monkeypatch.setattr(results, "keep", lambda name, runs, settings: kept.extend(runs))
    neurons.main()
    assert set(kept) == {(kind, seed) for kind in neurons.MODELS for seed in neurons.SEEDS}


def test_what_is_kept_is_complete():
    kept = results.load("neurons")["runs"]
    assert {(run["arm"], run["seed"]) for run in kept} == {
        (arm, seed) for arm in ARMS for seed in neurons.SEEDS
    }
    sizes = {run["n_parameters"] for run in kept}
    assert max(sizes) / min(sizes) < 1.01
    for run in neurons.kept("ReLU", 1):
        assert run["before"] > 0.95


@pytest.mark.slow
def test_the_model_that_ships_shows_what_is_kept_of_its_seed():
    model, about = trained.load("facts")
    found = neurons.measure(model, trained.facts_of(about), 1, seed=1, n_facts=neurons.N_FACTS)
    for run in neurons.kept("ReLU", 1):
        if run["seed"] == about["training"]["seed"]:
            for what in ("value", "at_mean"):
                assert abs(found[run["arm"]][what] - run[what]) < 0.05


def test_what_is_said_of_the_last_memory_holds_in_every_seed_of_both_kinds():
    for kind in neurons.MODELS:
        for what in ("value", "at_mean"):
            of = {(run["arm"], run["seed"]): run[what] for run in neurons.kept(kind, 1)}
            for seed in neurons.SEEDS:
                few, active, whole, for_it, low, high = (
                    of[arm, seed]
                    for arm in (neurons.KNOWLEDGE, neurons.ACTIVE, neurons.WHOLE, neurons.FOR,
                                *neurons.THRESHOLDS.values())
                )  # fmt: skip
                assert for_it < whole - 0.05  # what opposes the answer is left alone
                assert low < few < high < active and few < active - 0.03
