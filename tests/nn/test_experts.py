"""Mixture of experts: who is asked, how answers are weighed, and how evenly work is spread."""

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, nn, no_grad

N, D, E = 40, 6, 4


def _moe(top_k, seed=1):
    rng = np.random.default_rng(seed)
    moe = nn.MixtureOfExperts(D, 5, E, rng=rng, top_k=top_k).astype(np.float64)
    for p in moe.parameters():
        p.data[...] = rng.standard_normal(p.shape)
    return moe


X = np.random.default_rng(2).standard_normal((N, D))


@pytest.mark.parametrize("top_k", [1, 2, 3, E])
def test_each_token_gets_what_its_experts_say_weighed(top_k):
    """The loop over tokens that the layer does not run."""
    moe = _moe(top_k)
    y = moe(Tensor(X)).data
    for n in range(N):
        scores = np.exp(X[n] @ moe.router.w.data)
        p = scores / scores.sum()
        best = sorted(range(E), key=lambda e: -p[e])[:top_k]
        total = 1.0 if top_k == 1 else sum(p[e] for e in best)
        expected = sum(p[e] / total * moe.experts[e](Tensor(X[n])).data for e in best)
        np.testing.assert_allclose(y[n], expected, rtol=0, atol=1e-12)


def test_axes_in_front_change_nothing():
    moe = _moe(2)
    y = moe(Tensor(X)).data
    in_batches = moe(Tensor(X.reshape(5, 8, D))).data
    np.testing.assert_allclose(in_batches.reshape(N, D), y, rtol=0, atol=1e-12)


def test_an_expert_that_nobody_asks_gets_a_gradient_of_zeros():
    moe = _moe(1)
    moe.router.w.data[...] = 0.0  # of equal ones the first is taken
    moe(Tensor(X)).backward(np.ones((N, D)))
    assert np.any(moe.experts[0].up.w.grad != 0.0)
    assert all(np.all(p.grad == 0.0) for e in (1, 2, 3) for p in moe.experts[e].parameters())


def test_the_balance_is_1_if_all_are_used_alike():
    moe = _moe(1)
    moe.router.w.data[...] = 0.0
    moe.router.w.data[:E] = 50.0 * np.eye(E)
    x = np.tile(np.eye(D)[:E], (10, 1))  # ten tokens for each expert
    moe(Tensor(x))
    assert abs(moe.balance.item() - 1.0) < 1e-9


def test_the_balance_is_the_number_of_experts_if_one_is_used_alone():
    moe = _moe(1)
    moe.router.w.data[...] = 0.0
    moe.router.w.data[:, 2] = 50.0
    moe(Tensor(np.abs(X) + 1.0))
    assert abs(moe.balance.item() - E) < 1e-9


@pytest.mark.parametrize("top_k", [1, 2])
def test_the_balance_equals_its_formula(top_k):
    moe = _moe(top_k)
    moe(Tensor(X))
    scores = np.exp(X @ moe.router.w.data)
    p = scores / scores.sum(axis=1, keepdims=True)
    chosen = np.argsort(-p, axis=1)[:, :top_k]
    f = np.array([(chosen == e).sum() for e in range(E)]) / chosen.size
    assert abs(moe.balance.item() - E * np.sum(f * p.mean(axis=0))) < 1e-12


def test_the_gradient_of_the_balance_is_the_derivative():
    moe = _moe(2)

    def balance(w):
        moe.router.w = w
        moe(Tensor(X))
        return moe.balance

    w = moe.router.w.data
    gradcheck.check_pair(gradcheck.as_pair(balance), w, rng=np.random.default_rng(3))


def test_the_balance_can_be_trained():
    moe = _moe(1)
    moe.router.w.data[:, 1] += 2.0  # too much liked
    before = None
    for _ in range(30):
        moe(Tensor(np.abs(X)))
        balance = nn.balance_loss(moe)
        before = before or balance.item()
        balance.backward()
        moe.router.w.data -= 0.5 * moe.router.w.grad
        moe.router.w.grad = None
    assert balance.item() < before - 0.5


def test_the_balances_of_a_model_are_added():
    rng = np.random.default_rng(4)
    layers = nn.Sequential(
        nn.MixtureOfExperts(D, 5, 2, rng=rng), nn.MixtureOfExperts(D, 5, 3, rng=rng)
    ).astype(np.float64)
    with no_grad():
        layers(Tensor(X))
    first, second = (layer.balance.item() for layer in layers.layers)
    assert abs(nn.balance_loss(layers).item() - first - second) < 1e-12


@pytest.mark.parametrize("top_k", [1, 3])
def test_number_of_parameters(top_k):
    moe = nn.MixtureOfExperts(D, 5, E, rng=np.random.default_rng(5), top_k=top_k)
    assert moe.n_parameters() == D * E + E * (2 * D * 5 + 5 + D)


def test_one_expert_is_a_feed_forward_layer():
    moe = nn.MixtureOfExperts(D, 5, 1, rng=np.random.default_rng(6)).astype(np.float64)
    np.testing.assert_allclose(
        moe(Tensor(X)).data, moe.experts[0](Tensor(X)).data, rtol=0, atol=1e-12
    )
