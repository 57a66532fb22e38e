"""Results that are kept: whole or not at all, the same when read again, and compared fairly."""

import importlib
import json
import os
import re

import numpy as np
import pytest

from tinyffn.studies import results
from tinyffn.studies.made_with import made_with

RUNS = [
    {"arm": arm, "seed": seed, "rate": rate, "value": value + 0.1 * seed}
    for arm, rate, value in [("a", 1.0, 3.0), ("a", 2.0, 2.0), ("b", 1.0, 1.5), ("b", 2.0, 4.0)]
    for seed in (1, 2, 3)
]


def test_what_is_kept_is_read_again(tmp_path):
    runs = [{**run, "value": np.float32(run["value"]), "curve": [1, 2]} for run in RUNS]
    path = results.keep("toy", runs, settings={"steps": np.int64(7)}, folder=tmp_path)
    again = results.load("toy", folder=tmp_path)
    assert path.name == "toy.json" and again["study"] == "toy"
    assert again["command"] == "python -m tinyffn.studies.toy"
    assert again["settings"] == {"steps": 7} and again["versions"] == made_with()
    assert [run["value"] for run in again["runs"]] == [float(run["value"]) for run in runs]
    assert [path.name for path in tmp_path.iterdir()] == ["toy.json"]


def test_one_run_stands_on_a_line(tmp_path):
    text = results.keep("toy", RUNS, settings={}, folder=tmp_path).read_text(encoding="utf-8")
    assert sum(line.startswith('{"arm"') for line in text.splitlines()) == len(RUNS)


@pytest.mark.parametrize(
    ("runs", "says"),
    [
        ([], "there are no runs"),
        ([{"arm": "a", "seed": 1, "rate": 1}], "run 0 has no value"),
        ([RUNS[0], RUNS[0]], "two runs are arm 'a', seed 1, rate 1.0"),
        (
            [run for run in RUNS if (run["rate"], run["seed"]) != (2.0, 3)],
            "arm 'a' has seeds [1, 2] at rate 2.0, but [1, 2, 3] at another: a lucky seed must",
        ),
        (
            [{**RUNS[0], "curve": list(range(30_000))}],
            "bytes are more than 100,000: keep fewer points",
        ),
    ],
)
def test_what_cannot_be_kept_leaves_the_old_file(tmp_path, runs, says):
    results.keep("toy", RUNS, settings={}, folder=tmp_path)
    before = (tmp_path / "toy.json").read_bytes()
    with pytest.raises(ValueError, match=rf"^keep toy: .*{re.escape(says)}"):
        results.keep("toy", runs, settings={}, folder=tmp_path)
    assert (tmp_path / "toy.json").read_bytes() == before


def test_a_disk_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch):
    def fail(*paths):
        raise OSError("no space left")

    results.keep("toy", RUNS, settings={}, folder=tmp_path)
    before = (tmp_path / "toy.json").read_bytes()
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        results.keep("toy", RUNS[:3], settings={}, folder=tmp_path)
    assert (tmp_path / "toy.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["toy.json"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), np.float32("nan"), -np.inf])
def test_what_diverged_is_kept_as_none(tmp_path, bad):
    runs = [{**run, "angle": [1.5, bad], "n": {"x": bad}} for run in RUNS]
    runs[0]["value"] = bad
    results.keep("toy", runs, settings={}, folder=tmp_path)
    again = results.load("toy", folder=tmp_path)["runs"]
    assert again[0]["value"] is None and again[1]["value"] == runs[1]["value"]
    assert again[0]["angle"] == [1.5, None] and again[0]["n"] == {"x": None}


def test_a_setting_that_is_not_finite_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"keep toy: a setting is not finite: {'ratio': inf}"):
        results.keep("toy", RUNS, settings={"ratio": np.inf}, folder=tmp_path)


def test_what_json_cannot_hold_is_named(tmp_path):
    with pytest.raises(TypeError, match="is a set, which JSON cannot hold"):
        results.keep("toy", RUNS, settings={"ids": {1}}, folder=tmp_path)


def test_a_study_without_results_says_how_to_make_them(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python -m tinyffn\.studies\.toy makes them"):
        results.load("toy", folder=tmp_path)


@pytest.mark.parametrize("text", ["", "{", "{}", '{"runs": [{"arm": "a"}]}', '{"runs": 1}'])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "toy.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"toy\.json is damaged"):
        results.load("toy", folder=tmp_path)


def test_each_arm_is_taken_at_its_own_best_rate():
    assert results.best_rates(RUNS) == {"a": 2.0, "b": 1.0}
    assert results.best_rates(RUNS, best=max) == {"a": 1.0, "b": 2.0}
    values = results.at_best_rate(RUNS)
    assert values["a"] == pytest.approx({1: 2.1, 2: 2.2, 3: 2.3})
    whole = results.runs_at_best_rate(RUNS[::-1])["a"]
    assert [(run["seed"], run["rate"], run["value"]) for run in whole] == [
        (seed, 2.0, value) for seed, value in values["a"].items()
    ]
    assert results.paired_differences(values, "a") == {"b": pytest.approx([-0.5] * 3)}


@pytest.mark.parametrize("bad", [None, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("seed", [1, 3])
def test_a_run_that_diverged_is_worse_than_any_other(bad, seed):
    """Whichever is the first of them, and whether high or low is good."""
    runs = [dict(run) for run in RUNS]
    next(r for r in runs if (r["arm"], r["rate"], r["seed"]) == ("a", 2.0, seed))["value"] = bad
    for order in (runs, runs[::-1]):
        assert results.best_rates(order) == {"a": 1.0, "b": 1.0}
    runs = [{**run, "value": run["value"] and -run["value"]} for run in runs]
    for order in (runs, runs[::-1]):
        assert results.best_rates(order, best=max) == {"a": 1.0, "b": 1.0}


def test_an_arm_that_always_diverged_is_named():
    runs = [{**r, "value": None if (r["arm"], r["seed"]) == ("b", 2) else r["value"]} for r in RUNS]
    message = "best_rates: arm 'b' has a run that diverged at each of its rates"
    with pytest.raises(ValueError, match=message):
        results.at_best_rate(runs)


def test_the_rate_may_be_chosen_by_another_number_than_the_one_reported():
    runs = [{**run, "chosen": 1 / run["value"]} for run in RUNS]
    assert results.best_rates(runs, choose_by="chosen") == {"a": 1.0, "b": 2.0}
    values = results.at_best_rate(runs, choose_by="chosen")
    assert values["a"] == pytest.approx({1: 3.1, 2: 3.2, 3: 3.3})
    runs[0]["value"] = None  # a value that diverged is never the one that is reported
    assert results.best_rates(runs, choose_by="chosen")["a"] == 2.0
    with pytest.raises(ValueError, match="best_rates: run 0 has no chosen"):
        results.best_rates(RUNS, choose_by="chosen")


def test_an_arm_at_an_end_of_its_grid_is_named():
    runs = [
        {"arm": arm, "seed": 1, "rate": rate, "value": value}
        for arm, values in {"low": [1, 2, 3], "high": [3, 2, 1], "inside": [2, 1, 3]}.items()
        for rate, value in zip([0.1, 0.2, 0.4], values, strict=True)
    ]
    assert results.at_end_of_grid(runs) == ["low", "high"]
    assert results.at_end_of_grid(runs[::-1], best=max) == ["inside", "high", "low"]


def test_conditions_say_what_each_arm_was_given():
    sizes = {"a": 1200, "b": 34}
    told = results.conditions(RUNS, steps=1500, n_parameters=sizes).splitlines()
    rates, seeds = results.best_rates(RUNS), {run["seed"] for run in RUNS}
    assert len(told) == len(sizes)
    for line, (arm, n) in zip(told, sizes.items(), strict=True):
        tried = sorted({run["rate"] for run in RUNS if run["arm"] == arm})
        assert line.startswith(arm) and f"{n:,} parameters, {len(seeds)} seeds, 1,500 steps" in line
        grid = f"of {len(tried)} rates, {tried[0]:g} to {tried[-1]:g}, best {rates[arm]:g}"
        assert line.endswith(grid)
    of_runs = [{**run, "n_parameters": sizes[run["arm"]]} for run in RUNS]
    assert results.conditions(of_runs, steps=1500).splitlines() == told
    for unknown in ({}, {"a": 1200}):
        with pytest.raises(ValueError, match=r"parameters of arm '[ab]' is not known"):
            results.conditions(RUNS, steps=1500, n_parameters=unknown)


def test_arms_that_cannot_be_compared_are_named():
    runs = [run for run in RUNS if run["arm"] == "a" or run["seed"] == 1]
    with pytest.raises(ValueError, match="they could not be paired"):
        results.at_best_rate(runs)
    with pytest.raises(ValueError, match="they could not be paired"):
        results.at_best_rate([run for run in RUNS if (run["arm"], run["seed"]) != ("b", 3)])
    with pytest.raises(ValueError, match="there is no arm 'c'"):
        results.paired_differences(results.at_best_rate(RUNS), "c")


def test_the_results_that_ship_are_whole():
    """Every file in the package reads, names its own command, and is small."""
    for path in results.FOLDER.glob("*.json"):
        content = results.load(path.stem)
        assert content["study"] == path.stem and content["settings"]
        assert path.stat().st_size <= results.LARGEST_BYTES
        assert json.dumps(content["runs"])
        module = importlib.import_module(content["command"].removeprefix("python -m "))
        assert callable(module.main)
        seeds = {}
        for run in content["runs"]:
            seeds.setdefault((run["arm"], run["rate"]), set()).add(run["seed"])
        assert min(map(len, seeds.values())) >= 3, f"{path.name}: fewer than three seeds"


@pytest.mark.parametrize(
    "study", ["capacity", "editing_one_bit", "few_bit_learning", "quantized_recall"]
)
def test_the_kept_runs_are_those_of_the_study_as_it_stands(study):
    """Whoever repeats the study makes just these; knowledge_per_bit has a test of its own."""
    plan = importlib.import_module(f"tinyffn.studies.{study}").plan()
    kept = [(run["arm"], run["seed"], run["rate"]) for run in results.load(study)["runs"]]
    assert sorted(kept) == sorted(plan)
