"""The reference of exercise 1.1 against a naive loop and against numeric derivatives."""

import doctest
import itertools
import types

import numpy as np
import pytest

from tinyffn.lab.course import exercise_folder

FOLDER = exercise_folder("1.1")


def load(name: str) -> types.ModuleType:
    module = types.ModuleType(name)
    path = FOLDER / f"{name}.py"
    exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
    return module


dense = load("reference").dense
LEADING = [(), (5,), (2, 5), (2, 3, 5)]


def draw(seed, leading):
    rng = np.random.default_rng(seed)
    shapes = (*leading, 4), (3, 4), (3,), (*leading, 3)
    return [rng.normal(size=shape) for shape in shapes]


def derivative(f, array, eps=1e-6):
    """Central differences of the number f() for every entry of an array that f reads."""
    slope = np.zeros_like(array)
    for i in np.ndindex(*array.shape):
        kept = array[i]
        array[i] = kept + eps
        up = f()
        array[i] = kept - eps
        slope[i] = (up - f()) / (2 * eps)
        array[i] = kept
    return slope


@pytest.mark.parametrize("leading", LEADING)
def test_forward_is_the_loop_of_its_formula(leading):
    for seed in range(5):
        x, w, b, _ = draw(seed, leading)
        y, _ = dense(x, w, b)
        for n in np.ndindex(*leading):
            for j in range(3):
                expected = b[j] + sum(x[(*n, i)] * w[j, i] for i in range(4))
                assert y[(*n, j)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("leading", LEADING)
def test_backward_is_the_derivative(leading):
    for seed in range(5):
        x, w, b, dy = draw(seed, leading)
        _, backward = dense(x, w, b)
        for value, slope in zip((x, w, b), backward(dy), strict=True):
            numeric = derivative(lambda: (dense(x, w, b)[0] * dy).sum(), value)  # noqa: B023
            assert slope.shape == value.shape
            np.testing.assert_allclose(slope, numeric, rtol=1e-6, atol=1e-7)


def test_float32_stays():
    x, w, b, dy = (array.astype(np.float32) for array in draw(0, (5,)))
    y, backward = dense(x, w, b)
    assert {array.dtype for array in (y, *backward(dy))} == {np.dtype("float32")}


def test_the_example_of_the_task_is_true():
    task = load("task")
    names = {"np": np, "dense": dense}
    test = doctest.DocTestParser().get_doctest(task.dense.__doc__, names, "dense", None, 0)
    assert test.examples and doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_the_hints_lead_there_without_the_answer_in_the_first_two():
    import tomllib

    hints = tomllib.loads((FOLDER / "exercise.toml").read_text(encoding="utf-8"))["hints"]
    assert hints[0].count("?") == 1 and hints[0].endswith("?")
    for hint, name in itertools.product(hints[:2], ("einsum", "tensordot", "sum(", "@", ".T")):
        assert name not in hint
