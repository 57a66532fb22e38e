"""The reference of exercise 11.2 against the library's ops, a naive loop, and its derivative."""

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, ops


@pytest.fixture
def spatial_gate(part):
    return part("11.2", "reference").spatial_gate


def drawn(rng, leading, T, K, d=3):
    shapes = [(*leading, T, 2 * d), (K,), (*leading, T, d)]
    return [rng.normal(size=shape) for shape in shapes]


SIZES = [((), 5, 4), ((4,), 5, 5), ((2, 3), 4, 1), ((), 1, 3), ((2,), 3, 6)]


@pytest.mark.parametrize("leading, T, K", SIZES, ids=str)
def test_it_is_the_library_s_mixing_by_a_map_of_distances(spatial_gate, leading, T, K, seeds):
    for seed in seeds:
        z, taps, dy = drawn(np.random.default_rng(seed), leading, T, K)
        y, backward = spatial_gate(z, taps)

        z, all_taps = Tensor(z, requires_grad=True), Tensor(taps, requires_grad=True)
        as_long = ops.concatenate(all_taps, np.zeros(T))[:T]
        m = ops.toeplitz(ops.reshape(as_long, shape=(1, T)))
        v, u = z[..., :3], z[..., 3:]
        mixed = ops.mix_tokens(ops.reshape(v, shape=(-1, 1, T, 3)), m)
        library_y = u * (1.0 + ops.reshape(mixed, shape=v.shape))
        library_y.backward(dy)
        np.testing.assert_allclose(y, library_y.data, rtol=0, atol=1e-12)
        for gradient, leaf in zip(backward(dy), (z, all_taps), strict=True):
            np.testing.assert_allclose(gradient, leaf.grad, rtol=0, atol=1e-12)


def test_it_is_the_sum_that_the_task_writes(spatial_gate, seeds):
    for seed in seeds:
        z, taps, _ = drawn(np.random.default_rng(seed), (), 6, 4)
        for t in range(6):
            mixture = sum(taps[k] * z[t - k, :3] for k in range(4) if k <= t)
            expected = z[t, 3:] * (1 + mixture)
            np.testing.assert_allclose(spatial_gate(z, taps)[0][t], expected, atol=1e-12)


@pytest.mark.parametrize("leading, T, K", SIZES, ids=str)
def test_backward_is_the_derivative(spatial_gate, leading, T, K):
    rng = np.random.default_rng(0)
    z, taps, _ = drawn(rng, leading, T, K)
    gradcheck.check_pair(spatial_gate, z, taps, rng=rng)


def test_float32_stays(spatial_gate):
    z, taps, dy = (a.astype(np.float32) for a in drawn(np.random.default_rng(0), (2,), 5, 4))
    y, backward = spatial_gate(z, taps)
    assert {a.dtype for a in (y, *backward(dy))} == {np.dtype("float32")}
