"""The study of knowledge per bit: what is trained and stored, how it is read, what was kept."""

import json

import numpy as np
import pytest

from tinyffn.studies import knowledge_per_bit, results
from tinyffn.studies.knowledge_per_bit import curve, highest, run, stores
from tinyffn.studies.knowledge_per_bit_arms import TRAININGS, Training


def small(scheme, after=False):
    settings = {"exposures": 3, "d_ff": 12}
    return Training(scheme, {20: (0.01,)}, settings=settings, after=after)


def test_a_layer_in_float_is_stored_in_many_ways(monkeypatch):
    monkeypatch.setitem(TRAININGS, "small", small(None, after=True))
    found = run("small", 20, 1, 0.01)
    assert [each["arm"] for each in found] == [f"{store}: 20" for store in stores("small")]
    values = {each["arm"].split(":")[0]: each["value"] for each in found}
    assert len(values) == 11 and found == run("small", 20, 1, 0.01)
    assert values["float16"] == pytest.approx(2 * values["float32"], rel=1e-2)
    sizes = 8 + 16 * (1 / 64 + 1 / 12) / 2
    assert values["int8 after"] == pytest.approx(32 / sizes * values["float32"], rel=0.05)


def test_one_in_few_bits_is_stored_as_it_was_trained(monkeypatch):
    monkeypatch.setitem(TRAININGS, "signs", small("sign"))
    monkeypatch.setitem(TRAININGS, "one scale", small("sign")._replace(per="tensor"))
    (column,), (tensor,) = run("signs", 20, 1, 0.01), run("one scale", 20, 1, 0.01)
    assert column["arm"] == "signs: 20" and 0 < column["value"] != tensor["value"] > 0
    with np.errstate(all="ignore"):
        (diverged,) = run("signs", 20, 1, 1e30)
    assert np.isnan(diverged["value"])


def test_memory_of_each_way_of_storing():
    sizes = knowledge_per_bit.settings()["bits_per_weight"]
    assert set(sizes) == {store for name in TRAININGS for store in stores(name)}
    assert sizes["float32"] == 32 and sizes["sign in training"] == 1.25 == sizes["sign after"]
    assert sizes["sign, one scale"] == pytest.approx(1 + 16 / 4096, abs=1e-4)
    assert sizes["ternary in training"] == pytest.approx(np.log2(3) + 0.25, abs=1e-4)
    assert sizes["int4 in training"] == pytest.approx(np.log2(15) + 0.25, abs=1e-4)


def runs_of(values, rate=0.1):
    """Made-up runs: {n: (value of seed 1, value of seed 2)}."""
    return [
        {"arm": f"sign: {n}", "seed": seed, "rate": rate, "value": value}
        for n, by_seed in values.items()
        for seed, value in enumerate(by_seed, start=1)
    ]


def test_curves_take_each_point_s_best_rate_and_a_peak_lies_inside():
    runs = runs_of({5: (1.0, 1.0), 7: (2.0, 2.2), 9: (1.0, 1.2)}) + runs_of({9: (1.5, 1.7)}, 0.2)
    assert curve(runs, "sign") == {5: {1: 1.0, 2: 1.0}, 7: {1: 2.0, 2: 2.2}, 9: {1: 1.5, 2: 1.7}}
    assert highest(runs, "sign") == (7, {1: 2.0, 2: 2.2}, True)
    assert highest(runs_of({5: (1.0, 1.0)}), "sign") == (5, {1: 1.0, 2: 1.0}, False)
    with pytest.raises(ValueError, match="curve: there are no runs of 'int4'"):
        curve(runs, "int4")


def test_what_came_out_is_told_in_a_line_each():
    runs = runs_of({5: (0.1, 0.1), 7: (0.2, 0.3), 9: (0.1, 0.1)})
    settings = {"bits_per_weight": {"sign": 1.25}}
    text = knowledge_per_bit.told({"settings": settings, "runs": runs})
    expected = "sign 1.25 bits a weight hold 0.312: 0.250 a bit (0.200 to 0.300), 7 facts"
    assert " ".join(text.split()) == expected
    text = knowledge_per_bit.told({"settings": settings, "runs": runs_of({5: (0.1, 0.1)})})
    assert text.endswith("5 facts, the end of the grid")


def test_messages_name_what_there_is():
    with pytest.raises(
        ValueError, match="knowledge_per_bit: there is no training 'int2', only flo"
    ):
        run("int2", 20, 1, 0.1)
    with pytest.raises(
        ValueError, match="bits_per_weight: nothing is stored as 'int2', only as si"
    ):
        knowledge_per_bit.bits_per_weight({"bits_per_weight": {"sign": 1.25}}, "int2")


def test_the_plan_has_each_run_once():
    plan = knowledge_per_bit.plan()
    assert len(set(plan)) == len(plan) and {each[2] for each in plan} == {1, 2, 3}
    assert {name for name, *_ in plan} == set(TRAININGS)


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    runs = results.load("knowledge_per_bit")["runs"]
    kept = {(run["arm"], run["seed"], run["rate"]) for run in runs}
    planned = {
        (f"{store}: {n}", seed, rate)
        for training, n, seed, rate in knowledge_per_bit.plan()
        for store in knowledge_per_bit.stores(training)
    }
    assert kept == planned and len(runs) == len(planned)


def test_the_kept_settings_are_those_of_the_study_as_it_stands():
    settings = json.loads(json.dumps(knowledge_per_bit.settings()))
    assert results.load("knowledge_per_bit")["settings"] == settings
