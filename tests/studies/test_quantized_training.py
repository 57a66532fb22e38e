"""The study of a transformer in few bits: arms that begin alike, runs that can be made again."""

import copy

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.studies import ablations, results
from tinyffn.studies import quantized_training as study


@pytest.fixture
def tiny(monkeypatch):
    characters, (train, validation, test) = ablations.material()
    parts = (characters, (train[:3000], validation[:300], test[:400]))
    monkeypatch.setattr(ablations, "material", lambda: parts)
    monkeypatch.setattr(study, "STEPS", 10)
    monkeypatch.setattr(study, "TUNING_STEPS", 2)


def _is_quantized(part):
    return isinstance(part, nn.QuantizedLinear)


@pytest.mark.parametrize("arm", study.TRAINED)
def test_the_chosen_layers_are_in_few_bits_and_begin_with_the_float_models_weights(arm):
    plain = study.new_model(1)
    model = study.in_bits(study.new_model(1), study.TRAINED[arm])
    quantized = [name for name, part in model.named_modules() if _is_quantized(part)]
    n = 0 if arm == study.FLOAT else 4 if arm == "signs in FFN" else 12
    assert len(quantized) == n and len(study.dense_layers(plain)) == 12
    assert not any(name.startswith(("head", "token")) for name in quantized)
    state = model.state_dict()
    assert all(np.array_equal(state[name], w) for name, w in plain.state_dict().items())
    assert model.n_parameters() < 1.02 * plain.n_parameters()


def test_a_run_says_how_it_went_and_one_that_is_stopped_has_gone_the_same_way(tiny):
    whole, _ = study.run("signs", 1, 0.016)
    assert set(whole) == {
        "arm", "seed", "rate", "value", "choose", "n_parameters", "curve", "latent", "changed"
    }  # fmt: skip
    assert len(whole["curve"]) == 10 and 0 < whole["changed"] < 50
    part, _ = study.run("signs", 1, 0.016, stop=4)
    assert part["curve"] == whole["curve"][:4]


def test_rounding_leaves_the_model_as_it_is_and_each_matrix_costs_less_than_all(tiny):
    model = study.new_model(1)
    before = study.measured(model)
    rounded = study.rounded("signs", model)
    alone = study.one_by_one(model)
    assert study.measured(model) == before != rounded
    assert list(alone) == [name for name, _ in study.dense_layers(model)]
    assert len(set(alone.values())) > 6  # each is another matrix


def test_tuning_begins_where_rounding_ends(tiny):
    model = study.new_model(1)
    rounded = study.rounded("signs in FFN", model)
    tuned = study.tuned("signs in FFN", copy.deepcopy(model), 1, 1e-12)
    assert abs(tuned["value"] - rounded["value"]) < 1e-3 and tuned["changed"] == 0
    assert study.measured(model) != rounded


@pytest.mark.slow
def test_all_runs_of_a_tiny_study_can_be_kept_and_compared(tiny, monkeypatch, tmp_path):
    monkeypatch.setattr(study, "STEPS", 2)
    monkeypatch.setattr(study, "SEEDS", (1, 2))
    monkeypatch.setattr(study, "RATES", (0.008, 0.016))
    monkeypatch.setattr(study, "TUNING_RATES", (0.004,))
    runs = study.all_runs(progress=False)
    results.keep("tiny", runs, settings={}, folder=tmp_path)
    values = results.at_best_rate(runs, choose_by="choose")
    assert len(values) == len(study.TRAINED) + len(study.ROUNDED) + 2 * len(study.TUNED)
    assert all(list(by_seed) == [1, 2] for by_seed in values.values())
