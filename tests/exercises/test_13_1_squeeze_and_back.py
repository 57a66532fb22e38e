"""The reference of exercise 13.1 against the engine, numeric derivatives, and a loop."""

import numpy as np
import pytest

from tinyffn.gradcheck import numeric_gradient
from tinyffn.studies.superposition import Squeeze


@pytest.fixture
def squeeze_loss(part):
    return part("13.1", "reference").squeeze_loss


def drawn(seed, leading=(7,), n=5, m=2):
    rng = np.random.default_rng(seed)
    x = rng.uniform(size=(*leading, n)) * (rng.uniform(size=(*leading, n)) < 0.5)
    return x, rng.normal(size=(m, n)), rng.normal(size=n), rng.uniform(0.1, 2, size=n)


def test_the_loss_feature_by_feature(squeeze_loss, seeds):
    for seed in seeds:
        x, w, b, importance = drawn(seed)
        total = 0.0
        for row in x:
            back = np.maximum(w.T @ (w @ row) + b, 0)
            total += sum(importance[i] * (back[i] - row[i]) ** 2 for i in range(5))
        expected = total / (7 * importance.sum())
        assert squeeze_loss(x, w, b, importance)[0] == pytest.approx(expected, rel=1e-12)


def assert_slopes_are_numeric(squeeze_loss, x, w, b, importance):
    _, dw, db = squeeze_loss(x, w, b, importance)
    by_w = numeric_gradient(lambda at: squeeze_loss(x, at, b, importance)[0], w)
    by_b = numeric_gradient(lambda at: squeeze_loss(x, w, at, importance)[0], b)
    np.testing.assert_allclose(dw, by_w, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(db, by_b, rtol=1e-6, atol=1e-8)


def test_slopes_are_the_numeric_ones(squeeze_loss, seeds):
    for seed in seeds:
        assert_slopes_are_numeric(squeeze_loss, *drawn(seed, leading=(2, 3)))


def test_the_engine_finds_the_same(squeeze_loss, seeds):
    for seed in seeds:
        x, w, b, importance = drawn(seed)
        model = Squeeze(5, 2, rng=np.random.default_rng(0)).astype(np.float64)
        model.w.data[...], model.b.data[...] = w.T, b
        loss = model.loss(x, importance) * (5 / importance.sum())
        loss.backward()
        ours, dw, db = squeeze_loss(x, w, b, importance)
        assert ours == pytest.approx(loss.item(), rel=1e-12)
        np.testing.assert_allclose(dw, model.w.grad.T, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(db, model.b.grad, rtol=1e-10, atol=1e-12)
