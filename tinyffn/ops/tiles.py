"""Elementwise chains over pieces that stay in the processor's cache.

A chain such as GELU reads and writes its arrays a dozen times. On a large array each pass goes to
main memory and back; on a tile all passes but the first find their data in the cache.
"""

import numpy as np

TILE = 32_768  # elements: eight float32 arrays of this size fit into 1 MB of cache


def contiguous(x):
    """The array itself if its elements lie in order in memory, else a copy in which they do."""
    return np.asarray(x, order="C")


def tiles(*arrays):
    """Matching flat views into contiguous arrays of one size, tile by tile; writable."""
    if not all(array.flags.c_contiguous for array in arrays):
        raise ValueError("tiles: an array is not contiguous, so writing to its tiles would be lost")
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, TILE):
        yield tuple(array[start : start + TILE] for array in flat)
