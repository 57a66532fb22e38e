"""The rule of types: arrays are float32 or float64, and an op never mixes the two.

NumPy would promote float32 to float64 silently, and a program would run at half its speed.
"""

import numpy as np

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
NUMBERS = (int, float, np.integer, np.floating)


def same_dtype(op, names, values, n_required):
    """The arguments of an op as arrays of one float type; numbers take the type of the others.

    Arguments  names: those of the values, as far as they have one; n_required: from this one on, a
               value may be None
    Errors     TypeError naming op and argument, if a value is something else or types are mixed
    """
    dtype, first, are_arrays = None, 0, True
    for i, value in enumerate(values):
        if not isinstance(value, np.ndarray):
            are_arrays = False
            if not isinstance(value, NUMBERS) and (value is not None or i < n_required):
                given = "None" if value is None else f"a {type(value).__name__}"
                raise TypeError(
                    f"{op}: {_name(names, i)} is {given}, "
                    "but must be a Tensor, an array or a number"
                )
        elif dtype is None:
            dtype, first = value.dtype, i
            if dtype not in FLOATS:
                raise TypeError(
                    f"{op}: {_name(names, i)} is {dtype}, but must be float32 or float64: "
                    "convert it with .astype(np.float32)"
                )
        elif value.dtype != dtype:
            raise TypeError(
                f"{op}: {_name(names, first)} is {dtype}, but {_name(names, i)} is {value.dtype}: "
                "NumPy would promote silently, so convert one with .astype(...)"
            )
    if are_arrays:
        return values
    dtype = dtype or FLOATS[0]
    return [a if a is None else np.asarray(a, dtype) for a in values]


def _name(names, i):
    return names[i] if i < len(names) else f"argument {i}"


def to_array(value, dtype):
    """Numbers, a list of them, or an array, as an array of this type.

    Errors     TypeError if it holds anything else
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"expected numbers or an array of numbers: {error}") from None
    if array.dtype.kind not in "biuf":  # NumPy would read "3" as a number, and None as NaN
        raise TypeError(f"expected numbers or an array of numbers, not {array.dtype}")
    return array.astype(dtype, copy=False)
