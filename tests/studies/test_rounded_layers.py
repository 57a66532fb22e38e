"""Made-up layers: what is asserted of each part, and that runs can be made again."""

from functools import partial

import numpy as np
import pytest

from tinyffn.studies import one_matrix, results, rounded_layers
from tinyffn.studies.rounded_layers import DISTRIBUTIONS, kept, loud, outlier, rotation, tilted


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(rounded_layers, "D_IN", 128)
    monkeypatch.setattr(rounded_layers, "D_OUT", 16)
    monkeypatch.setattr(rounded_layers, "KEPT", 2)


def test_loud_inputs_are_as_large_as_they_should_be():
    w, size = rounded_layers.loud_layer(1.5, 1)
    assert w.shape == (512, 64) and size.shape == (512,)
    assert abs(np.log(size).std() - 1.5) < 0.15 and abs(w.std() - 1) < 0.02
    tilted_w, same = rounded_layers.loud_layer(1.5, 1, tilt=1.0)
    assert np.array_equal(size, same) and np.allclose(tilted_w * size[:, None], w)


def test_scaling_wins_with_three_bits_and_loud_inputs_alone(small):
    lost, power = loud(1.5, 3, 1)
    assert power > 0 and lost["scaled"] < 0.7 * lost["plain"]
    assert lost["1 % kept, the loudest"] < 0.8 * lost["plain"]
    assert lost["1 % kept, of the largest weights"] > 0.8 * lost["plain"]
    lost, power = loud(0.0, 3, 1)
    assert power == 0 and lost["scaled"] == lost["plain"]


def test_signs_gain_nothing_where_rows_are_alike_and_much_where_loud_rows_are_small(small):
    lost, _ = loud(1.5, 1, 1)
    assert lost["scaled"] > 0.98 * lost["plain"]
    lost, power = tilted(1.0, 1)
    assert power > 0.8 and lost["scaled"] < 0.6 * lost["plain"]
    assert abs(lost["scaled"] - 0.36) < 0.02
    assert tilted(-1.0, 1)[1] == 0


def test_a_rotation_makes_all_distributions_alike(small):
    after = {name: rotation(name, "signs", 1) for name in DISTRIBUTIONS}
    assert after["binary"]["plain"] == 0 and abs(after["uniform"]["plain"] - 0.25) < 0.02
    for name in ("binary", "uniform", "Gaussian", "Laplace"):
        assert abs(after[name]["rotated"] - 0.36) < 0.02
    assert after["Laplace"]["plain"] > 0.45


def test_a_rotation_helps_an_outlier_unless_it_is_huge():
    lost, kurtosis = outlier(10, 1)
    assert lost["rotated"] < 0.25 * lost["plain"] and kurtosis["plain"] > 3 * kurtosis["rotated"]
    lost, kurtosis = outlier(1000, 1)
    assert lost["rotated"] > 1.5 * lost["plain"] and kurtosis["rotated"] < 1.2


def test_three_jobs_cost_less_with_the_right_matrix():
    rng = np.random.default_rng(1)
    mixing = rng.normal(size=(20, 20)) * np.exp(rng.normal(size=20))
    x, y = (rng.normal(size=(500, 20)) @ mixing for _ in range(2))
    costs = one_matrix.three_jobs(
        rng.normal(size=(20, 6)), x.T @ x / 500, y.T @ y / 500, x[:3], rng.normal(size=(3, 6)),
        one_matrix.binary, n_kept=4,
    )  # fmt: skip
    for job in ("edit", "round", "protect"):
        assert costs[job, "C"] < 0.9 * costs[job, "identity"]


@pytest.mark.slow
def test_the_three_jobs_of_a_model(monkeypatch):
    monkeypatch.setattr(one_matrix, "N_EDITS", 2)
    patched = partial(one_matrix.editing_bench.trained.facts_model, steps=5)
    monkeypatch.setattr(one_matrix.editing_bench.trained, "facts_model", patched)
    monkeypatch.setattr(one_matrix.editing, "STEPS", 2)
    try:
        costs = one_matrix.of_model(1)
    finally:
        one_matrix.editing_bench.bench.cache_clear()
        one_matrix.editing.new_values.cache_clear()
    assert list(costs) == [f"{job}: {of}" for of in ("C", "identity") for job in (
        "edit", "round", "protect")]  # fmt: skip
    assert costs["round: C"] < costs["round: identity"]


def test_runs_of_a_part_are_named_without_it():
    runs = [{"arm": "loud: spread 1: 3: plain"}, {"arm": "outlier: 1: plain"}]
    assert kept("loud", runs) == [{"arm": "spread 1: 3: plain"}]
    with pytest.raises(ValueError, match="there is no part 'quiet'"):
        kept("quiet", runs)


def test_what_is_kept_can_be_made_again():
    runs = {(r["arm"], r["seed"]): r for r in results.load("rounded_layers")["runs"]}
    lost, power = tilted(0.5, 2)
    for way, value in lost.items():
        assert runs[f"tilted: 0.5: {way}", 2]["value"] == pytest.approx(value, rel=1e-3)
    assert runs["tilted: 0.5: scaled", 2]["power"] == power


def test_the_command_makes_every_run(small, monkeypatch):
    found = []
    monkeypatch.setattr(rounded_layers.one_matrix, "of_model", lambda seed: {"edit: C": 1.0})
    monkeypatch.setattr(results, "keep", lambda name, runs, settings: found.extend(runs))
    monkeypatch.setattr(rounded_layers, "SEEDS", (1,))
    monkeypatch.setattr(rounded_layers, "keep_freed_memory", lambda: None)
    rounded_layers.main()
    arms = {run["arm"].split(":")[0] for run in found}
    assert arms == {"loud", "tilted", "rotated", "outlier", "one matrix"}
    assert len(found) == 60 + 15 + 20 + 8 + 3
