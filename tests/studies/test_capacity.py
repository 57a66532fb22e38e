"""The study of capacity: what arms share, what is counted, and what was kept."""

import itertools
import re

import numpy as np
import pytest

from tinyffn.studies import capacity, results
from tinyffn.studies.capacity import ARMS, RATES, SEEDS, TRIED, curve, facts, make_layer, peak, run
from tinyffn.studies.stored import stored_bits


def test_the_layers_are_what_they_say_and_of_nearly_the_same_size():
    rng, x = np.random.default_rng(0), np.random.default_rng(1).normal(size=(5, 16))
    sizes = {kind: make_layer(kind, rng).n_parameters() for kind in ("ReLU", "gated", "linear")}
    assert sizes == {"ReLU": 2128, "gated": 2166, "linear": 2128}
    linear = make_layer("linear", rng).astype(np.float64)
    np.testing.assert_allclose(linear(2 * x).data, 2 * linear(x).data)  # its biases are still 0
    relu = make_layer("ReLU", rng).astype(np.float64)
    expected = np.maximum(x @ relu.up.w.data, 0) @ relu.down.w.data
    np.testing.assert_allclose(relu(x).data, expected)


def test_more_facts_begin_with_the_fewer():
    few, many = (facts(n, np.random.default_rng(3)) for n in (100, 300))
    assert few[0].shape == (100, 16) and many[1].shape == (300,) and few[2].shape == (16, 16)
    assert np.array_equal(few[0], many[0][:100]) and np.array_equal(few[1], many[1][:100])
    assert np.array_equal(few[2], many[2])


def test_each_pass_shows_each_fact_once():
    keys, labels = np.arange(10.0)[:, None], np.arange(10)
    seen = list(itertools.islice(capacity._passes(keys, labels, np.random.default_rng(0)), 8))
    for parts in (seen[:4], seen[4:]):
        assert sorted(np.concatenate([part for _, part in parts])) == list(range(10))
    assert all(np.array_equal(x[:, 0], part) for x, part in seen)
    assert [len(part) for _, part in seen[:4]] == [3, 3, 2, 2]
    assert not np.array_equal(seen[0][1], seen[4][1])


def test_only_the_layer_is_trained_and_scores_are_products_with_the_values():
    layer, keys, labels, values = capacity.train("gated", 40, exposures=30, rate=0.05, seed=2)
    drawn = facts(40, np.random.default_rng(2).spawn(3)[0])
    for array, expected in zip((keys, labels, values), drawn, strict=True):
        assert np.array_equal(array, expected)
    scores = capacity.logits(layer, keys, values)
    np.testing.assert_allclose(scores, layer(keys).data @ values.T, rtol=1e-4, atol=1e-4)
    found = capacity.store("gated", 40, exposures=30, rate=0.05, seed=2)
    assert found["bits"] == stored_bits(scores, labels)
    assert found["right"] == np.mean(scores.argmax(axis=1) == labels)


@pytest.mark.parametrize("kind", ["ReLU", "gated"])
def test_few_facts_are_all_stored(kind):
    found = capacity.store(kind, 60, exposures=60, rate=0.05, seed=1)
    assert found["right"] == 1 and found["steps"] == 240
    assert found["bits"] == pytest.approx(240, rel=0.01)
    assert found["value"] == found["bits"] / found["n_parameters"]


def test_a_run_comes_again_and_one_that_diverges_is_no_number(monkeypatch):
    monkeypatch.setitem(ARMS, "small", ("linear", 2, 20))
    found = run("small", 2, 0.05)
    assert found == run("small", 2, 0.05) and found != run("small", 3, 0.05)
    assert {"arm": "small", "seed": 2, "rate": 0.05, "steps": 8}.items() <= found.items()
    with np.errstate(all="ignore"):
        diverged = run("small", 2, 1e30)
    assert np.isnan(diverged["value"]) and diverged["n_parameters"] == found["n_parameters"]


def test_the_rate_falls_to_nothing_in_a_straight_line(monkeypatch):
    seen = []
    monkeypatch.setattr(capacity, "fit", lambda *parts, **settings: seen.append(settings))
    capacity.train("ReLU", 40, exposures=30, rate=0.2, seed=1)
    (settings,) = seen
    assert settings["steps"] == 120
    rates = [settings["schedule"](step) for step in (0, 30, 60, 120)]
    np.testing.assert_allclose(rates, [0.2, 0.15, 0.1, 0], atol=1e-12)


def runs_of(values, rate=0.1):
    """Made-up runs of ReLU layers: {n: (bits of seed 1, bits of seed 2)}."""
    return [
        {"arm": f"ReLU, 100 exposures, {n} facts", "seed": seed, "rate": rate, "value": value}
        for n, by_seed in values.items()
        for seed, value in enumerate(by_seed, start=1)
    ]


def test_curves_take_each_point_s_best_rate_and_peaks_lie_inside():
    values = {800: (1.0, 1.2), 1000: (2.0, 1.8), 1200: (1.5, 1.5)}
    runs = runs_of(values) + runs_of({800: (3.0, 0.0), 1000: (0.1, 0.1), 1200: (1.6, 1.6)}, 0.2)
    by_n = curve(runs, "ReLU", 100)
    assert by_n == {800: {1: 3.0, 2: 0.0}, 1000: {1: 2.0, 2: 1.8}, 1200: {1: 1.6, 2: 1.6}}
    assert peak(by_n) == (1000, {1: 2.0, 2: 1.8})
    with pytest.raises(ValueError, match="peak: most is stored with 1000 facts, the end of the gr"):
        peak({n: by_n[n] for n in (800, 1000)})
    with pytest.raises(ValueError, match="peak: most is stored with 1000 facts, the end of the gr"):
        peak({n: by_n[n] for n in (1000, 1200)})
    with pytest.raises(ValueError, match="curve: there are no runs of 'gated' with 100 exposures"):
        curve(runs, "gated", 100)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: make_layer("tanh", np.random.default_rng(0)), "capacity: there is no kind 'tanh'"),
        (
            lambda: run("ReLU", 1, 0.1),
            "capacity: there is no arm 'ReLU', only ReLU, 1000",
        ),
        (
            lambda: capacity.store("ReLU", 3, exposures=1, rate=0.1, seed=1),
            "capacity: n is 3, but must be a number above 3",
        ),
        (
            lambda: capacity.store("ReLU", 8, exposures=0, rate=0.1, seed=1),
            "capacity: exposures is 0, but must be a whole number above 0",
        ),
        (
            lambda: capacity.store("ReLU", 8, exposures=1, rate=0, seed=1),
            "capacity: rate is 0, but must be a number above 0",
        ),
    ],
)
def test_message(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_what_was_kept_is_whole_and_each_peak_lies_inside_its_grid():
    kept = results.load("capacity")["runs"]
    found = {(r["arm"], r["rate"], r["seed"]) for r in kept}
    assert found == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
    assert all(r["value"] is None or 0 <= r["value"] < 4 for r in kept)
    at_end = results.at_end_of_grid(kept, best=max)
    bits = {}
    for kind, exposures in TRIED:
        at, by_seed = peak(curve(kept, kind, exposures))  # raises at the end of a grid of facts
        assert set(by_seed) == set(SEEDS)
        bits[kind, exposures] = list(by_seed.values())
        if kind != "linear":
            assert f"{kind}, {exposures} exposures, {at} facts" not in at_end
    assert max(bits["linear", 1000]) < 0.2
    for exposures in (100, 1000):
        assert min(bits["gated", exposures]) > max(bits["ReLU", exposures])
    for kind in ("ReLU", "gated"):
        assert min(bits[kind, 1000]) > max(bits[kind, 100])


def test_the_rate_at_the_end_of_its_grid_is_best_only_where_it_hardly_matters():
    kept = results.load("capacity")["runs"]
    for arm in results.at_end_of_grid(kept, best=max):
        kind, _, n = ARMS[arm]
        best = results.at_best_rate([r for r in kept if r["arm"] == arm], best=max)[arm]
        everything = 4 * n / make_layer(kind, np.random.default_rng(0)).n_parameters()
        assert kind == "linear" or min(best.values()) > 0.99 * everything


def test_what_is_told_is_in_the_runs_and_names_the_paper_s():
    kept = results.load("capacity")["runs"]
    lines = capacity.told(kept).splitlines()
    assert len(lines) == len(TRIED)
    at, by_seed = peak(curve(kept, "gated", 100))
    assert f"{np.mean(list(by_seed.values())):.2f} bits a parameter" in lines[4]
    assert f"({min(by_seed.values()):.2f} to {max(by_seed.values()):.2f}, 3 seeds)" in lines[4]
    assert f"with {at:,} facts; the paper's: 1.3 times less" in lines[4]
    assert lines[2].endswith("not tried")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ReLU", "gated"])
def test_what_is_kept_comes_out_again(kind):
    """At these rates training takes another path on another machine: the margin is for that."""
    arm = f"{kind}, 100 exposures, 1000 facts"
    (old,) = (
        r
        for r in results.load("capacity")["runs"]
        if (r["arm"], r["seed"], r["rate"]) == (arm, 2, 0.08)
    )
    assert run(arm, 2, 0.08)["value"] == pytest.approx(old["value"], abs=0.2)


def test_the_command_trains_each_arm_at_each_rate_on_each_seed(monkeypatch):
    kept = []
    monkeypatch.setattr(capacity, "run", lambda arm, seed, rate: (arm, rate, seed))
    monkeypatch.setattr(
        capacity.results, "keep", lambda study, runs, settings: kept.extend([study, *runs])
    )
    monkeypatch.setattr(capacity, "told", len)
    capacity.main()
    study, *runs = kept
    assert study == "capacity"
    assert set(runs) == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
