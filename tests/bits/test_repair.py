"""The weight for changed inputs, against least squares on the inputs themselves."""

import numpy as np
import pytest

from tinyffn.bits.repair import repaired


def drawn(seed, n=100):
    """w (7, 3), old inputs x and new ones z (n, 7)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 7)) @ rng.normal(size=(7, 7)) + rng.normal(size=7)
    return rng.normal(size=(7, 3)), x, x @ (np.eye(7) + 0.3 * rng.normal(size=(7, 7)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_damping_it_is_least_squares(seed):
    w, x, z = drawn(seed)
    z = z + 0.5 * np.random.default_rng(seed).normal(size=z.shape)
    expected = np.linalg.lstsq(z, x @ w, rcond=None)[0]
    found = repaired(w, z.T @ z / 100, x.T @ z / 100, damping=0)
    assert np.allclose(found, expected, rtol=1e-8, atol=1e-8)


def test_with_damping_it_minimises_what_it_says():
    w, x, z = drawn(4)
    h = z.T @ z / 100
    found = repaired(w, h, x.T @ z / 100, damping=0.3)
    ridge = 0.3 * np.trace(h) / 7

    def cost(new):
        return np.mean(np.sum((z @ new - x @ w) ** 2, axis=1)) + ridge * np.sum((new - w) ** 2)

    for i, j in ((0, 0), (3, 1), (6, 2)):
        for change in (-1e-3, 1e-3):
            other = found.copy()
            other[i, j] += change
            assert cost(other) > cost(found)


def test_without_settings_a_hundredth_is_added():
    w, x, z = drawn(8)
    h, c = z.T @ z / 100, x.T @ z / 100
    assert np.array_equal(repaired(w, h, c), repaired(w, h, c, damping=0.01))


def test_inputs_that_did_not_change_leave_the_weight():
    w, x, _ = drawn(5)
    h = x.T @ x / 100
    for damping in (0, 0.01, 1.0):
        assert np.allclose(repaired(w, h, h, damping=damping), w, atol=1e-8)


def test_a_linear_change_that_can_be_undone_is_undone():
    w, x, z = drawn(6)
    found = repaired(w, z.T @ z / 100, x.T @ z / 100, damping=0)
    assert np.allclose(z @ found, x @ w, atol=1e-7)


def test_float32_stays_float32_and_an_input_of_zeros_is_left_alone():
    w, x, z = drawn(7)
    z[:, 2] = 0
    found = repaired(w.astype(np.float32), z.T @ z, x.T @ z, damping=0.01)
    assert found.dtype == np.float32 and np.allclose(found[2], w[2], atol=1e-6)


@pytest.mark.parametrize(
    "w, h, c, damping, message",
    [
        (np.ones(2), np.eye(2), np.eye(2), 0.1, r"repaired: w is float64 \(2,\)"),
        (np.ones((2, 1), int), np.eye(2), np.eye(2), 0.1, "repaired: w is int64"),
        (np.full((2, 1), np.nan), np.eye(2), np.eye(2), 0.1, "repaired: some weights are not"),
        (np.ones((0, 1)), np.eye(0), np.eye(0), 0.1, r"repaired: w is float64 \(0, 1\)"),
        (np.ones((2, 1)), np.eye(3), np.eye(2), 0.1, r"second_moment \(3, 3\) must be \(2, 2\)"),
        (np.ones((2, 1)), np.eye(2), np.eye(3), 0.1, r"cross_moment \(3, 3\) must be \(2, 2\)"),
        (np.ones((2, 1)), np.eye(2), np.full((2, 2), np.inf), 0.1, "all finite"),
        (np.ones((2, 1)), np.eye(2), np.eye(2), -1, "repaired: damping is -1"),
        (np.ones((2, 1)), np.diag([1.0, 0]), np.eye(2), 0, "has no inverse: .* Raise damping"),
    ],
)
def test_bad_input_is_named(w, h, c, damping, message):
    with pytest.raises(ValueError, match=message):
        repaired(w, h, c, damping=damping)
