"""Arrays to and from one `.npz` file, without pickle, and never half a file.

A .npz file is a zip archive of .npy files, one for each array; `np.load` reads it too.
"""

import io
import zipfile
from pathlib import Path

import numpy as np

from tinyffn.files import whole_file


def save_arrays(path, arrays):
    """Write a dict of name -> array to a .npz file: the whole of it, or nothing.

    Errors     TypeError if an array holds Python objects; OSError if the place cannot be written
    """
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"save_arrays: {name} holds Python objects, which need pickle")
    with whole_file("save_arrays", path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():  # not np.savez: it takes no array named "file"
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def load_arrays(path):
    """Read a .npz file into a dict of name -> array.

    Errors     FileNotFoundError if there is none; ValueError if it is no whole .npz file, or
               holds pickled objects, which are never run
    """
    if not Path(path).exists():
        raise FileNotFoundError(f"load_arrays: there is no file {path}")
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if any(member.comment for member in archive.infolist()):
                    raise ValueError("one entry hides others")  # its size field is damaged
                members = {name: archive.read(name) for name in archive.namelist()}
            return {name.removesuffix(".npy"): _array(data) for name, data in members.items()}
        except Exception as error:  # damaged bytes make zipfile and NumPy fail in a dozen ways
            raise ValueError(
                f"load_arrays: {path} is not a whole .npz file of arrays ({error}): "
                "it may be cut off or damaged; save it again"
            ) from None


def _array(data):
    """The array that the bytes of a .npy file hold."""
    file = io.BytesIO(data)
    array = np.lib.format.read_array(file, allow_pickle=False)
    if file.read(1):
        raise ValueError("an array is longer than it says")
    return array
