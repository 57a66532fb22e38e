"""The reference of exercise 1.3 against slopes on paper and against the library's own check."""

import numpy as np
import pytest

from tinyffn.gradcheck import GradientError, check_pair
from tinyffn.ops import gelu, linear, softmax


@pytest.fixture
def answer(part):
    return part("1.3", "reference")


@pytest.mark.parametrize("shape", [(), (7,), (2, 3), (2, 1, 3), (0,)], ids=str)
def test_a_cube_has_the_slope_that_paper_gives(answer, shape, seeds):
    """((x + h)³ - (x - h)³) / 2h = 3x² + h², exactly."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        for h in (0.5, 0.01):
            dx = answer.numeric_gradient(lambda x: x**3, x, dy, h)
            np.testing.assert_allclose(dx, dy * (3 * x**2 + h**2), rtol=1e-10, atol=1e-10)
            assert dx.shape == shape and dx.dtype == np.float64


@pytest.mark.parametrize("pair", [gelu.pair, softmax.pair])
def test_the_library_s_backward_is_found_right(answer, pair):
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
    assert answer.largest_error(lambda x: with_one_gradient(pair, x), x, dy, 1e-5) < 1e-8


def test_a_layer_whose_outputs_share_all_inputs_is_found_right(answer):
    rng = np.random.default_rng(0)
    x, w, b, dy = (rng.normal(size=shape) for shape in [(5, 4), (4, 3), (3,), (5, 3)])
    assert answer.largest_error(lambda w: middle(x, w, b), w, dy, 1e-5) < 1e-8


def with_one_gradient(pair, x):
    y, backward = pair(x)
    return y, lambda dy: backward(dy)[0]


def middle(x, w, b):
    y, backward = linear.pair(x, w, b)
    return y, lambda dy: backward(dy)[1]


def test_each_given_pair_is_what_its_name_says(answer, part):
    given = part("1.3", "given")
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    pairs = {name: f for name, f in vars(given).items() if name.startswith(("cube_", "square_"))}
    assert len(pairs) == 5
    for name, pair in pairs.items():

        def as_the_library_wants_it(x, pair=pair):
            y, backward = pair(x)
            return y, lambda dy: (backward(dy),)

        assert (answer.largest_error(pair, x, dy, 1e-5) < 1e-6) == (name == "cube_right")
        if name == "cube_right":
            check_pair(as_the_library_wants_it, x, rng=rng)
        else:
            with pytest.raises(GradientError):
                check_pair(as_the_library_wants_it, x, rng=rng)


def test_x_is_left_as_it_is_even_where_f_gives_it_back(answer):
    x, dy = np.ones((2, 3)), np.full((2, 3), 2.0)
    assert np.allclose(answer.numeric_gradient(lambda x: x, x, dy, 0.1), 2)
    assert np.array_equal(x, np.ones((2, 3)))


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("1.3").hints[:2]:
        assert not any(code in hint for code in ("ndindex", "copy", "2 *", "np."))
