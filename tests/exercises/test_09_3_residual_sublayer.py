"""The reference of exercise 9.3 against a block of ops, and against central differences."""

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, ops


@pytest.fixture
def residual_sublayer(part):
    return part("9.3", "reference").residual_sublayer


NAMES = ("squared", "shifted", "stretched", "mixed")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("leading", [(4,), (2, 3), (2, 1, 3)], ids=str)
def test_it_is_the_library_s_norm_and_a_sum(residual_sublayer, part, name, leading, seeds):
    """The branch's gradient from the library's norm; the skip's is dy."""
    f = getattr(part("9.3", "given"), name)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=(2, *leading, 5))
        gain = rng.normal(size=5)
        y, backward = residual_sublayer(x, gain, f, 1e-3)
        dx, dgain, *rest = backward(dy)
        x_tensor, gain_tensor = (Tensor(a, requires_grad=True) for a in (x, gain))
        u = ops.rms_norm(x_tensor, gain_tensor, eps=1e-3)
        v, f_backward = f(u.data)
        du, *learnt = f_backward(dy)
        u.backward(du)
        np.testing.assert_allclose(y, x + v, atol=1e-12)
        np.testing.assert_allclose(dx, dy + x_tensor.grad, atol=1e-10)
        np.testing.assert_allclose(dgain, gain_tensor.grad, atol=1e-10)
        assert len(rest) == len(learnt) == {"stretched": 1, "mixed": 2}.get(name, 0)
        for mine, theirs in zip(rest, learnt, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_slopes(residual_sublayer, part, name, seeds):
    f = getattr(part("9.3", "given"), name)
    for seed in seeds:
        rng = np.random.default_rng(seed)

        def pair(x, gain):
            y, backward = residual_sublayer(x, gain, f)
            return y, lambda dy: backward(dy)[:2]

        gradcheck.check_pair(pair, rng.normal(size=(2, 3, 5)), rng.normal(size=5), rng=rng)


@pytest.mark.parametrize("name", NAMES)
def test_the_given_pairs_go_back_as_they_should(part, name):
    f, rng = getattr(part("9.3", "given"), name), np.random.default_rng(0)

    def pair(u):
        v, backward = f(u)
        return v, lambda dv: backward(dv)[:1]

    gradcheck.check_pair(pair, rng.normal(size=(3, 5)), rng=rng)


def test_a_sublayer_that_does_nothing_leaves_dy_alone(residual_sublayer):
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 4, 5))
    y, backward = residual_sublayer(x, np.ones(5), lambda u: (0 * u, lambda dv: (0 * dv,)))
    assert np.array_equal(y, x) and np.array_equal(backward(dy)[0], dy)


def test_float32_stays_and_nothing_is_written_to(residual_sublayer, part):
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 4, 5)).astype(np.float32)
    before = x.copy(), dy.copy()
    y, backward = residual_sublayer(x, np.ones(5, np.float32), part("9.3", "given").mixed)
    assert {a.dtype for a in (y, *backward(dy))} == {np.dtype("float32")}
    assert np.array_equal(x, before[0]) and np.array_equal(dy, before[1])
