"""The study of editing: what arms share, what they change and put back, and what was found."""

import math
import re
from functools import partial

import numpy as np
import pytest

from tinyffn.nn import Module
from tinyffn.studies import editing, editing_bench, editing_many, editing_tracing, results, trained
from tinyffn.studies.editing import ARMS, RATES, SEEDS, kept, new_values, run
from tinyffn.studies.editing_bench import bench, prompts_of
from tinyffn.studies.editing_tracing import rank_correlation
from tinyffn.studies.keyvalue.edit import rank_one_edit
from tinyffn.studies.keyvalue.memories import memories
from tinyffn.studies.keyvalue.scores import edit_scores, told


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Benches whose models were trained for a few steps only, forgotten afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trained, "facts_model", partial(trained.facts_model, steps=5))
        patch.setattr(editing_bench, "N_KEYS", 400)
        bench.cache_clear()
        yield
    for cached in (bench, new_values, editing_many._values):
        cached.cache_clear()


def test_a_bench_has_every_fact_once_and_another_object_of_its_relation():
    model, language, facts, objects, c = bench(1)
    assert np.array_equal(np.sort(facts), np.arange(1600))
    assert (objects != language.objects[facts]).all()
    assert (language.choices[facts] == objects[:, None]).any(axis=1).all()
    assert [len(each) for each in c] == [256, 256] and bench(1).model is model
    prompts = prompts_of(language, facts[:3])
    assert prompts.shape == (3, 5, 4)
    assert np.array_equal(prompts[2, 4], language.prompts(facts[2:3], paraphrase=0, filler=4)[0])


@pytest.mark.parametrize("arm", ARMS)
def test_an_edit_changes_what_it_says_and_the_model_is_put_back(arm, monkeypatch):
    monkeypatch.setattr(editing, "STEPS", 2)
    model = bench(1).model
    before = model.state_dict()
    (edited,) = editing.edited_models(arm, 1, 0.05, 7, 8)
    with edited:
        now = model.state_dict()
    changed = [name for name in now if np.abs(now[name] - before[name]).max() > 1e-6]
    how = ARMS[arm]
    if how is None or arm == "FFN 2, last name":
        assert changed == []
    elif isinstance(how, editing.RankOne):
        assert changed == [f"blocks.{how.layer}.feed_forward.down.w"]
    elif how.what == "values":
        assert changed == ["blocks.1.feed_forward.down.w"]
    else:
        assert len(changed) > 20
    after = model.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("arm", ["FFN 2, answer", "FFN 2, answer, C = I"])
def test_a_rank_one_edit_writes_along_the_key_or_along_what_the_covariance_makes_of_it(arm):
    w = memories(bench(1).model)[1].layer.down.w
    before = w.data
    (edited,) = editing.edited_models(arm, 1, 0.05, 7, 8)
    with edited:
        change = w.data - before
    ((key,), _) = new_values(1, 1, 3, False, 0.05, 7, 8, until=editing.UNTIL)
    along = key if arm.endswith("I") else np.linalg.solve(bench(1).c[1], key)
    column = change @ change.sum(axis=0)
    cosine = column @ along / np.linalg.norm(column) / np.linalg.norm(along)
    assert abs(cosine) == pytest.approx(1, abs=1e-3)


def test_the_rest_of_a_subject_is_kept_by_asking_for_it(monkeypatch):
    seen = []

    def note(model, memory, prompts, position, targets, **settings):
        seen.append((prompts, targets))

    monkeypatch.setattr(editing, "find_values", note)
    _, language, facts, objects, _ = bench(1)
    new_values(1, 0, 2, True, 0.1, 3, 5)
    prompts, targets = seen[0]
    assert prompts.shape == (2, 20, 4) and targets.shape == (2, 20)
    assert np.array_equal(prompts[:, :5], prompts_of(language, facts[3:5]))
    assert (targets[:, :5] == objects[3:5, None]).all()
    assert (prompts[:, :, 1:3] == language.names[facts[3:5]][:, None]).all()
    for i in (0, 1):
        relations = (prompts[i, :, 3] - 80) // 3
        assert np.bincount(relations).tolist() == [5, 5, 5, 5]
        for relation, answer in zip(relations, targets[i], strict=True):
            fact = facts[3 + i] // 4 * 4 + relation
            is_edited = fact == facts[3 + i]
            assert answer == (objects[3 + i] if is_edited else language.objects[fact])


@pytest.mark.parametrize("arm, has_c", [("FFN 2, answer", True), ("FFN 2, answer, C = I", False)])
def test_each_column_of_a_change_is_a_multiple_of_the_key_or_of_the_covariance_s(arm, has_c):
    keys, _ = new_values(1, 1, editing_bench.ANSWER, False, 0.05, 7, 8)
    w = memories(bench(1).model)[1].layer.down.w
    before = w.data.copy()
    (edited,) = editing.edited_models(arm, 1, 0.05, 7, 8)
    with edited:
        change = (w.data - before).astype(float)
    u = np.linalg.solve(bench(1).c[1], keys[0]) if has_c else keys[0].astype(float)
    rest = change - np.outer(u, u @ change) / (u @ u)
    assert np.linalg.norm(rest) < 1e-3 * np.linalg.norm(change)


def test_a_run_is_the_mean_of_its_edits():
    found = run("unedited", 1, 0.0, start=2, stop=4)
    model, language, facts, objects, _ = bench(1)
    each = [edit_scores(model, language, facts[i], objects[i]) for i in (2, 3)]
    for name, key in {"neighbours": "value", "others": "others", "subject": "subject"}.items():
        assert found[key] == pytest.approx(np.mean([s[name] for s in each]), abs=1e-5)
    missed = 2 - found["efficacy"] - found["paraphrase"]
    assert found["choose"] == pytest.approx(
        found["neighbour_nats"] + math.log(20) * missed, abs=1e-4
    )
    assert len(found["each"]["paraphrase"]) == 2


@pytest.mark.parametrize("arm", editing_many.ARMS)
def test_many_edits_are_scored_together_and_taken_back(arm, monkeypatch):
    monkeypatch.setattr(editing_many, "STEPS", 3)
    model = bench(1).model
    before = model.state_dict()
    untouched = editing_many.score(bench(1), 3)
    found = editing_many.run(arm, 1, 0.03, counts=(1, 3))
    assert all(len(found[name]) == 2 for name in untouched)
    assert found["value"] == found["kept"][-1]
    assert found["kept_nats"][-1] != pytest.approx(untouched["kept_nats"], abs=1e-6)
    after = model.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_edits_are_scored_with_fillers_they_never_saw_and_others_without_them():
    of, fillers = bench(1), []

    class Noting(Module):
        def __call__(self, ids):
            fillers.append(ids[:, 0])
            return of.model(ids)

    found = editing_many.score(of._replace(model=Noting()), 30)
    seen_by_edits = prompts_of(of.language, of.facts[:1])[0, :, 0]
    assert not np.isin(np.concatenate(fillers[:3]), seen_by_edits).any()
    is_right, nats = told(of.model, of.language)
    assert found["kept"] == pytest.approx(is_right[of.facts[30:]].mean(), abs=1e-9)
    assert found["kept_nats"] == pytest.approx(nats[of.facts[30:]].mean(), abs=1e-9)


def test_edits_at_once_come_nearer_to_the_new_values_the_less_the_old_count(monkeypatch):
    monkeypatch.setattr(editing_many, "STEPS", 3)
    w = memories(bench(1).model)[-1].layer.down.w
    keys, values = editing_many._values(1, 0.1, 3)
    gaps = [np.linalg.norm(keys @ w.data - values)]
    for arm in reversed(editing_many.WEIGHTS):
        for _ in editing_many._at_once(arm, 1, 0.1, (3,)):
            gaps.append(np.linalg.norm(keys @ w.data - values))
    assert len(gaps) == 4 and gaps == sorted(gaps, reverse=True) and gaps[-1] < 0.5 * gaps[0]


@pytest.mark.parametrize("arm", [editing_many.IN_TURN, editing_many.KACZMARZ])
def test_one_edit_in_turn_is_the_rank_one_edit_with_or_without_the_covariance(arm, monkeypatch):
    monkeypatch.setattr(editing_many, "STEPS", 3)
    w = memories(bench(1).model)[-1].layer.down.w
    before = w.data.copy()
    (key,), (value,) = editing_many._values(1, 0.1, 1)
    c = bench(1).c[1] if arm == editing_many.IN_TURN else np.eye(256)
    for _ in editing_many._in_turn(arm, 1, 0.1, (1,)):
        found = w.data.copy()
    w.data[...] = before
    np.testing.assert_allclose(found, rank_one_edit(before, key, value, c), atol=1e-5)


def test_edits_in_turn_add_up(monkeypatch):
    """After three: the values differ by a matrix of rank three, made by three keys."""
    monkeypatch.setattr(editing_many, "STEPS", 3)
    w = memories(bench(1).model)[-1].layer.down.w
    before = w.data.copy()
    ranks = []
    for _ in editing_many._in_turn(editing_many.IN_TURN, 1, 0.1, (1, 3)):
        ranks.append(np.linalg.matrix_rank((w.data - before).astype(float), tol=1e-4))
    w.data[...] = before
    assert ranks == [1, 3]


def test_tracing_gives_a_number_for_each_place():
    found = editing_tracing.run(1, n_facts=3, n_draws=2)
    indirect = np.array(found["indirect"])
    assert indirect.shape == (4, 4) and not indirect[:, 0].any() and not indirect[2:, :3].any()
    assert found["value"] == found["total"]
    for place, (row, position) in editing_tracing.PLACES.items():
        of_facts = found["each"][place]
        assert len(of_facts) == 3
        assert np.mean(of_facts) == pytest.approx(indirect[row, position], abs=1e-3)


def test_the_noise_is_on_both_names_and_three_deviations_large(monkeypatch):
    seen = []

    def note(model, ids, answers, noise):
        seen.append(noise)
        return np.zeros(len(ids)), np.zeros((len(ids), 4, 4))

    monkeypatch.setattr(editing_tracing, "causal_trace", note)
    editing_tracing.run(1, n_facts=20, n_draws=5)
    (noise,) = seen
    assert noise.shape == (100, 4, 64) and not noise[:, [0, 3]].any()
    scale = 3 * bench(1).model.token.table.data.std()
    for draws in (noise[:, 1], noise[:, 2]):
        assert draws.std() == pytest.approx(scale, rel=0.05)
    assert not np.allclose(noise[0], noise[1])


def test_each_traced_prompt_has_its_own_answer_and_noise_on_both_names_only(monkeypatch):
    seen = []

    def note(model, ids, answers, noise):
        seen.append((ids, answers, noise))
        return np.zeros(6), np.zeros((6, 4, 4))

    monkeypatch.setattr(editing_tracing, "causal_trace", note)
    editing_tracing.run(1, n_facts=3, n_draws=2)
    ((ids, answers, noise),) = seen
    _, language, facts, _, _ = bench(1)
    for i, fact in enumerate(np.repeat(facts[:3], 2)):
        assert np.array_equal(ids[i, 1:3], language.names[fact])
        assert answers[i] == language.objects[fact]
    assert not noise[:, [0, 3]].any() and np.unique(noise[:, 1:3]).size == 6 * 2 * 64
    table = bench(1).model.token.table.data
    assert noise[:, 1:3].std() == pytest.approx(3 * table.std(), rel=0.1)


def test_rank_correlation_sees_order_alone():
    a = np.array([3.0, 1.0, 2.0, 8.0])
    assert rank_correlation(a, np.exp(a)) == pytest.approx(1)
    assert rank_correlation(a, -(a**3)) == pytest.approx(-1)
    assert rank_correlation([1, 1, 2], [1, 2, 3]) == pytest.approx(math.sqrt(0.75))
    for wrong in ([1, 2], [5, 5, 5, 5]):
        with pytest.raises(ValueError, match=r"rank_correlation: a \(4,\) and b"):
            rank_correlation(a, wrong)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: run("FFN 3", 1, 0.1), "editing: there is no arm 'FFN 3', only unedited; FFN 2,"),
        (lambda: editing_many.run("all", 1, 0.1), "editing_many: there is no arm 'all', only at"),
        (lambda: editing_tracing.run(1, n_facts=0), "editing_tracing.run: n_facts is 0, but"),
        (lambda: kept("all", [{"arm": "edits: a"}]), "editing: there is no part 'all', only edits"),
    ],
)
def test_what_does_not_fit_is_said(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_the_command_makes_every_part(monkeypatch):
    made, written = [], []

    def note(arm, seed, rate, *, start=0, stop=40, until=0.95):
        made.append((arm, seed, rate, start, stop, until))
        is_best = rate == RATES[arm][len(RATES[arm]) // 2]
        return {
            "arm": arm, "seed": seed, "rate": rate, "value": 1.0, "choose": 0.0 if is_best else 1.0,
            "each": {},
        }  # fmt: skip

    monkeypatch.setattr(editing, "run", note)
    monkeypatch.setattr(editing_many, "run", lambda arm, seed, rate: note_many(arm, seed, rate))
    monkeypatch.setattr(
        editing_tracing, "run", lambda seed: {"arm": "tracing", "seed": seed, "rate": 3}
    )
    monkeypatch.setattr(
        results, "keep", lambda study, runs, settings: written.append((study, runs, settings))
    )

    def note_many(arm, seed, rate):
        return {"arm": arm, "seed": seed, "rate": rate, "value": 1.0}

    editing.main()
    ((study, runs, settings),) = written
    assert study == "editing" and settings["n_parameters"]["FFN 2, answer"] == 256 * 64
    tuned = {(arm, rate) for arm, _, rate, start, stop, _ in made if (start, stop) == (1590, 1600)}
    assert tuned == {(arm, rate) for arm in ARMS for rate in RATES[arm]}
    best = {arm: RATES[arm][len(RATES[arm]) // 2] for arm in ARMS}
    assert {(r["arm"], r["rate"]) for r in kept("edits", runs)} == set(best.items())
    assert {r["seed"] for r in kept("edits", runs)} == set(SEEDS)
    assert {r["arm"] for r in kept("push 0.99", runs)} == set(editing.PUSHED)
    for arm, rates in editing.TRAINED_RATES.items():
        assert {r["rate"] for r in kept("many", runs) if r["arm"] == arm} == set(rates)
    assert len(kept("tracing", runs)) == len(SEEDS)
