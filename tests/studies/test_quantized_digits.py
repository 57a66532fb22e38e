"""The study of digits in few bits: arms that begin alike, and runs that can be made again."""

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.studies import quantized_digits as study
from tinyffn.studies import results
from tinyffn.studies.digits import digit_sets

SETS = {seed: digit_sets(seed, n_train=250, n_test=50) for seed in (1, 2)}


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(study, "material", SETS.__getitem__)
    monkeypatch.setattr(study, "STEPS", 20)
    monkeypatch.setattr(study, "EPOCH", 4)


def test_arms_of_a_seed_begin_with_the_same_latent_weights_and_keep_the_head():
    for seed in (1, 2):
        models = [study.new_model(arm, seed) for arm in study.TRAINED]
        weights = [[p.data for n, p in m.named_parameters() if n.endswith(".w")] for m in models]
        for of_arm in weights:
            assert all(np.array_equal(a, b) for a, b in zip(of_arm, weights[0], strict=True))
        assert all(type(model.layers[2]) is nn.Linear for model in models)
    assert not np.array_equal(study.new_model("signs", 1).layers[0].w.data, weights[0][0])


@pytest.mark.parametrize("arm", study.TRAINED)
def test_arms_hold_equally_many_parameters_within_one_percent(arm):
    sizes = [study.new_model(a, 1).n_parameters() for a in (arm, study.FLOAT)]
    assert sizes[1] <= sizes[0] < 1.01 * sizes[1]


def test_a_run_says_how_it_went_and_one_that_is_stopped_has_gone_the_same_way(tiny):
    whole, model = study.run("signs", 1, 0.01)
    assert set(whole) == {
        "arm", "seed", "rate", "value", "known", "choose", "n_parameters", "curve", "latent",
        "changed",
    }  # fmt: skip
    assert len(whole["curve"]) == 10 and 0 < whole["changed"] < 50
    assert whole["value"] == study.measured(model, 1)["value"]
    part, _ = study.run("signs", 1, 0.01, stop=8)
    assert part["curve"] == whole["curve"][:4]
    assert "latent" not in study.run(study.FLOAT, 1, 0.01, stop=1)[0]


def test_a_run_that_diverges_has_no_value(tiny):
    found, _ = study.run(study.FLOAT, 1, 1e30)
    assert found["value"] is None and found["choose"] is None


def test_binary_connect_keeps_latent_weights_within_one(tiny):
    _, model = study.run("BinaryConnect", 1, 0.5)
    assert np.abs(model.layers[0].layers[0].w.data).max() == 1.0


def test_rounding_and_tuning_leave_the_float_model_as_it_is(tiny):
    _, model = study.run(study.FLOAT, 2, 0.003)
    before = study.measured(model, 2)
    rounded = study.rounded("signs", model, 2)
    tuned = study.tuned("signs", model, 2, 0.01)
    assert study.measured(model, 2) == before
    assert rounded.keys() == before.keys() < tuned.keys()
    assert study.tuned("signs", model, 2, 0.0)["value"] == rounded["value"]


@pytest.mark.slow
def test_all_runs_of_a_tiny_study_can_be_kept_and_compared(tiny, monkeypatch, tmp_path):
    monkeypatch.setattr(study, "SEEDS", (1, 2))
    monkeypatch.setattr(study, "RATES", (0.003, 0.01))
    runs = study.all_runs(progress=False)
    results.keep("tiny", runs, settings={}, folder=tmp_path)
    values = results.at_best_rate(runs, best=max, choose_by="choose")
    assert len(values) == len(study.TRAINED) + len(study.SCHEMES) + 2 * len(study.TUNED)
    assert all(list(by_seed) == [1, 2] for by_seed in values.values())
