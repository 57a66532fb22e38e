"""The study at equal bytes: layers of one size in memory, and what was kept of them."""

import json

import numpy as np
import pytest

from tinyffn.studies import equal_bytes, knowledge_per_bit, results
from tinyffn.studies.equal_bytes import TRAININGS
from tinyffn.studies.knowledge_layer import D

KEPT = results.load("equal_bytes")
CODE = {"float16": 16, "int8": np.log2(255), "int4": np.log2(15), "ternary": np.log2(3), "sign": 1}


def bits(name, d_ff):
    """A layer's codes, and 16 bits for each scale: one a column of both matrices, or one each."""
    form, *others = name.split(", ")
    n_scales = 0 if form == "float16" else 2 if "one scale" in others else d_ff + D
    return 2 * D * d_ff * CODE[form] + 16 * n_scales


@pytest.mark.parametrize("name", TRAININGS)
def test_each_layer_is_the_widest_that_fits_into_the_memory_of_64_neurons_in_int4(name):
    d_ff = TRAININGS[name].settings["d_ff"]
    assert bits(name, d_ff) <= bits("int4", 64) < bits(name, d_ff + 1)
    size = equal_bytes.settings()["bits_per_weight"][name]
    assert 2 * D * d_ff * size == pytest.approx(bits(name, d_ff), rel=1e-3)


def test_a_run_trains_a_layer_of_that_width(monkeypatch):
    short = TRAININGS["sign"].settings | {"exposures": 2}
    monkeypatch.setitem(TRAININGS, "sign", TRAININGS["sign"]._replace(settings=short))
    (run,) = knowledge_per_bit.run("sign", 40, 1, 0.004, TRAININGS)
    assert run["arm"] == "sign: 40" and 0 < run["value"] < 160 / bits("sign", 229) * 1.001


def test_the_kept_runs_and_settings_are_those_of_the_study_as_it_stands():
    plan = knowledge_per_bit.plan(TRAININGS)
    kept = [(run["arm"], run["seed"], run["rate"]) for run in KEPT["runs"]]
    assert kept == [(f"{name}: {n}", seed, rate) for name, n, seed, rate in plan]
    assert KEPT["settings"] == json.loads(json.dumps(equal_bytes.settings()))


@pytest.mark.parametrize("name", [name for name in TRAININGS if "exposures" not in name])
def test_fewer_and_more_facts_were_tried_than_are_best(name):
    assert knowledge_per_bit.highest(KEPT["runs"], name)[2]


def test_no_best_rate_of_a_best_number_of_facts_is_at_an_end_of_its_grid():
    runs = KEPT["runs"]
    ends = results.at_end_of_grid(runs, best=max)
    assert not [
        name for name in TRAININGS
        if f"{name}: {knowledge_per_bit.highest(runs, name)[0]}" in ends
    ]  # fmt: skip
