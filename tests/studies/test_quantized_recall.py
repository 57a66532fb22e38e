"""The study of recall under rounding: one model for two tasks, what is rounded, what is counted."""

import itertools

import numpy as np
import pytest

from tinyffn.nn import QuantizedLinear
from tinyffn.studies import quantized_recall, results
from tinyffn.studies.fact_language import make_language
from tinyffn.studies.quantized_recall import (
    AFTER_ARMS,
    CHANCE,
    DURING_ARMS,
    RATE,
    WHOLE,
    make_model,
    rates,
    recall_rows,
    run,
    scores,
    trained,
)


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Models that were trained for two steps, forgotten afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantized_recall, "STEPS", 20)
        patch.setattr(
            quantized_recall,
            "train",
            lambda *a, _t=quantized_recall.train, **k: _t(*a, **k | {"stop": 2}),
        )
        trained.cache_clear()
        yield
    trained.cache_clear()


def test_rows_of_recall_use_ids_of_their_own():
    language = make_language("roomy", 1)
    ids, targets = next(recall_rows(language, rng=np.random.default_rng(0)))
    assert ids.min() >= len(language) and ids.max() < len(language) + 32
    asked = targets[0] >= 0
    assert asked.sum() == 8 and (targets[0][asked] >= len(language) + 16).all()
    pairs = dict(zip(ids[0, :16:2], ids[0, 1:16:2], strict=True))
    assert [pairs[key] for key in ids[0, 16:]] == targets[0, 16:].tolist()


class Oracle:
    """A model that answers recall by looking, and facts as it is told."""

    def __init__(self, language, answers):
        self.language, self.answers = language, answers

    def __call__(self, ids):
        z = np.zeros((*ids.shape, len(self.language) + 32), np.float32)
        if ids.shape[1] == 4:
            z[np.arange(len(ids)), -1, self.answers] = 30
        for b, t in itertools.product(range(len(ids)), range(16, ids.shape[1])):
            at = int(np.flatnonzero(ids[b, :16:2] == ids[b, t])[0])
            z[b, t, ids[b, 2 * at + 1]] = 30
        return type("Out", (), {"data": z})


def test_scores_are_0_of_the_way_at_chance_and_1_if_none_is_wrong():
    language = make_language("roomy", 1)
    found = scores(Oracle(language, language.objects), language, 1, n_batches=1)
    assert found["recall"] == found["facts"] == found["recall_way"] == found["facts_way"] == 1
    assert max(found["recall_nats"], found["facts_nats"]) < 1e-9
    half = np.where(np.arange(1600) % 2, language.objects, 0)
    found = scores(Oracle(language, half), language, 1, n_batches=1)
    assert found["facts"] == 0.5 and found["recall"] == 1
    assert found["facts_way"] == pytest.approx((0.5 - CHANCE["facts"]) / (1 - CHANCE["facts"]))
    assert found["facts_nats"] == pytest.approx(15, rel=1e-3)


@pytest.mark.parametrize("arm", ["sign after, attention", "int8 after, all", WHOLE])
def test_what_is_rounded_and_the_trained_model_stays_whole(arm):
    found = run(arm, 1, RATE)
    assert found["arm"] == arm and found["rate"] == RATE and 0 <= found["value"] <= 1
    assert not any(isinstance(part, QuantizedLinear) for part in trained(1)[0].modules())
    whole = run(WHOLE, 1, RATE)
    if arm == "int8 after, all":
        assert found["facts_nats"] == pytest.approx(whole["facts_nats"], rel=0.02)
    if arm == "sign after, attention":
        assert found["facts_nats"] != whole["facts_nats"]


def test_training_in_signs_goes_on_from_the_rounded_model():
    (arm,) = [each for each in DURING_ARMS if each.endswith("ffn")]
    trained_on, rounded = run(arm, 1, 0.01), run("sign after, ffn", 1, RATE)
    assert trained_on["facts_nats"] != rounded["facts_nats"] and trained_on == run(arm, 1, 0.01)


def test_the_rate_is_chosen_by_both_surprises_on_other_rows(monkeypatch):
    def scores(model, language, seed, *, n_batches=16):
        other = seed == 1001 and n_batches == 4
        return {"recall": 0.5, "facts": 0.25, "recall_nats": 2.0 + other, "facts_nats": 0.5 * other}

    monkeypatch.setattr(quantized_recall, "scores", scores)
    found = run(WHOLE, 1, RATE)
    assert (found["value"], found["facts"], found["recall_nats"]) == (0.5, 0.25, 2.0)
    assert found["choose"] == 3.5 and "recall" not in found


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    kept = results.load("quantized_recall")
    runs = [(run["arm"], run["seed"], run["rate"]) for run in kept["runs"]]
    assert sorted(runs) == sorted(quantized_recall.plan())
    settings = kept["settings"]
    assert settings["recall"] == quantized_recall.RECALL and settings["chance"] == CHANCE
    assert settings["steps in signs"] == quantized_recall.MORE_STEPS
    assert settings["rate"] == RATE
    model = make_model(make_language("roomy", 1), 1)
    assert settings["n_parameters"] == model.n_parameters()


def test_arms_and_messages():
    assert len(AFTER_ARMS) == 15 and len(DURING_ARMS) == 3 and set(rates()) >= {WHOLE, *AFTER_ARMS}
    assert len(set(quantized_recall.plan())) == len(quantized_recall.plan())
    with pytest.raises(
        ValueError, match="quantized_recall: there is no arm 'int2', only float32; in"
    ):
        run("int2", 1, 0.1)
    with pytest.raises(ValueError, match="run: rate"):
        run(WHOLE, 1, 0.0)
    with pytest.raises(ValueError, match="scores: n_batches"):
        scores(make_model(make_language("roomy", 1), 1), make_language("roomy", 1), 1, n_batches=0)
