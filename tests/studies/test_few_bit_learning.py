"""The study of learning in few bits: whose weights are trained, on what, and what is counted."""

from functools import partial

import numpy as np
import pytest

from tinyffn.nn import QuantizedLinear
from tinyffn.studies import editing_bench, few_bit_facts, few_bit_learning, results, trained
from tinyffn.studies.editing_bench import bench
from tinyffn.studies.fact_language import make_language
from tinyffn.studies.few_bit_learning import ARMS, LOST, REST, language_of, lessons, model_of, run


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Models that were trained for a few steps only, forgotten afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trained, "facts_model", partial(trained.facts_model, steps=5))
        patch.setattr(editing_bench, "N_KEYS", 400)
        patch.setattr(few_bit_learning, "trained_on", partial(few_bit_facts.trained_on, steps=2))
        for cached in (bench, few_bit_facts.trained_on):
            cached.cache_clear()
        yield
    for cached in (bench, few_bit_facts.trained_on):
        cached.cache_clear()


def test_new_subjects_stand_behind_the_old_ones_whose_facts_stay():
    for seed in (1, 2, 3):
        old, new = make_language("roomy", seed), language_of(seed)
        assert len(new.objects) == 1652 and new.words == old.words
        assert np.array_equal(new.objects[:1600], old.objects)
        assert np.array_equal(new.names[:1600], old.names)


def test_lessons_have_new_facts_and_as_many_old_ones_if_so_told():
    language = language_of(1)
    by_prompt = {}
    for way, filler in np.ndindex(2, 20):
        prompts = language.prompts(np.arange(1652), paraphrase=way, filler=filler)
        by_prompt |= {tuple(ids): fact for fact, ids in enumerate(prompts.tolist())}
    for lesson, size in (("alone", 64), ("with old ones", 128)):
        ids, objects = next(lessons(language, 1600, lesson, rng=np.random.default_rng(0)))
        facts = np.array([by_prompt[tuple(each)] for each in ids.tolist()])
        assert len(ids) == size and np.array_equal(language.objects[facts], objects)
        assert (facts[:64] >= 1600).all() and (facts[64:] < 1600).all()


@pytest.mark.parametrize("arm", ARMS)
def test_whose_weights_are_trained(arm):
    model, parameters = model_of(arm, 1)
    signs = [part for part in model.modules() if isinstance(part, QuantizedLinear)]
    assert len(signs) == (0 if arm in ("float32", REST) else 4)
    n_ffn = 4 * 64 * 256
    assert sum(p.data.size for p in parameters) == model.n_parameters() - n_ffn * (arm == REST)
    before = [p.data.copy() for p in parameters]
    again, _ = model_of(arm, 1)
    assert again is not model
    if arm == LOST:
        w = signs[0].w.data
        np.testing.assert_allclose(w, signs[0].quantized().values(), rtol=1e-5)
    assert len(before) == len(parameters)


def test_a_run_comes_again_and_leaves_the_bench_alone():
    before = bench(1).model.state_dict()
    found = run("float32: alone", 1, 0.01, stop=2)
    assert found == run("float32: alone", 1, 0.01, stop=2)
    assert found["value"] == pytest.approx((found["new"][-1] + found["old"][-1]) / 2, abs=1e-5)
    assert len(found["new"]) == len(found["old"]) == 1
    after = bench(1).model.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    stays = run(f"{REST}: with old ones", 1, 0.01, stop=11)
    assert len(stays["new"]) == 2 and stays["n_trained"] == found["n_trained"] - 4 * 64 * 256


def test_new_and_old_facts_are_counted_apart_and_each_in_its_words(monkeypatch):
    def told(model, language, paraphrase=0):
        is_new = np.arange(len(language.objects)) >= 1600
        share, nats = {0: (0.25, (0.5, 0.25)), 1: (0.0, (3.0, 0.125)), 2: (0.5, (9.0, 9.0))}[
            paraphrase
        ]
        every_so_often = np.arange(len(is_new)) % 4 < 4 * share
        is_right = np.where(is_new, every_so_often, every_so_often | (paraphrase == 0))
        return is_right, np.where(is_new, *nats)

    monkeypatch.setattr(few_bit_learning, "told", told)
    found = run("float32: alone", 1, 0.01, stop=11)
    assert (found["new"], found["old"]) == ([0.25, 0.25], [1.0, 1.0])
    assert (found["value"], found["new_otherwise"], found["choose"]) == (0.625, 0.5, 3.125)


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    kept = results.load("few_bit_learning")
    runs = [(run["arm"], run["seed"], run["rate"]) for run in kept["runs"]]
    assert sorted(runs) == sorted(few_bit_learning.plan())
    settings = kept["settings"]
    assert settings["new facts"] == 4 * few_bit_learning.N_NEW == 52
    assert settings["steps"] == few_bit_learning.STEPS == few_bit_learning.ASKED_AT[-1]
    assert settings["asked at"] == list(few_bit_learning.ASKED_AT)
    assert settings["batch_size"] == few_bit_learning.BATCH_SIZE
    assert {len(run["new"]) for run in kept["runs"]} == {len(few_bit_learning.ASKED_AT)}


def test_messages_name_what_there_is():
    with pytest.raises(
        ValueError, match="few_bit_learning: there is no arm 'int4', only float32; si"
    ):
        run("int4: alone", 1, 0.1)
    with pytest.raises(ValueError, match="few_bit_learning: there is no lesson 'twice', only"):
        run("float32: twice", 1, 0.1)
    with pytest.raises(ValueError, match="run: rate"):
        run("float32: alone", 1, 0.0)
    with pytest.raises(ValueError, match="run: stop"):
        run("float32: alone", 1, 0.1, stop=0)
