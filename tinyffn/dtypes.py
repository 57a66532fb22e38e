"""The rule of types: arrays are float32 or float64, and an op never mixes the two.

NumPy would promote float32 to float64 silently, and a program would run at half its speed.
"""

import numpy as np

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
NUMBERS = (int, float, np.integer, np.floating)


def same_dtype(name, values):
    """The arguments of an op as arrays of one float type; numbers take the type of the others.

    Errors     TypeError, in the name of the op, if a value is something else or types are mixed
    """
    dtype, are_arrays = None, True
    for value in values:
        if not isinstance(value, np.ndarray):
            are_arrays = False
            if value is not None and not isinstance(value, NUMBERS):
                raise TypeError(
                    f"{name}: an argument is a {type(value).__name__}, "
                    "but must be a Tensor, an array or a number"
                )
        elif dtype is None:
            dtype = value.dtype
            if dtype not in FLOATS:
                raise TypeError(
                    f"{name}: an argument is {dtype}, but must be float32 or float64: "
                    "convert it with .astype(np.float32)"
                )
        elif value.dtype != dtype:
            raise TypeError(
                f"{name}: arguments mix {dtype} and {value.dtype}, and NumPy would promote "
                "silently: convert one with .astype(...)"
            )
    if are_arrays:
        return values
    dtype = dtype or FLOATS[0]
    return [a if a is None else np.asarray(a, dtype) for a in values]


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
