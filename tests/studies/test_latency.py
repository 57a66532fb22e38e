"""What is timed is what it is said to be: same answers, matched parameters, counted FLOPs.

No time is asserted: that depends on the machine.
"""

import itertools

import numpy as np
import pytest

from tinyffn import Tensor, no_grad
from tinyffn.studies import latency, results
from tinyffn.studies.flops import count


def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize("arm", ["attention", "gMLP", "gMLP, 3/4"])
@pytest.mark.parametrize("length", [5, 64])
def test_flops_are_those_of_the_block(arm, length):
    block = latency.make_block(arm, length, rng(), d_model=16)
    x = Tensor(np.ones((1, length, 16), np.float32))
    counted = sum(count(block(x)).values())
    assert counted == length * latency.flops_per_token(arm, length, d_model=16)


def test_flops_by_the_formulas_of_the_block():
    d, T = 256, 1024
    assert latency.flops_per_token("attention", T) == 24 * d * d + 4 * T * d
    assert latency.flops_per_token("gMLP, 3/4", T) == 18 * d * d + 6 * T * d
    assert latency.flops_per_token("gMLP", T) == 24 * d * d + 8 * T * d
    n = 256 * (1 + 2 + 3 + 4) / 4  # four blocks, each computed up to its end
    assert latency.flops_per_token("attention, block-wise", T) == 24 * d * d + 4 * n * d
    assert latency.flops_per_token("gMLP, block-wise", T) == 24 * d * d + 8 * n * d


@pytest.mark.parametrize("pair", [("attention", "attention, block-wise"),
                                  ("gMLP", "gMLP, block-wise")])  # fmt: skip
def test_block_wise_blocks_give_the_same(pair):
    plain, blockwise = (latency.make_block(arm, 300, rng(), d_model=16) for arm in pair)
    blockwise.load_state_dict(plain.state_dict())
    x = Tensor(rng().standard_normal((1, 300, 16)).astype(np.float32))
    with no_grad():
        np.testing.assert_allclose(blockwise(x).data, plain(x).data, rtol=0, atol=1e-5)


def test_parameters_are_matched_without_the_map():
    sizes = {arm: latency.parameters(arm, 64) for arm in latency.ARMS}
    attention, none = sizes["attention"]
    assert none == 0 and sizes["attention, block-wise"] == (attention, 0)
    assert sizes["gMLP"] == sizes["gMLP, block-wise"]
    assert abs(sizes["gMLP"][0] / attention - 1.0) < 0.005
    assert abs(sizes["gMLP, 3/4"][0] / attention - 0.75) < 0.005
    assert sizes["gMLP"][1] == 64 * 64 + 64


def test_every_arm_is_timed(monkeypatch):
    """By a clock that goes on a millisecond each time that it is read."""
    ticks = itertools.count()
    monkeypatch.setattr(latency.time, "process_time", lambda: next(ticks) / 1000)
    each_arm_takes_one = pytest.approx(dict.fromkeys(latency.ARMS, 1.0))
    assert latency.forward_ms(7, 1, calls=2, d_model=16) == each_arm_takes_one
    for length in (1, 7):
        each_takes_one = pytest.approx(dict.fromkeys(latency.DECODING, 1.0))
        assert latency.decoding_ms(length, 1, calls=3, d_model=16) == each_takes_one


def test_the_command_times_all_arms_on_all_seeds_and_lengths(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(latency, "LENGTHS", (3, 5))
    monkeypatch.setattr(latency, "SEEDS", (1, 2))
    monkeypatch.setattr(latency, "forward_ms", lambda n, seed: dict.fromkeys(latency.ARMS, n / 7))
    monkeypatch.setattr(latency, "decoding_ms", lambda n, seed: dict.fromkeys(latency.ARMS, seed))
    keep = results.keep
    monkeypatch.setattr(results, "keep", lambda *a, **named: keep(*a, **named, folder=tmp_path))
    latency.main()
    kept = results.load("latency", folder=tmp_path)
    assert [(run["arm"], run["seed"]) for run in kept["runs"]] == [
        (arm, seed) for seed in (1, 2) for arm in latency.ARMS
    ]
    for run in kept["runs"]:
        assert run["forward_ms"] == [0.4286, 0.7143] and run["value"] == 0.7143
        decodes = run["arm"] in latency.DECODING
        assert run.get("decoding_ms") == ([run["seed"]] * 2 if decodes else None)
    assert "latency.json" in capsys.readouterr().out


def test_ratios_are_made_run_by_run():
    runs = [
        {"arm": arm, "seed": seed, "forward_ms": [seed * t for t in times]}
        for arm, times in [("a", [2.0, 3.0]), ("b", [1.0, 6.0]), ("c", [0.0, 0.0])]
        for seed in (1, 2, 5)
    ]
    assert latency.times_as_long(runs, "a", "b") == [[2.0] * 3, [0.5] * 3]


def test_what_is_kept_is_whole():
    kept = results.load("latency")
    assert kept["settings"]["lengths"] == list(latency.LENGTHS)
    assert {run["arm"] for run in kept["runs"]} == set(latency.ARMS)
    for run in kept["runs"]:
        assert len(run["forward_ms"]) == len(latency.LENGTHS) and run["seed"] in latency.SEEDS
    for arm in latency.ARMS:
        flops = [latency.flops_per_token(arm, n) for n in latency.LENGTHS]
        assert kept["settings"]["flops_per_token"][arm] == flops
        of_block = [list(latency.parameters(arm, n)) for n in (64, 256)]
        assert kept["settings"]["parameters (block, map of places)"][arm][:2] == of_block
