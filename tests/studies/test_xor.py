"""XOR trained side by side: each network is the library's MLP, trained as the engine would."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import MLP
from tinyffn.studies import xor
from tinyffn.studies.intervals import wilson

OPS = {"relu": ops.relu, "tanh": ops.tanh}
SEEDS = (3, 8, 5)


def engine(seed, activation, width=3):
    """The library's MLP in float64."""
    rng = np.random.default_rng(seed)
    return MLP([2, width, 2], rng=rng, activation=OPS[activation]).astype(np.float64)


def arrays(networks, i):
    return [a[i] for a in (networks.w_up, networks.b_up, networks.w_down, networks.b_down)]


def assert_same(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.reshape(b.shape), b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("activation", OPS)
def test_each_start_is_the_library_s(activation):
    networks = xor.start(3, seeds=SEEDS, activation=activation)
    for i, seed in enumerate(SEEDS):
        model = engine(seed, activation)
        assert_same(arrays(networks, i), [p.data for p in model.parameters()])


@pytest.mark.parametrize("activation", OPS)
def test_losses_and_gradients_are_the_engine_s(activation):
    """After some steps, when the biases are not zero any more."""
    networks = xor.train(3, seeds=SEEDS, activation=activation, steps=7)
    losses, slopes = xor.gradients(networks)
    for i, seed in enumerate(SEEDS):
        model = engine(seed, activation)
        for p, a in zip(model.parameters(), arrays(networks, i), strict=True):
            p.data[...] = a.reshape(p.shape)
        loss = model.loss(xor.CORNERS, xor.XOR)
        loss.backward()
        assert losses[i] == pytest.approx(loss.item(), rel=1e-10)
        assert_same([slope[i] for slope in slopes], [p.grad for p in model.parameters()])


@pytest.mark.parametrize("activation", OPS)
def test_training_follows_the_engine_step_by_step(activation):
    networks = xor.train(3, seeds=SEEDS, activation=activation, rate=0.3, steps=25)
    model = engine(SEEDS[1], activation)
    for _ in range(25):
        for p in model.parameters():
            p.grad = None
        model.loss(xor.CORNERS, xor.XOR).backward()
        for p in model.parameters():
            p.data -= 0.3 * p.grad
    assert_same(arrays(networks, 1), [p.data for p in model.parameters()])


def by_hand():
    """Two networks 2-2-2: the classic solution of XOR, and one whose second unit is dead."""
    w_up = np.array([np.ones((2, 2)), [[1.0, -1.0], [1.0, -1.0]]])
    b_up = np.array([[[0.0, -1.0]], [[0.0, 0.0]]])
    w_down = np.array([[[-4.0, 4.0], [8.0, -8.0]]] * 2)
    b_down = np.array([[[2.0, -2.0]]] * 2)
    return xor.Networks("relu", w_up, b_up, w_down, b_down)


def test_what_is_solved_and_what_is_dead():
    networks = by_hand()
    assert list(networks.solved()) == [True, False]
    assert list(xor.dead_units(networks)) == [0, 1]
    np.testing.assert_allclose(networks.logits(xor.CORNERS)[0, :, 1], [-2, 2, 2, -2])
    expected = 1 / (1 + np.exp(-2 * np.array([-2, 2, 2, -2])))
    np.testing.assert_allclose(networks.p_one(xor.CORNERS)[0], expected)


def test_the_nearest_rivals_by_a_loop():
    for networks in (by_hand(), xor.train(2, seeds=range(3), activation="tanh", steps=9)):
        held, found = networks.activations(xor.CORNERS), xor.nearest_rivals(networks)
        for of_seed, nearest in zip(held, found, strict=True):
            pairs = [(a, b) for a in of_seed[xor.XOR == 0] for b in of_seed[xor.XOR == 1]]
            assert len(pairs) == 4
            assert nearest == pytest.approx(min(np.abs(a - b).max() for a, b in pairs))


def test_in_runs_that_fail_rivals_have_become_the_same():
    for activation in ("relu", "tanh"):
        ends = xor.train(2, seeds=range(60), activation=activation, steps=5000)
        nearest, solved = xor.nearest_rivals(ends), ends.solved()
        assert np.mean(nearest[~solved] < 0.01) > 0.9 and nearest[solved].min() > 1
        if activation == "relu":  # what else fails has no bend between the corners
            on = ends.hidden(xor.CORNERS)[~solved & (nearest > 0.01)] > 0
            assert len(on) and np.array_equal(on, np.broadcast_to(on[:, :1], on.shape))


def test_tanh_has_no_dead_units():
    with pytest.raises(ValueError, match="dead_units: the units are tanh, which is never flat"):
        xor.dead_units(xor.start(2, seeds=[1], activation="tanh"))


def test_a_quarter_of_all_relus_is_dead_at_the_start():
    """Off at (0, 1), (1, 0) and (1, 1) means two negative weights: a quarter of all draws."""
    dead = xor.dead_units(xor.start(4, seeds=range(2000)))
    low, high = wilson(int(dead.sum()), 8000)
    assert low < 0.25 < high


def test_more_units_succeed_more_often_and_a_dead_one_of_two_never():
    narrow, wide = (xor.train(width, seeds=range(60)).solved() for width in (2, 16))
    assert narrow.sum() < 25 < 55 < wide.sum()
    assert not narrow[xor.dead_units(xor.start(2, seeds=range(60))) > 0].any()


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"width": 0}, "start: width is 0, but must be a whole number above 0"),
        ({"seeds": []}, "start: there are no seeds: give a list of one or more"),
        ({"activation": "gelu"}, "start: activation is 'gelu', but must be 'relu' or 'tanh'"),
        ({"rate": 0}, "train: rate is 0, but must be a number above 0"),
        ({"steps": 0}, "train: steps is 0, but must be a whole number above 0"),
    ],
)
def test_errors(settings, message):
    settings = {"width": 2, "seeds": [1], **settings}
    with pytest.raises(ValueError, match=re.escape(message)):
        xor.train(settings.pop("width"), **settings)
