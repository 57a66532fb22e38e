"""A real picture without a download: the heights of a landscape that comes with matplotlib."""

import numpy as np

from tinyffn.arguments import must_be_positive

LANDSCAPE = "jacksboro_fault_dem.npz"
SIDE = 320  # places a side of the square that is cut out of 344 x 403


def landscape(size=64):
    """Heights in metres of hills on the border of Tennessee and Kentucky (USA), about 30 x 24 km.

    The data are the 344 x 403 heights that matplotlib brings along for its own examples, as
    "Jacksboro fault" (they come under matplotlib's license), three seconds of arc apart. A square
    of 320 x 320 is cut out of the middle; each number here is the mean over a block of it.

    Arguments  size: rows and columns of the result; 320 must be a multiple of it
    Returns    float32 (size, size)
    Errors     ValueError if 320 is no multiple of size; RuntimeError if this matplotlib came
               without its sample data
    """
    must_be_positive("landscape", size=size)
    if SIDE % size:
        raise ValueError(f"landscape: size is {size}, but must divide {SIDE}: 64 or 80, say")
    from matplotlib import cbook

    try:
        path = cbook.get_sample_data(LANDSCAPE, asfileobj=False)
        with np.load(str(path)) as file:
            heights = file["elevation"]
    except OSError:
        raise RuntimeError(
            f"landscape: this matplotlib came without its sample data ({LANDSCAPE}): install it "
            "with pip, which brings them along"
        ) from None
    top, left = ((n - SIDE) // 2 for n in heights.shape)
    square = heights[top : top + SIDE, left : left + SIDE].astype(np.float32)
    block = SIDE // size
    return square.reshape(size, block, size, block).mean(axis=(1, 3))
