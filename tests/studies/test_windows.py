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
    small, four = (
        windows.first(103, **windows.ARMS[a], seed=0) for a in ("16, as small as 4", "4")
    )
    assert small.n_parameters() == pytest.approx(four.n_parameters(), rel=0.01)


def test_a_widened_model_ignores_the_older_places_until_it_is_trained():
    ids = np.random.default_rng(0).integers(0, 9, (5, 16))
    short = windows.first(9, 4, seed=3)
    wide = windows.first(9, 16, seed=3, starts_as=4)
    assert wide.window == 16 and wide.up.w.shape == (16 * windows.D_EMBED, windows.D_FF)
    np.testing.assert_allclose(wide(ids).data, short(ids[:, -4:]).data, rtol=1e-5, atol=1e-6)
    wide.loss(ids, ids[:, 0]).backward()
    assert np.abs(wide.up.w.grad[: 12 * windows.D_EMBED]).max() > 0


def test_far_places_speak_quietly_and_near_ones_as_ever():
    ids = np.random.default_rng(0).integers(0, 9, (5, 16))
    quiet, plain = windows.first(9, 16, seed=3, loud=4), windows.first(9, 16, seed=3)
    said, spoken = quiet.vectors(ids).data, plain.vectors(ids).data
    np.testing.assert_array_equal(said[:, 12:], spoken[:, 12:])
    np.testing.assert_allclose(said[:, :12], 0.1 * spoken[:, :12], rtol=1e-6)
    assert quiet.n_parameters() == plain.n_parameters() and said.dtype == np.float32


def test_kept_runs_cover_every_arm_rate_and_seed():
    kept = results.load("windows")
    short = [r for r in kept["runs"] if r["steps"] == windows.STEPS]
    assert len(short) == len(windows.ARMS) * len(windows.RATES) * len(windows.SEEDS)
    assert {r["arm"] for r in short} == set(windows.ARMS)
    assert np.all(np.diff(kept["settings"]["counts"]) < 0)
    long = len(windows.LONG) * len(windows.LONG_RATES) * len(windows.SEEDS)
    assert len(kept["runs"]) == len(short) + long


def test_no_arm_is_best_at_an_end_of_its_rates_and_the_best_are_scored_in_training():
    runs = results.load("windows")["runs"]
    assert not results.at_end_of_grid(runs)
    best = results.best_rates(runs)
    for run in runs:
        assert ("training" in run) == (run["rate"] == best[run["arm"]])


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
    arms = len(windows.ARMS) + 3 if study is windows else len(scaling.WIDTHS)
    assert study is scaling or all("training" in run for run in runs)  # there is but one rate
    assert len(results.load("again", folder=path)["runs"]) == arms
    assert list(kept) == [study.__name__.split(".")[-1]]
