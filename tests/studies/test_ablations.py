"""The study of ablations: matched arms that begin alike, runs that can be made again."""

import numpy as np
import pytest

from tinyffn.data import documentation, fingerprint
from tinyffn.studies import ablations, results


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(ablations, "STEPS", 4)
    monkeypatch.setattr(ablations, "EVALUATE_EVERY", 2)


def test_arms_hold_equally_many_parameters_but_for_the_one_that_says_so():
    sizes = {arm: ablations.new_model(arm, 1, 103).n_parameters() for arm in ablations.ARMS}
    for arm, n in sizes.items():
        ratio = n / sizes[ablations.BASE]
        assert ratio < 0.5 if arm == ablations.UNMATCHED else 0.99 < ratio < 1.01


def test_arms_of_a_seed_begin_with_the_same_embeddings_and_head():
    states = [ablations.new_model(arm, 2, 103).state_dict() for arm in ablations.ARMS]
    for state in states:
        for name in ("token.table", "position", "head.w"):
            assert np.array_equal(state[name], states[0][name])
    other = ablations.new_model(ablations.BASE, 3, 103).state_dict()
    assert not np.array_equal(other["token.table"], states[0]["token.table"])
    assert not np.array_equal(other["blocks.0.feed_forward.up.w"], states[0][
        "blocks.0.feed_forward.up.w"
    ])  # fmt: skip


def test_parts_are_left_out_where_it_is_said():
    def blocks(arm):
        return ablations.new_model(arm, 1, 103).blocks

    assert all(b.feed_forward is None and b.attention for b in blocks("no FFN, 6 layers"))
    assert all(b.attention is None and b.feed_forward for b in blocks("no attention, 3 layers"))
    assert len(blocks("no FFN, 6 layers")) == 6 and len(blocks("no attention, 3 layers")) == 3


def test_no_character_is_in_two_parts_and_the_test_part_is_that_of_all_lessons():
    _, (train, validation, test) = ablations.material()
    assert len(train) + len(validation) + len(test) == 440_000 and len(test) == 44_000
    assert len(ablations.is_new()) == len(test) - 1


@pytest.mark.slow
def test_a_run_says_how_it_went_and_one_that_is_stopped_has_gone_the_same_way(short):
    whole = ablations.run("no FFN", 0.01, 1)
    assert set(whole) == {
        "arm", "seed", "rate", "value", "new", "validation", "n_parameters", "curve"
    }  # fmt: skip
    assert len(whole["curve"]) == 2
    part = ablations.run("no FFN", 0.01, 1, stop=2)
    assert part["curve"] == whole["curve"][:1] and part["value"] != whole["value"]


def test_an_unknown_arm_is_named():
    with pytest.raises(ValueError, match="new_model: there is no arm 'softplus', only ReLU, GELU"):
        ablations.new_model("softplus", 1, 103)


def test_a_run_that_diverged_is_none(short, monkeypatch):
    def explode(*args, **kwargs):
        raise FloatingPointError

    monkeypatch.setattr(ablations.language, "train", explode)
    run = ablations.run("no FFN", 0.01, 1)
    assert run["value"] is run["new"] is run["validation"] is None and run["curve"] == []


def test_the_command_makes_every_run(monkeypatch):
    kept = []
    monkeypatch.setattr(ablations, "RATES", dict.fromkeys(ablations.ARMS, (0.1, 0.2)))
    monkeypatch.setattr(ablations, "run", lambda *plan: plan)
    monkeypatch.setattr(ablations, "keep", kept.extend)
    monkeypatch.setattr(ablations, "keep_freed_memory", lambda: None)
    ablations.main()
    n_seeds = len(ablations.SEEDS)
    assert len(set(kept)) == len(kept) == len(ablations.ARMS) * 2 * n_seeds


def test_what_is_kept_is_complete_and_no_arm_did_best_at_an_end_of_its_rates():
    kept = results.load("ablations")
    assert {(run["arm"], run["rate"], run["seed"]) for run in kept["runs"]} == {
        (arm, rate, seed)
        for arm in ablations.ARMS
        for rate in ablations.RATES[arm]
        for seed in ablations.SEEDS
    }
    assert not results.at_end_of_grid(kept["runs"], choose_by="validation")
    for run in kept["runs"]:
        assert len(run["curve"]) == ablations.STEPS // ablations.EVALUATE_EVERY
        model = ablations.new_model(run["arm"], 1, kept["settings"]["vocab_size"])
        assert run["n_parameters"] == model.n_parameters()


@pytest.mark.slow
def test_what_is_kept_comes_out_again():
    """In its first tenth: if the data or a layer changes, the study must be run again."""
    kept = results.load("ablations")
    if fingerprint(documentation()) != kept["settings"]["text"]:
        pytest.skip("this Python brings another edition of the text")
    for arm in ("SwiGLU", "no FFN"):
        (old,) = (r for r in kept["runs"] if (r["arm"], r["seed"], r["rate"]) == (arm, 2, 0.016))
        new = ablations.run(arm, 0.016, 2, stop=ablations.STEPS // 10)
        assert np.abs(np.subtract(new["curve"], old["curve"][:2])).max() < 0.05
