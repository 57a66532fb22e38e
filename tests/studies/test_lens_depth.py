"""The study of the lens by depth: what a model says earlier, and that what is kept is of it."""

import numpy as np
import pytest

from tinyffn.data import documentation, fingerprint
from tinyffn.studies import after_training, lens_depth, results
from tinyffn.studies.ablations import material
from tinyffn.studies.held_out import held_out_bits

DEPTHS = ["embedding", "attention 1", "FFN 1", "attention 2", "FFN 2"]


@pytest.fixture
def quick(monkeypatch):
    """A model that was hardly trained, forgotten afterwards."""
    monkeypatch.setattr(after_training, "STEPS", 2)
    monkeypatch.setattr(after_training, "N_TEST", 300)
    after_training.small_model.cache_clear()
    yield
    after_training.small_model.cache_clear()


def test_a_model_is_read_at_every_depth_and_last_as_it_is(quick):
    runs = lens_depth.read(2)
    assert [run["arm"] for run in runs] == DEPTHS
    assert {(run["seed"], run["rate"]) for run in runs} == {(2, after_training.RATE)}
    own = held_out_bits(after_training.small_model(2), material()[1][2][:300])
    assert runs[-1]["value"] == pytest.approx(own, abs=6e-4) != runs[0]["value"]


def test_what_is_kept_is_of_the_models_of_after_training():
    content = results.load("lens_depth")
    assert content["settings"]["text"] == fingerprint(documentation())
    assert content["settings"]["steps"] == after_training.STEPS
    found = {(run["arm"], run["seed"]): run["value"] for run in content["runs"]}
    assert [*found] == [(depth, seed) for seed in after_training.SEEDS for depth in DEPTHS]
    whole = {
        r["seed"]: r["value"] for r in after_training.kept("small") if r["arm"] == "not rounded"
    }
    assert {seed: found[DEPTHS[-1], seed] for seed in after_training.SEEDS} == whole


def test_each_sublayer_lowers_the_bits_and_each_ffn_more_than_the_attention_before_it():
    bits = results.at_best_rate(results.load("lens_depth")["runs"])
    of = np.array([[bits[depth][seed] for depth in DEPTHS] for seed in after_training.SEEDS])
    lowered = -np.diff(of)  # (seeds, sublayers)
    assert (lowered > 0.1).all()
    assert (lowered[:, 1::2] > lowered[:, ::2] + 0.15).all()
