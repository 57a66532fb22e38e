"""Language models rounded after training: what arms change, and what was found."""

import numpy as np
import pytest

from tinyffn.bits.repair import repaired
from tinyffn.bits.schemes import binary
from tinyffn.studies import after_training, results
from tinyffn.studies.after_training import (
    inputs_of,
    kept,
    reads_of,
    rounded_weights,
    run,
    sample,
    shipped_model,
    small_model,
)
from tinyffn.studies.after_training_arms import DAMPED, FLOAT, PLAIN, SCALED, SCHEMES, Arm
from tinyffn.studies.calibration import layer_reads, places

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Few steps and little text, forgotten afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        few = {"STEPS": 2, "N_SAMPLE": 256, "N_TEST": 300, "N_VALIDATION": 200}
        for name, value in few.items():
            patch.setattr(after_training, name, value)
        yield
    for cached in (small_model, sample, inputs_of, reads_of):
        cached.cache_clear()


@pytest.mark.parametrize("method", ["plain", "rank one", "in turn: compensated", "repair: plain"])
def test_only_the_layers_of_an_arm_are_rounded_and_the_model_is_put_back(method):
    model = small_model(1)
    before = model.state_dict()
    weights = rounded_weights("small", 1, Arm("ffn", "sign", method), 0.1)
    assert list(weights) == ["1 up", "1 down", "2 up", "2 down"]
    assert run("small", Arm("ffn", "sign", method), 1, 0.1)["lost"] > 0
    assert all(np.array_equal(before[name], now) for name, now in model.state_dict().items())


def test_plain_is_the_scheme_and_one_layer_can_be_chosen():
    weights = rounded_weights("small", 1, Arm("2 key", "sign", "plain"))
    w = small_model(1).blocks[1].attention.key.w.data
    assert list(weights) == ["2 key"]
    assert np.array_equal(weights["2 key"], binary(w, per=64).values())


def test_in_turn_a_layer_is_repaired_for_what_it_is_given_then():
    model, ids = sample("small", 1)
    weights = rounded_weights("small", 1, Arm("ffn", "sign", "repair: plain"), 0.1)
    up, down = places(model, "1 up")[0].layer, places(model, "1 down")[0]
    x = reads_of("small", 1)["1 down"]
    with after_training.replaced(up.w, "data", weights["1 up"]):
        z = layer_reads(model, ids, [down])["1 down"]
    w = repaired(down.layer.w.data, z.T @ z / len(z), x.T @ z / len(z), damping=0.1)
    assert np.allclose(weights["1 down"], binary(w, per=64).values(), atol=1e-6)


def test_a_run_says_how_it_went():
    found = run("small", Arm("all", "3 bits", "scaled"), 1)
    assert set(found) == {"arm", "seed", "rate", "value", "validation", "lost"}
    assert found["arm"] == "small: all: 3 bits: scaled"
    whole = run("small", FLOAT, 1)
    assert whole["lost"] == 0 and whole["value"] != found["value"]


def test_subjects_and_parts_that_are_not_there_are_named():
    with pytest.raises(ValueError, match="sample: subject is 'large'"):
        sample("large", 1)
    with pytest.raises(ValueError, match="there are no runs of 'large'"):
        kept("large", {"runs": [{"arm": "small: not rounded"}], "settings": {"once": []}})


def test_the_command_makes_every_run_and_keeps_those_at_the_best_damping(monkeypatch):
    def pretend(subject, arm, seed, damping=0.0):
        bits = abs(damping - 0.1) + seed
        return {
            "arm": f"{subject}: {arm}", "seed": seed, "rate": damping, "value": 1.0,
            "validation": bits,
        }  # fmt: skip

    found = {}
    monkeypatch.setattr(after_training, "run", pretend)
    monkeypatch.setattr(after_training, "keep_freed_memory", lambda: None)
    monkeypatch.setattr(results, "keep", lambda name, runs, settings: found.update(
        name=name, runs=runs, settings=settings))  # fmt: skip
    after_training.main()
    assert found["name"] == "after_training"
    damped = {str(arm) for arm in DAMPED}
    for subject, n_layers in (("small", 12), ("shipped", 24)):
        runs = kept(subject, found)
        assert len({each["arm"] for each in runs}) == (
            1 + len(PLAIN) + len(SCALED) + n_layers + len(DAMPED)
        )
        assert all(each["rate"] == (0.1 if each["arm"] in damped else 0.0) for each in runs)
        assert {each["seed"] for each in runs if each["arm"] in damped} == set(SEEDS)
    assert found["settings"]["validation"][str(DAMPED[0])][0.1] == 2.0


def means(subject, key="value"):
    each = {}
    for r in kept(subject):
        each.setdefault(r["arm"], []).append(r[key])
    return {arm: float(np.mean(numbers)) for arm, numbers in each.items()}


def by_seed(arm):
    return np.array([r["value"] for r in kept("small") if r["arm"] == arm])


def test_every_arm_of_the_small_models_has_three_seeds():
    arms = {}
    for r in kept("small"):
        arms.setdefault(r["arm"], set()).add(r["seed"])
    assert all(seeds == set(SEEDS) for seeds in arms.values())
    assert set(map(str, (FLOAT, *PLAIN, *SCALED, *DAMPED))) <= set(arms)


def test_four_bits_cost_little_and_signs_nearly_all():
    whole, letters = by_seed(FLOAT), results.load("after_training")["settings"]["bits of counts"]
    assert (by_seed("all: 4 bits: plain") - whole < 0.1).all()
    assert (by_seed("all: sign: plain") - whole > 2).all()
    assert means("shipped")["all: sign: plain"] > letters["letters"]


def test_a_bad_scale_not_two_bits_loses_to_one_bit():
    assert (by_seed("ffn: 2 bits: plain") > by_seed("ffn: sign: plain") + 0.3).all()
    assert (by_seed("ffn: 2 bits, clipped: plain") < by_seed("ffn: sign: plain") - 0.3).all()


def test_compensation_helps_at_every_scheme_but_rescues_no_signs():
    for scheme in SCHEMES:
        gain = by_seed(f"all: {scheme}: plain") - by_seed(f"all: {scheme}: compensated")
        assert (gain > 0).all()
    assert (by_seed("all: sign: compensated") - by_seed(FLOAT) > 2).all()


def test_repair_is_worth_more_than_anything_else_at_one_bit():
    best = by_seed("all: sign: repair: compensated, fitted")
    for arm in ("all: sign: compensated, fitted", "all: sign: in turn: compensated, fitted"):
        assert (by_seed(arm) - best > 0.3).all()
    assert (best - by_seed(FLOAT) > 1).all()


def test_scaling_by_salience_gives_signs_nothing():
    assert np.abs(by_seed("all: sign: scaled") - by_seed("all: sign: plain")).max() < 0.03


@pytest.mark.slow
def test_what_is_kept_can_be_made_again(monkeypatch):
    monkeypatch.setattr(after_training, "N_TEST", 20_000)
    model = shipped_model()
    weights = {p.name: binary(p.layer.w.data, per=64).values() for p in places(model, "1 up")}
    (stored,) = [r for r in kept("shipped") if r["arm"] == "1 up: sign: plain"]
    test = after_training.material()[1][2][:20_000]
    with after_training.replaced(places(model, "1 up")[0].layer.w, "data", weights["1 up"]):
        assert abs(after_training.held_out_bits(model, test) - stored["value"]) < 0.002
