"""The study of a perception block's parts: fair arms, runs that can be made again."""

import numpy as np
import pytest

from tinyffn.data import documentation, fingerprint
from tinyffn.studies import perception_parts as parts
from tinyffn.studies import results
from tinyffn.studies.activations import n_parameters


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("arm", parts.ARMS)
def test_arms_hold_as_many_parameters_within_two_percent(arm):
    n = n_parameters(parts.make_model(parts.FULL, rng=rng()))
    assert n_parameters(parts.make_model(arm, rng=rng())) == pytest.approx(n, rel=0.02)


def test_each_arm_lacks_the_part_that_it_is_named_after():
    (block, _) = parts.make_model(parts.FULL, rng=rng()).blocks
    assert block.mixing.mixing.n_heads == 4 and len(block.experts.experts) == 4
    assert block.scale is not None and list(block.activation.parameters())
    (block, _) = parts.make_model("no gate", rng=rng()).blocks
    assert not hasattr(block.mixing, "mixing")
    (block, _) = parts.make_model("the gate alone", rng=rng()).blocks
    assert block.experts is block.scale is None and block.mixing.mixing.n_heads == 1


def test_a_run_is_the_same_again_and_its_first_part_is_that_of_the_whole(monkeypatch):
    monkeypatch.setattr(parts, "STEPS", 20)
    monkeypatch.setattr(parts, "EVALUATE_EVERY", 2)
    monkeypatch.setattr(parts, "N_SCORED", 100)
    whole = parts.run(parts.FULL, 1, 0.016)
    part = parts.run(parts.FULL, 1, 0.016, stop=4)
    assert parts.run(parts.FULL, 1, 0.016) == whole
    assert len(whole["curve"]) == 10 and whole["curve"][:2] == part["curve"]
    assert whole["value"] == pytest.approx(whole["curve"][-1], abs=0.001)
    assert whole["value"] != whole["validation"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: parts.make_model("no skip", rng=rng()), "make_model: there is no arm 'no skip'"),
        (lambda: parts.run(parts.FULL, 1, 0.0), "run: rate is 0.0"),
        (lambda: parts.run(parts.FULL, 1, 0.1, stop=0), "run: stop is 0"),
        (lambda: parts.run(parts.FULL, 1, 0.1, stop=9999), "run: stop is 9999, but the runs have"),
    ],
)
def test_what_does_not_fit_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_what_is_kept_is_complete():
    content = results.load("perception_parts")
    named = {(run["arm"], run["rate"], run["seed"]) for run in content["runs"]}
    assert named == {(a, r, s) for a in parts.ARMS for r in parts.rates(a) for s in parts.SEEDS}
    assert content["settings"]["steps"] == parts.STEPS
    if content["settings"]["text"] == fingerprint(documentation()):
        for arm in parts.ARMS:
            n = n_parameters(parts.make_model(arm, rng=rng()))
            assert content["settings"]["n_parameters"][arm] == n


def test_what_is_kept_comes_out_again():
    content = results.load("perception_parts")
    (old,) = (
        run
        for run in content["runs"]
        if (run["arm"], run["seed"], run["rate"]) == (parts.FULL, 1, 0.016)
    )
    is_same_text = content["settings"]["text"] == fingerprint(documentation())
    new = parts.run(parts.FULL, 1, 0.016, stop=parts.EVALUATE_EVERY)
    assert new["curve"] == pytest.approx(old["curve"][:1], abs=0.05 if is_same_text else 0.5)


def test_the_command_writes_what_it_should(monkeypatch, tmp_path):
    monkeypatch.setattr(parts, "ARMS", {parts.FULL: {}})
    monkeypatch.setattr(parts, "SEEDS", (1, 2))
    monkeypatch.setattr(parts, "RATES", (0.016,))
    monkeypatch.setattr(parts, "STEPS", 4)
    monkeypatch.setattr(parts, "EVALUATE_EVERY", 4)
    monkeypatch.setattr(parts, "N_SCORED", 100)
    keep = results.keep
    monkeypatch.setattr(results, "keep", lambda *args, **told: keep(*args, folder=tmp_path, **told))
    parts.main()
    runs = results.load("perception_parts", folder=tmp_path)["runs"]
    assert [run["seed"] for run in runs] == [1, 2]
    assert "curve" in runs[0] and "curve" not in runs[1]
