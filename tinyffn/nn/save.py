"""Arrays to and from one `.npz` file, without pickle, and never half a file."""

import os
import zipfile
import zlib
from pathlib import Path

import numpy as np


def save_arrays(path, arrays):
    """Write a dict of name -> array to a .npz file: the whole of it, or nothing.

    It is written beside its place under another name, and moved there once it is complete.

    Errors     TypeError if an array holds Python objects; OSError if the place cannot be written
    """
    path = Path(path)
    for name, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise TypeError(f"save_arrays: {name} holds Python objects, which need pickle")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(unfinished, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def load_arrays(path):
    """Read a .npz file into a dict of name -> array.

    Errors     FileNotFoundError if there is none; ValueError if it is no whole .npz file, or
               holds pickled objects, which are never run
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise FileNotFoundError(f"load_arrays: there is no file {path}") from None
    except (
        AttributeError,  # np.load gives a bare array for a .npy file, which has no .files
        EOFError, KeyError, MemoryError, NotImplementedError, TypeError, ValueError,
        zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise ValueError(
            f"load_arrays: {path} is not a whole .npz file of arrays ({error}): "
            "it may be cut off or damaged; save it again"
        ) from None
