"""The reference of exercise 3.2 against plain loops, nudging, and the library's cross-entropy."""

import math

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.gradcheck import check_pair


@pytest.fixture
def cross_entropy(part):
    return part("3.2", "reference").cross_entropy


def draw(seed, shape):
    rng = np.random.default_rng(seed)
    votes = rng.integers(0, 4, size=shape).astype(float)
    votes[..., 0] += 0.5
    return rng.normal(size=shape), votes


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
def test_the_loss_is_the_loop_of_its_formula(cross_entropy, shape, seeds):
    for seed in seeds:
        scores, votes = draw(seed, shape)
        total = count = 0.0
        for row, of_row in zip(scores.reshape(-1, 3), votes.reshape(-1, 3), strict=True):
            for score, n in zip(row, of_row, strict=True):
                total -= n * math.log(math.exp(score) / sum(map(math.exp, row)))
                count += n
        loss, _ = cross_entropy(scores, votes)
        assert loss == pytest.approx(total / count, rel=1e-12)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
def test_backward_is_the_derivative(cross_entropy, shape, seeds):
    for seed in seeds:
        scores, votes = draw(seed, shape)

        def pair(scores, votes=votes):
            loss, backward = cross_entropy(scores, votes)
            return loss, lambda dy: (backward(dy),)

        assert check_pair(pair, scores, rng=np.random.default_rng(seed)) < 1e-6


def test_one_vote_each_is_the_library_s_and_several_are_its_copies(cross_entropy):
    scores, _ = draw(0, (5, 3))
    ids = np.array([2, 0, 1, 1, 0])
    loss, backward = cross_entropy(1000 * scores, np.eye(3)[ids])
    theirs, their_backward = ops.cross_entropy.pair(1000 * scores, targets=ids)
    assert loss == pytest.approx(theirs, rel=1e-12)
    np.testing.assert_allclose(backward(0.7), their_backward(0.7)[0], atol=1e-15)

    counts = [3, 1, 0, 2, 5]
    loss, _ = cross_entropy(scores, np.eye(3)[ids] * np.array(counts)[:, np.newaxis])
    copies, _ = ops.cross_entropy.pair(np.repeat(scores, counts, 0), targets=np.repeat(ids, counts))
    assert loss == pytest.approx(copies, rel=1e-12)


def test_float32_stays(cross_entropy):
    scores, votes = (array.astype(np.float32) for array in draw(0, (5, 3)))
    loss, backward = cross_entropy(scores, votes)
    assert loss.dtype == backward(np.float32(1)).dtype == np.float32


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("3.2").hints[:2]:
        assert not any(code in hint for code in ("keepdims", "np.", "votes.sum", "log_p"))
