"""The study of products: what the arms read, and what no training can change."""

import itertools

import numpy as np
import pytest

from tinyffn.studies import product, results


def _first(arm):
    return next(product.batches(arm, batch_size=5, rng=np.random.default_rng(0)))


@pytest.mark.parametrize("arm", product.ARMS)
def test_all_arms_see_the_same_first_token(arm):
    tokens, products = _first(arm)
    assert tokens.shape == (5, product.ARMS[arm], 2)
    np.testing.assert_array_equal(tokens[:, 0], _first("FFN, one token")[0][:, 0])
    np.testing.assert_array_equal(products, tokens[:, 0].prod(axis=1))


def test_the_fixed_token_is_zero():
    assert not _first("attention, a fixed one")[0][:, 1].any()


def test_sizes_are_alike():
    sizes = {
        arm: product.Product(arm, rng=np.random.default_rng(0)).n_parameters()
        for arm in product.ARMS
    }
    assert max(sizes.values()) < 1.03 * min(sizes.values())


def test_missing_is_one_for_zero_and_none_for_the_product():
    model = product.Product("FFN, one token", rng=np.random.default_rng(0))
    model.down.w.data[...] = 0.0
    assert product.missing(model, "FFN, one token", seed=3) == pytest.approx(1.0, abs=0.01)
    model.loss = lambda tokens, products: np.float32(0.0)
    assert product.missing(model, "FFN, one token", seed=3) == 0.0


def test_a_short_run_learns_nothing_alone_and_something_beside_a_fixed_token():
    _, alone = product.train_arm("attention, one token", rate=0.01, seed=1, steps=100)
    _, beside = product.train_arm("attention, a fixed one", rate=0.01, seed=1, steps=300)
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
