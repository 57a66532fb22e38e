"""The place of the norm: arms share what they should, gradients are first ones, runs come again."""

import math
import re

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.studies import norm_place, results
from tinyffn.studies.norm_place import (
    ARMS,
    RATES,
    SEEDS,
    first_gradients,
    first_moves,
    frequency_bits,
    make_batches,
    make_model,
    run,
)


def test_models_of_a_seed_share_their_first_values_and_only_the_place_differs():
    pre, post = (make_model(norm_first, 1, n_blocks=2) for norm_first in (True, False))
    for (name, one), (other_name, two) in zip(
        pre.named_parameters(), post.named_parameters(), strict=True
    ):
        assert name == other_name and np.array_equal(one.data, two.data)
    assert [block.norm_first for block in pre.blocks] == [True, True]
    assert [block.norm_first for block in post.blocks] == [False, False]
    ids, _ = next(make_batches(1))
    assert not np.allclose(pre(ids).data, post(ids).data)


def test_first_gradients_are_those_of_the_first_batch():
    found = first_gradients(False, n_blocks=2, seeds=(1, 2))
    assert found.shape == (2, 2) and not np.allclose(found[0], found[1])
    model = make_model(False, 2, n_blocks=2)
    model.loss(*next(make_batches(2))).backward()
    for block, length in zip(model.blocks, found[1], strict=True):
        assert length == pytest.approx(np.linalg.norm(block.feed_forward.down.w.grad), rel=1e-4)


def test_frequencies_alone_are_counted_on_the_training_text(monkeypatch):
    text = np.array([0, 0, 0, 1]), np.array([]), np.array([0, 1])
    monkeypatch.setattr(norm_place, "material", lambda: (2, *text))
    zero, one = -math.log2(4 / 6), -math.log2(2 / 6)
    assert frequency_bits() == pytest.approx((zero + one) / 2)
    assert frequency_bits(training=True) == pytest.approx((3 * zero + one) / 4)


def test_blocks_may_be_of_another_class():
    class Other(nn.TransformerBlock):
        pass

    assert all(type(b) is Other for b in make_model(True, 1, n_blocks=2, block=Other).blocks)


def test_a_first_move_is_nearly_as_long_as_its_rate():
    small, large = (first_moves(True, rate, n_blocks=1, seeds=(1,)) for rate in (1e-5, 2e-5))
    assert large / small == pytest.approx(2, rel=0.05)


def test_a_longer_run_begins_with_the_shorter_one(monkeypatch):
    monkeypatch.setattr(norm_place, "STEPS", 10)
    monkeypatch.setattr(norm_place, "CHECKED", 200)
    norm_place.material.cache_clear()
    whole, part = (run("post-norm, warm-up", 1, 1e-2, stop=stop) for stop in (10, 4))
    norm_place.material.cache_clear()
    assert len(whole["losses"]) == 10 and part["losses"] == whole["losses"][:4]
    assert set(whole) == {"arm", "seed", "rate", "value", "choose", "losses"}
    assert whole["value"] != whole["choose"]


def test_a_run_that_explodes_has_no_value(monkeypatch):
    monkeypatch.setattr(norm_place, "STEPS", 10)
    with np.errstate(all="ignore"):
        assert run("pre-norm", 1, 1e30, stop=10)["value"] is None


@pytest.mark.parametrize(
    "wrong, message",
    [
        (
            {"arm": "no norm"},
            "norm_place: there is no arm 'no norm', only pre-norm, pre-norm, warm",
        ),
        ({"rate": 0}, "train: rate is 0, but must be a number above 0"),
        ({"stop": 0}, "train: stop is 0, but must be a whole number above 0"),
        ({"stop": 301}, "train: stop is 301, but the runs have 300 steps"),
    ],
)
def test_what_it_says_when_something_does_not_fit(wrong, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        run(**{"arm": "pre-norm", "seed": 1, "rate": 1e-3} | wrong)


def test_a_model_has_blocks():
    with pytest.raises(ValueError, match="make_model: n_blocks is 0"):
        make_model(True, 1, n_blocks=0)


def test_what_was_kept_is_whole_and_no_rate_is_at_the_end_of_the_grid():
    kept = results.load("norm_place")
    found = {(r["arm"], r["rate"], r["seed"]) for r in kept["runs"]}
    assert found == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
    assert results.at_end_of_grid(kept["runs"], choose_by="choose") == []
    guessing = math.log2(norm_place.material()[0])
    assert all(1 < r["value"] < guessing + 1 for r in kept["runs"] if r["value"] is not None)


def test_the_command_trains_each_arm_at_each_rate_on_each_seed(monkeypatch):
    kept = []
    monkeypatch.setattr(norm_place, "run", lambda arm, seed, rate: (arm, rate, seed))
    monkeypatch.setattr(
        norm_place.results, "keep", lambda study, runs, settings: kept.extend([study, *runs])
    )
    norm_place.main()
    study, *runs = kept
    assert study == "norm_place"
    assert set(runs) == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
