"""The harness measures, compares and reports; here with one short round of the smallest work."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import harness, profile, report
from benchmarks.workloads import OURS, WORKLOADS, builder, ffn_8b, load, signs


def test_one_round_of_the_smallest_workload(tmp_path):
    path = tmp_path / "measured.json"
    options = ["scalar", "--rounds", "1", "--seconds", "0.05", "--peers", "tinyffn; numpy"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options, "--json", path],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    measured = json.loads(path.read_text(encoding="utf-8"))
    ours, numpy = measured["results"][0]["peers"]
    assert measured["threads"] == 1 and measured["cpu"]
    assert (ours["peer"], ours["ratios"], ours["agrees"]) == (OURS, [1.0], True)
    assert numpy["agrees"] and numpy["values"] == pytest.approx(ours["values"], rel=1e-5)
    assert len(ours["seconds"]) == 1 and 0.0 < ours["seconds"][0] < 0.05
    assert "x ours" in done.stdout and "tinyffn 0." in done.stdout


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_workload_says_what_it_is_and_has_our_version(name):
    module = load(name)
    assert module.TITLE and module.UNIT and module.UNITS_PER_CALL >= 1
    assert builder(name, OURS) and builder(name, "pytorch")


def test_titles_say_the_sizes_that_are_timed():
    assert f"{signs.D_OUT} x {signs.D_IN} weight" in signs.TITLE
    assert f"{ffn_8b.D_MODEL} -> {ffn_8b.D_FF} -> {ffn_8b.D_MODEL}" in ffn_8b.TITLE
    assert f"groups of {ffn_8b.GROUP}," in ffn_8b.TITLE
    bits = np.unpackbits(signs.weight(256, 70, group=128).words.view(np.uint8))
    assert abs(bits.mean() - 0.5) < 0.02 and np.packbits(bits).max() > 127
    scale = signs.weight(256, 700, group=128).scale * 16
    assert 0.5 <= scale.min() < 0.51 and 1.49 < scale.max() <= 1.5


def test_peers_of_packed_weights_have_the_same_weight():
    packed = signs.weight(256, 70, group=128)
    w = signs.as_floats(packed)
    assert w.dtype == np.float32 and np.array_equal(w.T, packed.quantized().values())


def test_all_peers_of_a_packed_layer_agree(monkeypatch):
    monkeypatch.setattr(ffn_8b, "D_MODEL", 128)
    monkeypatch.setattr(ffn_8b, "D_FF", 256)
    x = ffn_8b.data()
    assert np.allclose(ffn_8b.with_tinyffn(x)(), ffn_8b.with_numpy(x)(), atol=1e-3)


def measured(peer, seconds, value):
    return {
        "peer": peer, "seconds": seconds, "cpu_seconds": seconds, "values": [value],
        "peak_bytes": None,
    }  # fmt: skip


def test_ratios_are_taken_round_by_round_and_values_compared():
    results = [
        measured(OURS, [1.0, 2.0], 0.5),
        measured("slow", [3.0, 4.0], 0.500001),
        measured("wrong", [1.0, 1.0], 0.51),
        {"peer": "broken", "error": "ImportError: no such thing\nmore"},
    ]
    harness.compare(results)
    assert results[1]["ratios"] == [3.0, 2.0] and results[1]["agrees"]
    assert not results[2]["agrees"]
    text = report.table({"title": "a title", "unit": "step", "peers": results})
    rows = text.splitlines()
    assert rows[0] == "a title" and "per step" in rows[1]
    assert len({len(row) for row in rows[1:5]}) == 1  # aligned
    assert rows[-1] == "  broken: ImportError: no such thing"


def test_the_profile_tells_ops_and_matrix_products():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "profile", "mlp", "--seconds", "0.05"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line.strip()}
    assert rows["linear"][1] == "3" and rows["relu"][1] == "2" and rows["optimizer"][1] == "1"
    assert float(rows["linear"][2]) > 0.0 and float(rows["linear"][3]) > 0.0
    assert "bare matrix products" in done.stdout


def test_products_are_those_of_the_ops():
    x, w = np.ones((2, 5, 3)), np.ones((3, 4))
    q, k, v = np.ones((2, 5, 3)), np.ones((2, 6, 3)), np.ones((2, 6, 4))
    for product in [*profile.linear_products(x, w, None), *profile.attention_products(q, k, v)]:
        a, b = map(np.ones, product)
        assert (a @ b).size  # they fit


def test_unknown_names_are_refused(capsys):
    with pytest.raises(SystemExit):
        command.main(["scalar", "nonsense"])
    assert "not known: nonsense" in capsys.readouterr().err
