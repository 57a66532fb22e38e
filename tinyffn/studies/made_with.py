"""What a result rests on besides its own program, to be written down beside it."""

import functools
import os
import platform
from importlib.metadata import version

import numpy as np

from tinyffn.data import documentation, fingerprint


@functools.cache
def made_with() -> dict[str, str]:
    """All that a measured number rests on besides its source; where this differs, it may too.

    Python ships the text that lessons read, and Matplotlib the fonts. The processor decides in
    which order sums are added up, and a training run takes that to other digits.

    Returns    {"python", "numpy", "matplotlib": versions, "text", "processor": fingerprints}
    """
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    kernel = [platform.machine(), *simd["baseline"], *simd["found"]]
    kernel.append(os.environ.get("OPENBLAS_CORETYPE", ""))
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "matplotlib": version("matplotlib"),
        "text": _text(),
        "processor": fingerprint(" ".join(kernel)),
    }


def _text():
    try:
        return fingerprint(documentation())
    except RuntimeError:  # this Python came without it: no reason to lose what was measured
        return "none"
