"""The studies of window and size: small runs are what they say, and arms share their data."""

import numpy as np
import pytest

from tinyffn.models import WindowMLP
from tinyffn.studies import results, scaling, windows
from tinyffn.studies.held_out import window_bits


def _ids():
    """A little language in which an id follows from the two before it, nine times of ten."""
    rng, ids = np.random.default_rng(1), [0, 1]
    for _ in range(6000):
        fair = rng.random() < 0.9
        ids.append((2 * ids[-1] + ids[-2] + 1) % 5 if fair else int(rng.integers(5)))
    return np.array(ids)


def test_a_run_learns_and_says_how_it_went():
    ids = _ids()
    made = windows.run((ids[:5000], ids[5000:]), 5, 2, rate=0.01, seed=1, d_ff=16, steps=200)
    assert set(made) == {"seed", "rate", "value", "n_parameters", "curve"}
    assert made["n_parameters"] == 5 * 16 + 32 * 16 + 16 + 16 * 5 + 5
    assert len(made["curve"]) == 10 and made["curve"][-1] < made["curve"][0]
    assert made["value"] == pytest.approx(made["curve"][-1], abs=1e-3)  # the test part is short
    best = -(0.92 * np.log2(0.92) + 0.08 * np.log2(0.02))
    assert best - 0.1 < made["value"] < 1.3 < np.log2(5)


def test_a_run_that_is_stopped_has_gone_the_same_way():
    ids = _ids()
    parts = ids[:5000], ids[5000:]
    whole = windows.run(parts, 5, 2, rate=0.01, seed=1, d_ff=16, steps=100)
    start = windows.run(parts, 5, 2, rate=0.01, seed=1, d_ff=16, steps=100, stop=10)
    assert start["curve"] == whole["curve"][:1]


def test_windows_of_any_length_see_the_same_targets_and_start_with_the_same_vectors():
    seen, tables = [], []
    ids = np.random.default_rng(2).integers(0, 9, 500)
    for window in (1, 4, 16):
        model = WindowMLP(9, window, 3, 4, rng=np.random.default_rng(7))
        tables.append(model.token.table.data.copy())
        batches, loss = [], model.loss
        model.loss = lambda *batch, batches=batches, loss=loss: (
            batches.append(batch) or loss(*batch)
        )
        windows.train_window(
            model, ids, rate=0.01, rng=np.random.default_rng(8), steps=20, stop=2, progress=False
        )
        seen.append(batches)
    assert np.array_equal(tables[0], tables[1]) and np.array_equal(tables[0], tables[2])
    for short, middle, long in zip(*seen, strict=True):
        assert np.array_equal(short[1], long[1]) and np.array_equal(middle[1], long[1])
        assert np.array_equal(short[0], long[0][:, -1:])
        assert np.array_equal(middle[0], long[0][:, -4:])


@pytest.mark.parametrize("window", [1, 4, 16])
def test_windows_of_any_length_are_scored_on_the_same_targets(window):
    ids = np.arange(40)
    model = WindowMLP(40, window, 3, 4, rng=np.random.default_rng(7))
    seen, loss = [], model.loss
    model.loss = lambda ids, targets: seen.append(targets) or loss(ids, targets)
    window_bits(model, windows.scored(ids, window))
    assert np.array_equal(np.concatenate(seen), np.arange(16, 40))


def test_a_run_may_be_as_short_as_a_step():
    ids = _ids()
    run = windows.run((ids[:5000], ids[5000:]), 5, 2, rate=0.01, seed=1, steps=1)
    assert len(run["curve"]) == 1


def test_the_narrow_model_with_a_long_window_is_as_small_as_the_short_one():
    def n(window, d_ff):
        model = WindowMLP(103, window, windows.D_EMBED, d_ff, rng=np.random.default_rng(0))
        return model.n_parameters()

    for arm, d_ff in windows.NARROW.items():
        assert n(windows.WINDOWS[arm], d_ff) == pytest.approx(n(4, windows.D_FF), rel=0.01)


def test_kept_runs_cover_every_arm_rate_and_seed():
    kept = results.load("windows")
    short = [r for r in kept["runs"] if r["steps"] == windows.STEPS]
    assert len(short) == len(windows.WINDOWS) * len(windows.RATES) * len(windows.SEEDS)
    assert {r["arm"] for r in short} == set(windows.WINDOWS)
    assert np.all(np.diff(kept["settings"]["counts"]) < 0)
    assert len(kept["runs"]) - len(short) == 3 * len(windows.LONG_RATES) * len(windows.SEEDS)
    best = results.best_rates(short)
    inner = set(windows.RATES[1:-1])
    assert sum(rate in inner for rate in best.values()) >= 5, best  # the grid is wide enough


def test_kept_sizes_cover_every_width_rate_and_seed():
    kept = results.load("scaling")
    assert len(kept["runs"]) == len(scaling.WIDTHS) * len(scaling.RATES) * len(scaling.SEEDS)
    assert {r["d_ff"] for r in kept["runs"]} == set(scaling.WIDTHS)


@pytest.mark.parametrize("study", [windows, scaling])
def test_the_command_makes_and_keeps_every_run(study, tmp_path, monkeypatch):
    ids, kept = _ids(), {}
    few = {"STEPS": 10, "LONG_STEPS": 20, "RATES": (0.01,), "LONG_RATES": (0.01,), "SEEDS": (1,)}
    for name, value in few.items():
        if hasattr(study, name):
            monkeypatch.setattr(study, name, value)
    monkeypatch.setattr(study, "text_parts", lambda: ((ids[:5000], ids[5000:]), 5, {"text": "x"}))
    monkeypatch.setattr(study.results, "keep", lambda name, runs, **rest: kept.update({name: runs}))
    study.main()
    (runs,) = kept.values()
    path = tmp_path / "results"
    monkeypatch.undo()
    results.keep("again", runs, settings={}, folder=path)
    arms = 6 + 3 if study is windows else len(scaling.WIDTHS)
    assert len(results.load("again", folder=path)["runs"]) == arms
    assert list(kept) == [study.__name__.split(".")[-1]]
