"""What is timed is what it is said to be: one product in seven ways, and bytes that are counted.

No time is asserted: that depends on the machine.
"""

import numpy as np
import pytest

from tinyffn.bits.schemes import signs
from tinyffn.bits.uniform import absmax_tokens
from tinyffn.studies import packed_speed, results

SMALL = {"shape": (256, 24), "group": 128}


def rng():
    return np.random.default_rng(1)


def test_all_programs_multiply_with_the_same_weight():
    programs = packed_speed.Programs(rng(), **SMALL)
    x = rng().standard_normal((3, 256)).astype(np.float32)
    codes, _ = absmax_tokens(x)
    took = {name: program() for name, program in programs.of(x).items()}
    assert list(took) == list(packed_speed.ARMS) == list(programs.size_bytes)
    expected = dict.fromkeys((packed_speed.BLAS, packed_speed.EACH_CALL, packed_speed.TILES), x)
    expected |= dict.fromkeys((packed_speed.TABLES, packed_speed.PLANES), codes)
    expected |= {packed_speed.XNOR: signs(x)}
    for name, inputs in expected.items():
        right = inputs.astype(float) @ programs.exact
        np.testing.assert_allclose(took[name], right, rtol=2e-3, atol=2e-3 * np.abs(right).max())
    of_columns = programs.of_columns.quantized().values().astype(float)
    np.testing.assert_allclose(
        took[packed_speed.COLUMNS], signs(x) @ of_columns, rtol=1e-4, atol=1e-3
    )


def test_what_is_unpacked_for_each_call_is_the_weight_in_float32():
    programs = packed_speed.Programs(rng(), **SMALL)
    assert programs.packed.scale.dtype == np.float16
    assert programs.unpacked().dtype == programs.exact.dtype == np.float32
    np.testing.assert_array_equal(programs.unpacked(), programs.exact)


def test_bytes_are_those_that_a_call_reads():
    of = packed_speed.Programs(rng(), **SMALL).size_bytes
    n = 256 * 24
    assert of[packed_speed.BLAS] == 4 * n
    assert of[packed_speed.XNOR] == of[packed_speed.TABLES] == n // 8 + n // 128 * 2
    assert of[packed_speed.COLUMNS] == n // 8 + 24 * 2


def test_the_command_times_all_arms_on_all_seeds(monkeypatch, tmp_path, capsys):
    real = packed_speed.Programs
    monkeypatch.setattr(packed_speed, "SEEDS", (1, 2))
    monkeypatch.setattr(packed_speed, "Programs", lambda rng: real(rng, **SMALL))
    monkeypatch.setattr(packed_speed, "measured_bandwidth", lambda: 7e9)
    monkeypatch.setattr(packed_speed, "measured_peak", lambda: 9e9)
    monkeypatch.setattr(
        packed_speed, "in_turn", lambda programs, calls: {name: [0.004, 0.003] for name in programs}
    )
    keep = results.keep
    monkeypatch.setattr(results, "keep", lambda *a, **named: keep(*a, **named, folder=tmp_path))
    packed_speed.main()
    runs = results.load("packed_speed", folder=tmp_path)["runs"]
    machine = [packed_speed.MEMORY, packed_speed.ARITHMETIC]
    assert [(run["arm"], run["seed"]) for run in runs] == [
        (arm, seed) for seed in (1, 2) for arm in [*packed_speed.ARMS, *machine]
    ]
    assert runs[0]["ms"] == [3.0] * len(packed_speed.N_TOKENS) and runs[0]["value"] == 3.0
    assert [run["value"] for run in runs[-2:]] == [7e9, 9e9]
    assert "packed_speed.json" in capsys.readouterr().out


def test_ratios_are_made_run_by_run():
    runs = [
        {"arm": arm, "seed": seed, "ms": [seed * t for t in ms]}
        for arm, ms in [(packed_speed.BLAS, [6.0, 8.0]), ("a", [2.0, 16.0])]
        for seed in (1, 3)
    ]
    runs.append({"arm": packed_speed.MEMORY, "seed": 1, "value": 1.0})
    assert packed_speed.times_as_fast(runs, "a") == [3.0, 3.0]
    assert packed_speed.times_as_fast(runs, "a", n=1) == [0.5, 0.5]


def test_what_is_kept_is_whole():
    kept = results.load("packed_speed")
    assert kept["settings"]["shape"] == list(packed_speed.SHAPE)
    assert kept["settings"]["group"] == packed_speed.GROUP == 128
    assert kept["settings"]["calls"] == packed_speed.CALLS
    assert kept["settings"]["n_tokens"] == list(packed_speed.N_TOKENS)
    d_in, d_out = packed_speed.SHAPE
    for run in kept["runs"]:
        assert run["seed"] in packed_speed.SEEDS and run["value"] > 0
        if run["arm"] in packed_speed.ARMS:
            assert len(run["ms"]) == len(packed_speed.N_TOKENS) and run["ms"][0] == run["value"]
        if run["arm"] == packed_speed.XNOR:
            assert run["bytes"] == d_in * d_out // 8 + d_in // packed_speed.GROUP * d_out * 2
    of_arms = {(run["arm"], run["seed"]) for run in kept["runs"]}
    assert len(of_arms) == (len(packed_speed.ARMS) + 2) * len(packed_speed.SEEDS)


@pytest.mark.parametrize("n", [1, 3])
def test_milliseconds_are_the_quickest_of_some_calls(monkeypatch, n):
    called = {}

    def in_turn(programs, calls):
        y = programs[packed_speed.BLAS]()
        assert y.dtype == np.float32  # in float64 it would take twice the time
        called.update(calls=calls, n=len(y))
        return {name: [0.5, 0.25] for name in programs}

    monkeypatch.setattr(packed_speed, "in_turn", in_turn)
    programs = packed_speed.Programs(rng(), **SMALL)
    taken = packed_speed.milliseconds(programs, n, rng(), calls=4)
    assert taken == dict.fromkeys(packed_speed.ARMS, 250.0) and called == {"calls": 4, "n": n}
