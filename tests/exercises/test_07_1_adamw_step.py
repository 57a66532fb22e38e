"""The reference of exercise 7.1 against the library's AdamW, and against the mean on paper."""

import numpy as np
import pytest

from tinyffn.nn import Parameter
from tinyffn.optim import AdamW

BETAS = (0.8, 0.95)


@pytest.fixture
def adamw_step(part):
    return part("7.1", "reference").adamw_step


@pytest.mark.parametrize("shape", [(), (5,), (3, 4)], ids=str)
@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_it_takes_the_steps_of_the_library(adamw_step, shape, weight_decay, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        p = rng.normal(size=shape)
        theirs = Parameter(p)
        optimizer = AdamW([theirs], 0.1, betas=BETAS, eps=1e-3, weight_decay=weight_decay)
        means = np.zeros((2, *shape))
        for t in range(1, 21):
            dp = rng.normal(size=shape)
            p, means = adamw_step(p, dp, means, t, 0.1, BETAS, 1e-3, weight_decay)
            theirs.grad = dp.copy()
            optimizer.step()
            np.testing.assert_allclose(p, theirs.data, rtol=1e-10, atol=1e-12)


def test_the_means_are_means_in_which_old_gradients_fade(adamw_step, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        gradients, means = rng.normal(size=(12, 3)), np.zeros((2, 3))
        for t, dp in enumerate(gradients, start=1):
            _, means = adamw_step(np.ones(3), dp, means, t, 0.1, BETAS)
            for mean, beta, power in zip(means, BETAS, (1, 2), strict=True):
                weights = beta ** np.arange(t)[::-1]
                paper = np.average(gradients[:t] ** power, axis=0, weights=weights)
                np.testing.assert_allclose(mean, paper, rtol=1e-10)


def test_float32_stays_and_nothing_is_written_to(adamw_step):
    rng = np.random.default_rng(0)
    p, dp = rng.normal(size=(2, 3)).astype("float32"), rng.normal(size=(2, 3)).astype("float32")
    means = np.ones((2, 2, 3), "float32")
    before = [a.copy() for a in (p, dp, means)]
    new_p, new_means = adamw_step(p, dp, means, 3, np.float64(0.1), weight_decay=np.float64(0.1))
    assert new_p.dtype == new_means.dtype == np.float32
    assert all(np.array_equal(a, b) for a, b in zip((p, dp, means), before, strict=True))


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("7.1").hints[:2]:
        assert not any(code in hint for code in ("np.", "sqrt", "/ (1 - beta^t)]", "share ="))
