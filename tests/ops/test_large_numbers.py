"""Large numbers: where exp overflows and differences cancel, float32 still agrees with float64."""

import numpy as np
import pytest

from .examples import EXAMPLES, draw, each, gradients_of
from .table import LARGEST_SCALE

TOLERANCE = 16 * np.finfo(np.float32).eps
SCALES = (1.0, 1e1, 1e2, 1e3, 1e4, 1e5)


@each(EXAMPLES)
def test_float32_agrees_with_float64(example):
    """Of y and of each gradient: |a - b| <= 16 roundings of max(1, largest |b|); all finite."""
    for scale in SCALES:
        if scale > LARGEST_SCALE.get(example.name, np.inf):
            break
        where = f"{example.name}, arguments of the size of {scale:g}"
        results = results_of(example, np.float32, scale, where)
        exact = results_of(example, np.float64, scale, where)
        names = ["y", *(f"d{argument}" for argument in example.arguments)]
        for name, a, b in zip(names, results, exact, strict=True):
            if a is not None:
                largest = np.max(np.abs(b), initial=1.0)
                error = np.max(np.abs(a - b), initial=0.0) / largest
                assert error <= TOLERANCE, (
                    f"{where}: {name} in float32 is {a}, in float64 {b}: the error is {error:.1e} "
                    f"of the largest, allowed is {TOLERANCE:.1e}"
                )


def results_of(example, dtype, scale, where):
    """y and the gradients, computed in one type from the same float32 numbers."""
    op, arrays, settings, _, dy = draw(example, np.float32)
    arrays = [None if a is None else (a * np.float32(scale)).astype(dtype) for a in arrays]
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            y, backward = op.pair(*arrays, **settings)
            return y, *gradients_of(example, backward, dy.astype(dtype))
    except FloatingPointError as error:
        pytest.fail(
            f"{where}: {error}: rewrite it so that no step does; where y itself must, put the "
            "op into LARGEST_SCALE of tests/ops/table.py (CONTRIBUTING.md, step 1)"
        )
