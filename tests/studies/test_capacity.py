"""The study of capacity: what arms share, what is counted, and what was kept."""

import numpy as np
import pytest

from tinyffn.studies import capacity, results
from tinyffn.studies.capacity import ARMS, SEEDS, TRIED, curve, peak, run
from tinyffn.studies.capacity_layer import make_layer


def test_a_run_comes_again_and_one_that_diverges_is_no_number(monkeypatch):
    monkeypatch.setitem(ARMS, "small", capacity.Arm("linear", 2, 20))
    found = run("small", 2, 0.05)
    assert found == run("small", 2, 0.05) and found != run("small", 3, 0.05)
    assert {"arm": "small", "seed": 2, "rate": 0.05, "steps": 8}.items() <= found.items()
    with np.errstate(all="ignore"):
        diverged = run("small", 2, 1e30)
    assert np.isnan(diverged["value"]) and diverged["n_parameters"] == found["n_parameters"]


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


def test_the_message_names_the_arms_there_are():
    with pytest.raises(ValueError, match="capacity: there is no arm 'ReLU', only ReLU, 1000"):
        run("ReLU", 1, 0.1)
    with pytest.raises(ValueError, match="at_each_rate: there are no runs of the arm 'ReLU'"):
        capacity.at_each_rate(runs_of({800: (1.0, 1.2)}), "ReLU")
    with pytest.raises(
        ValueError, match=r"answered: .* 'gated' with 1000 exposures and 32 neurons"
    ):
        capacity.answered(runs_of({800: (1.0, 1.2)}), "gated", 1000, "32 neurons")


def test_an_arm_is_trained_as_varied(monkeypatch):
    asked = []
    found = {"value": 1.0, "right": 1.0, "n_parameters": 1, "steps": 1}
    monkeypatch.setattr(capacity, "store", lambda *a, **k: asked.append((a, k)) or found)
    run("gated, 1000 exposures, 900 facts, 32 neurons", 2, 0.08)
    run("ReLU, 1000 exposures, 800 facts", 1, 0.04)
    shared = {"exposures": 1000, "rate": 0.08, "seed": 2}
    assert asked[0] == (("gated", 900), shared | {"d_ff": 32})
    assert asked[1] == (("ReLU", 800), {"exposures": 1000, "rate": 0.04, "seed": 1})


def test_right_answers_are_counted_at_the_best_rate():
    runs = [r | {"right": 0.5} for r in runs_of({800: (2.0, 2.0)})]
    runs += [r | {"right": 1.0} for r in runs_of({800: (1.0, 1.0)}, 0.2)]
    assert capacity.answered(runs, "ReLU", 100) == {800: 400}
    arm = "ReLU, 100 exposures, 800 facts"
    assert capacity.at_each_rate(runs, arm) == {0.1: 2.0, 0.2: 1.0}


def test_what_was_kept_is_whole_and_each_peak_lies_inside_its_grid():
    kept = results.load("capacity")["runs"]
    found = {(r["arm"], r["rate"], r["seed"]) for r in kept}
    assert found == {
        (arm, rate, seed) for arm in ARMS for rate in ARMS[arm].rates for seed in SEEDS
    }
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
        kind, n = ARMS[arm].kind, ARMS[arm].n
        if ARMS[arm].varied:  # fewer rates, said in VARIED
            continue
        best = results.at_best_rate([r for r in kept if r["arm"] == arm], best=max)[arm]
        everything = 4 * n / make_layer(kind, np.random.default_rng(0)).n_parameters()
        assert kind == "linear" or min(best.values()) > 0.99 * everything


def test_what_is_told_is_in_the_runs_and_names_the_paper_s():
    kept = results.load("capacity")["runs"]
    lines = capacity.told(kept).splitlines()
    assert len(lines) == len(TRIED)
    at, by_seed = peak(curve(kept, "gated", 100))
    assert f"{np.mean(list(by_seed.values())):.2f} bits a weight" in lines[4]
    assert f"({min(by_seed.values()):.2f} to {max(by_seed.values()):.2f}, 3 seeds)" in lines[4]
    assert f"{at:5,} facts; paper: plain / 1.3" in lines[4]
    assert lines[2].endswith("paper: -")


def test_the_plan_has_each_arm_at_each_of_its_rates_on_each_seed():
    plan = capacity.plan()
    assert len(set(plan)) == len(plan) == sum(3 * len(arm.rates) for arm in ARMS.values())
    assert ("ReLU, 1000 exposures, 1600 facts, 1 step a pass", 3, 0.32) in plan


def test_what_is_varied_is_told_beside_what_is_not():
    """The width changes little and leaves the gate ahead; labels and steps change more."""
    kept = results.load("capacity")["runs"]
    lines = capacity.told_varied(kept).splitlines()
    assert len(lines) == 1 + len(capacity.VARIED) + 3 and lines[0].startswith("ReLU   as above")
    for width, n_relu, n_gated in (("32 neurons", 800, 900), ("128 neurons", 3200, 3600)):
        relu = curve(kept, "ReLU", 1000, width)[n_relu].values()
        gated = curve(kept, "gated", 1000, width)[n_gated].values()
        assert min(gated) > max(relu) and min(relu) > 1.8
    assert max(curve(kept, "ReLU", 1000, "1 step a pass")[1600].values()) < 1.9


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
    monkeypatch.setattr(capacity, "told_varied", len)
    capacity.main()
    study, *runs = kept
    assert study == "capacity"
    assert set(runs) == {
        (arm, rate, seed) for arm in ARMS for rate in ARMS[arm].rates for seed in SEEDS
    }
