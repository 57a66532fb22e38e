"""The study of products: what the arms read, and what no training can change."""

import itertools

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.studies import product, results


def _first(arm):
    return next(product.batches(arm, batch_size=5, rng=np.random.default_rng(0)))


@pytest.mark.parametrize("arm", product.ARMS)
def test_all_arms_see_the_same_first_token(arm):
    tokens, products = _first(arm)
    assert tokens.shape == (5, product.ARMS[arm].tokens, 2)
    np.testing.assert_array_equal(tokens[:, 0], _first("FFN, one token")[0][:, 0])
    np.testing.assert_array_equal(products, tokens[:, 0].prod(axis=1))


def test_the_fixed_token_is_zero():
    assert not _first("attention, a fixed token")[0][:, 1].any()
    assert not _first("one head, a fixed token")[0][:, 1].any()
    assert _first("attention, 1 random other")[0][:, 1].all()


def test_sizes_are_alike():
    sizes = {
        arm: product.Product(arm, rng=np.random.default_rng(0)).n_parameters()
        for arm in product.ARMS
        if arm != "two sigmoids, one token"
    }
    assert max(sizes.values()) < 1.03 * min(sizes.values())


@pytest.mark.parametrize("heads", [1, 2])
def test_a_head_over_two_tokens_with_keys_and_values_that_are_fixed_is_a_sigmoid(heads):
    """What the arm of two sigmoids stands for."""
    rng = np.random.default_rng(heads)
    q, k, v = rng.normal(size=(heads, 5, 4)), *rng.normal(size=(2, heads, 2, 4))
    y, _ = ops.attention.pair(q, k, v, causal=False)
    gate = ops.sigmoid(q @ (k[:, :1] - k[:, 1:]).swapaxes(-1, -2) / 2).data
    np.testing.assert_allclose(y, v[:, 1:] + gate * (v[:, :1] - v[:, 1:]), rtol=1e-12)


def test_missing_is_one_for_zero_and_none_for_the_product():
    model = product.Product("FFN, one token", rng=np.random.default_rng(0))
    model.down.w.data[...] = 0.0
    assert product.missing(model, "FFN, one token", seed=3) == pytest.approx(1.0, abs=0.01)
    model.loss = lambda tokens, products: np.float32(0.0)
    assert product.missing(model, "FFN, one token", seed=3) == 0.0


def test_a_short_run_learns_nothing_alone_and_something_beside_a_fixed_token():
    _, alone = product.train_arm("attention, one token", rate=0.01, seed=1, steps=100)
    _, beside = product.train_arm("attention, a fixed token", rate=0.01, seed=1, steps=300)
    assert alone["value"] > 0.95
    assert beside["value"] < 0.5


def test_the_command_trains_each_arm_at_each_rate_on_each_seed(monkeypatch):
    kept = []
    monkeypatch.setattr(product, "train_arm", lambda arm, rate, seed: (None, (arm, rate, seed)))
    monkeypatch.setattr(product, "keep", lambda study, runs, settings: kept.extend([study, *runs]))
    product.main()
    study, *runs = kept
    assert study == "product"
    assert set(runs) == set(itertools.product(product.ARMS, product.RATES, product.SEEDS))


def test_what_is_kept_is_complete():
    kept = results.load("product")
    assert {run["arm"] for run in kept["runs"]} == set(product.ARMS)
    assert not results.at_end_of_grid(kept["runs"], choose_by="to_choose_by")
    assert len(kept["runs"]) == len(product.ARMS) * len(product.RATES) * len(product.SEEDS)
