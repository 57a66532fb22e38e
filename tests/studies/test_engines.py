"""The honest engine is the library's; each broken one is caught by a test of its own."""

import numpy as np
import pytest

from tinyffn.gradcheck import GradientError, as_pair, check_pair
from tinyffn.studies import engines
from tinyffn.studies.engines import BROKEN, Engine, Tracked, suspects


def shared(x):
    s = x * x
    return s + s * x


PROGRAMS = {
    "each number used once": (lambda a, b, c: a * b + c, [(), (), ()]),
    "x times x": (lambda x: x * x, [()]),
    "a shared result": (shared, [()]),
    "a shared table": (lambda a, b: (a + b) + a, [(2, 3), (2, 3)]),
    "a row for all rows": (lambda x, b: x + b, [(5, 3), (3,)]),
}
CAUGHT = {
    "Engine": set(),
    "Overwriter": {"x times x", "a shared result", "a shared table"},
    "Wanderer": set(),  # right, but slow: see below
    "Hasty": {"a shared result"},
    "Stretcher": {"a row for all rows"},
    "Borrower": {"a shared table"},
}
KINDS = pytest.mark.parametrize("kind", [Engine, *BROKEN], ids=lambda kind: kind.__name__)


def draw(seed, shapes):
    rng = np.random.default_rng(seed)
    return [np.array(rng.normal(size=shape)) for shape in shapes]


def is_caught(kind, program, shapes, seed):
    try:
        pair = engines.as_pair(program, kind())
        check_pair(pair, *draw(seed, shapes), rng=np.random.default_rng(seed))
    except GradientError:
        return True
    return False


@KINDS
@pytest.mark.parametrize("seed", range(3))
def test_who_is_caught_by_what(kind, seed):
    caught = {name for name, case in PROGRAMS.items() if is_caught(kind, *case, seed)}
    assert caught == CAUGHT[kind.__name__]


@KINDS
def test_who_walks_the_same_way_twice(kind):
    y = Tracked(np.array(1.0))
    for _ in range(9):
        y = y + y
    engine = kind()
    engine.gradients(y, np.array(1.0))
    assert engine.visits == (2**10 - 1 if kind.__name__ == "Wanderer" else 10)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_honest_engine_gives_what_the_library_gives(name):
    program, shapes = PROGRAMS[name]
    arrays = draw(0, shapes)
    ours, theirs = engines.as_pair(program, Engine()), as_pair(program)
    (y, backward), (their_y, their_backward) = ours(*arrays), theirs(*arrays)
    np.testing.assert_array_equal(y, their_y)
    dy = np.array(np.random.default_rng(1).normal(size=y.shape))
    for dx, their_dx in zip(backward(dy), their_backward(dy), strict=True):
        np.testing.assert_allclose(dx, their_dx, rtol=1e-15)


def test_an_argument_that_is_not_used_has_a_gradient_of_zeros():
    _, backward = engines.as_pair(lambda a, b: a * a, Engine())(np.ones(2), np.ones(3))
    da, db = backward(np.ones(2))
    np.testing.assert_array_equal(da, [2, 2])
    np.testing.assert_array_equal(db, [0, 0, 0])


@KINDS
def test_a_broken_engine_differs_in_one_method(kind):
    own = {name for name, value in vars(kind).items() if callable(value)}
    assert len(own) == 1 or kind is Engine


def test_suspects_are_all_there_in_an_order_that_the_generator_draws():
    line_up = suspects(np.random.default_rng(0))
    assert list(line_up) == list("ABCDEF")
    assert set(line_up.values()) == {Engine, *BROKEN}
    assert any(suspects(np.random.default_rng(seed)) != line_up for seed in range(1, 4))
