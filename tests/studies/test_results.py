"""Results that are kept: whole or not at all, the same when read again, and compared fairly."""

import json

import numpy as np
import pytest

from tinyffn.studies import results

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
    assert again["settings"] == {"steps": 7} and set(again["versions"]) == {"python", "numpy"}
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
        ([{**RUNS[0], "value": float("nan")}], "not JSON compliant"),
        ([{**RUNS[0], "curve": list(range(30_000))}], "more than 100,000: keep fewer points"),
    ],
)
def test_what_cannot_be_kept_leaves_the_old_file(tmp_path, runs, says):
    results.keep("toy", RUNS, settings={}, folder=tmp_path)
    before = (tmp_path / "toy.json").read_bytes()
    with pytest.raises(ValueError, match=says):
        results.keep("toy", runs, settings={}, folder=tmp_path)
    assert (tmp_path / "toy.json").read_bytes() == before


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
    assert results.paired_differences(values, "a") == {"b": pytest.approx([-0.5] * 3)}


def test_arms_that_cannot_be_compared_are_named():
    with pytest.raises(ValueError, match="the arms have different seeds"):
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
        seeds = {run["seed"] for run in content["runs"]}
        assert len(seeds) >= 3, f"{path.name}: fewer than three seeds"
