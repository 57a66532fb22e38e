"""The study of the forgotten skip: what is forgotten, what arms share, runs that come again."""

import math
import re

import numpy as np
import pytest

from tinyffn.data import documentation, fingerprint
from tinyffn.studies import norm_place, results, skip_depth
from tinyffn.studies.rank_collapse import difference
from tinyffn.studies.skip_depth import ARMS, RATES, SEEDS, before_training, make_model, run
from tinyffn.tensor import Tensor


def test_models_of_a_seed_begin_with_the_same_values_and_differ_by_the_skip():
    with_skip, without = (make_model(kind, 2, 1) for kind in ("whole", "no skip"))
    for (name, one), (other_name, two) in zip(
        with_skip.named_parameters(), without.named_parameters(), strict=True
    ):
        assert name == other_name and np.array_equal(one.data, two.data)
    ids, _ = next(norm_place.make_batches(1))
    before, between, after = (x.data for x in without.stream(ids)[:3])
    block = without.blocks[0]
    found = block.attention(block.norm_attention(without.stream(ids)[0])).data
    np.testing.assert_allclose(between, found, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(with_skip.stream(ids)[1].data, before + found, rtol=1e-5, atol=1e-6)
    assert not np.allclose(after, between)


@pytest.mark.parametrize(
    "kind, kept",
    [("no norm", "ab"), ("skip at attention", "a"), ("skip at FFN", "b"), ("no skip", "")],
)
def test_a_kind_leaves_out_what_it_says(kind, kept):
    block = make_model(kind, 1, 1).blocks[0]
    x = Tensor(np.random.default_rng(0).normal(size=(1, 4, 32)).astype(np.float32))
    is_bare = kind == "no norm"
    one = block.attention(x if is_bare else block.norm_attention(x)).data
    between, after = block.stream(x)
    np.testing.assert_allclose(between.data, one + x.data * ("a" in kept), rtol=1e-5, atol=1e-6)
    two = block.feed_forward(between if is_bare else block.norm_feed_forward(between)).data
    expected = two + between.data * ("b" in kept)
    np.testing.assert_allclose(after.data, expected, rtol=1e-5, atol=1e-6)


def test_before_training_one_sees_the_model_s_own_tokens_and_gradients():
    found = before_training("no skip", n_blocks=2, seeds=(3, 2))
    shapes = {name: rows.shape for name, rows in found.items()}
    assert shapes == {"difference": (2, 3), "size": (2, 3), "gradient": (2, 2)}
    model = make_model("no skip", 2, 2)
    ids, targets = next(norm_place.make_batches(2))
    stream = [x.data for x in model.stream(ids)[::2]]
    expected = [np.mean([difference(text) for text in x]) for x in stream]
    np.testing.assert_allclose(found["difference"][1], expected, rtol=1e-5)
    expected = [np.linalg.norm(x) / np.sqrt(x.size) for x in stream]
    np.testing.assert_allclose(found["size"][1], expected, rtol=1e-5)
    model.loss(ids, targets).backward()
    expected = [np.linalg.norm(block.attention.query.w.grad) for block in model.blocks]
    np.testing.assert_allclose(found["gradient"][1], expected, rtol=1e-4)


def test_a_run_trains_the_arm_it_names(monkeypatch):
    monkeypatch.setattr(norm_place, "STEPS", 10)
    seen = []

    def train(model, seed, rate, **options):
        seen.append((type(model.blocks[0]), len(model.blocks), seed, rate, options))
        return {"value": 1.0}

    monkeypatch.setattr(norm_place, "train", train)
    assert run("no skip, 3", 2, 0.01, stop=4) == {
        "arm": "no skip, 3", "seed": 2, "rate": 0.01, "value": 1.0,
    }  # fmt: skip
    assert seen == [(skip_depth.Forgetful, 3, 2, 0.01, {"stop": 4, "progress": False})]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: make_model("half", 2, 1), "skip_depth: there is no kind 'half', only whole, no"),
        (
            lambda: run("whole, 4", 1, 0.01),
            "skip_depth: there is no arm 'whole, 4', only whole,",
        ),
    ],
)
def test_what_does_not_fit_is_said(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_what_was_kept_is_whole_and_broken_models_of_six_blocks_learn_no_order():
    kept = results.load("skip_depth")
    found = {(r["arm"], r["rate"], r["seed"]) for r in kept["runs"]}
    assert found == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
    broken = {"no skip, 6", "no norm, 6", "skip at attention, 6", "skip at FFN, 6"}
    assert set(results.at_end_of_grid(kept["runs"], choose_by="choose")) <= broken
    frequencies = norm_place.frequency_bits()
    deep = [r["value"] for r in kept["runs"] if r["arm"] in broken]
    assert max(abs(value - frequencies) for value in deep) < 0.2  # at no rate does it learn more
    guessing = math.log2(norm_place.material()[0])
    assert all(1 < r["value"] < guessing + 1 for r in kept["runs"] if r["value"] is not None)


@pytest.mark.slow
def test_what_is_kept_comes_out_again():
    """A tenth of two runs; the text differs a little from one Python to the next."""
    kept = results.load("skip_depth")
    margin = 0.01 if fingerprint(documentation()) == kept["settings"]["text"] else 0.5
    for arm in ("whole, 6", "no skip, 2"):
        (old,) = (r for r in kept["runs"] if (r["arm"], r["seed"], r["rate"]) == (arm, 2, 4e-3))
        assert run(arm, 2, 4e-3, stop=30)["losses"][0] == pytest.approx(
            old["losses"][0], abs=margin
        )


def test_the_command_trains_each_arm_at_each_rate_on_each_seed(monkeypatch):
    kept = []
    monkeypatch.setattr(skip_depth, "run", lambda arm, seed, rate: (arm, rate, seed))
    monkeypatch.setattr(
        skip_depth.results, "keep", lambda study, runs, settings: kept.extend([study, *runs])
    )
    skip_depth.main()
    study, *runs = kept
    assert study == "skip_depth"
    assert set(runs) == {(arm, rate, seed) for arm in ARMS for rate in RATES for seed in SEEDS}
