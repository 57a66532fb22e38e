"""Comparing what came back with what was expected, and saying in one sentence what differs."""

from typing import Any

import numpy as np

# The order in which a student is told: what fails first is all that is told.
STAGES = ("runs", "inputs", "shape", "dtype", "nan", "values", "property")


class Failure(Exception):
    """Why a check failed: the stage, a sentence for the student, and what the stage compared.

    `error` holds the type and the text of an exception, at stage "runs"; `name`, `got` and `want`
    are the array that differs, at the later stages. Two failures that agree in these are the same
    mistake.
    """

    def __init__(
        self,
        stage: str,
        message: str,
        *,
        error: str = "",
        name: str = "",
        got: Any = None,
        want: Any = None,
    ) -> None:
        super().__init__(message)
        self.stage, self.message, self.error = stage, message, error
        self.name, self.got, self.want = name, got, want
        self.n_calls = 0  # how many calls the check had made by then

    def same_as(self, other: "Failure", tolerance: float) -> bool:
        """Whether two wrong answers to the same question behave alike."""
        mine = (self.stage, self.error, self.name, self.n_calls)
        if mine != (other.stage, other.error, other.name, other.n_calls):
            return False
        if self.got is None or other.got is None:
            return self.got is other.got and (self.stage != "property" or str(self) == str(other))
        got, theirs = np.asarray(self.got), np.asarray(other.got)
        return (
            got.shape == theirs.shape
            and got.dtype == theirs.dtype
            and np.allclose(got, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)
        )


def require(condition: Any, message: str) -> None:
    """For checks that judge by a property: raise Failure with `message` unless it holds."""
    if not condition:
        raise Failure("property", message)


def compare(got: dict[str, Any], want: dict[str, Any], tolerance: float) -> None:
    """Raise Failure at the first stage, and there for the first name, where `got` is not `want`."""
    pairs = [(name, _array(name, got[name]), np.asarray(want[name])) for name in want]
    judges = {"shape": _shape, "dtype": _dtype, "nan": _nan, "values": _values}
    for stage, judge in judges.items():
        for name, mine, target in pairs:
            if message := judge(name, mine, target, tolerance):
                raise Failure(stage, message, name=name, got=mine, want=target)


def _array(name: str, value: Any) -> np.ndarray:
    try:
        return np.asarray(value)
    except ValueError:  # a list of arrays of unequal shapes
        raise Failure("shape", f"the parts of {name} do not have one shape", name=name) from None


def _shape(name: str, got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    if got.shape == want.shape:
        return ""
    return f"{name} has shape {got.shape}, expected {want.shape}"


def _dtype(name: str, got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    if got.dtype == want.dtype:
        return ""
    return f"{name} has dtype {got.dtype}, expected {want.dtype}"


def _nan(name: str, got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    bad = ~np.isfinite(got) & np.isfinite(want)
    if not bad.any():
        return ""
    many = _how_many(bad, "are NaN or infinite")
    return f"{name}{_first(bad)} is {got[bad][0]}, expected {want[bad][0].item():.6g}{many}"


def _values(name: str, got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    bad = ~np.isclose(got, want, rtol=tolerance, atol=tolerance, equal_nan=True)
    if not bad.any():
        return ""
    mine, target = got[bad][0].item(), want[bad][0].item()
    differ = _how_many(bad, f"differ{_factor(got, want, tolerance)}")
    return f"{name}{_first(bad)} is {mine:.6g}, expected {target:.6g}{differ}"


def _factor(got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    """The one factor by which all entries are off, in words, if there is one."""
    largest = np.abs(want).argmax() if want.dtype.kind == "f" else -1
    if largest < 0 or not np.isfinite(want).all() or np.count_nonzero(want) < 2:
        return ""
    factor = got.flat[largest] / want.flat[largest]
    if factor == 0 or not np.allclose(got, factor * want, rtol=tolerance, atol=tolerance):
        return ""
    return f"; yours is {factor:.4g} times what is expected"


def _first(bad: np.ndarray) -> str:
    """The index of the first True: "[0, 2]", or nothing for a single number."""
    index = [int(i) for i in np.argwhere(bad)[0]]
    return str(index) if index else ""


def _how_many(bad: np.ndarray, what: str) -> str:
    if bad.size == 1:
        return ""
    return f" ({int(bad.sum())} of {bad.size} entries {what})"
