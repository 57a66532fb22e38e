"""What layers keep of the positions they have read, while a model generates."""

import numpy as np

from tinyffn.graph import is_recording


class PastTokens:
    """What a layer has read of all positions so far.

    With it, a new token costs one row of the map of positions instead of all.
    """

    def __init__(self, shape, dtype):
        self.tokens = np.empty(shape, dtype)  # (..., length, d)
        self.n_positions = 0

    def extend(self, x):
        """Take in x (..., T, d); return all so far, as an array.

        Errors     RuntimeError while gradients are recorded: the cache would cut them off
                   ValueError if x has another shape, or there is no room for T more
        """
        end = _end(self, self.tokens, x=x)
        self.tokens[..., self.n_positions : end, :] = x
        self.n_positions = end
        return self.tokens[..., :end, :]


class KeyValueCache:
    """The keys and values of all positions so far, of one attention layer.

    With it, a new token costs one row of attention instead of the whole square.
    """

    def __init__(self, shape, dtype):
        self.keys = np.empty(shape, dtype)  # (B, n_kv_heads, length, d_head)
        self.values = np.empty(shape, dtype)
        self.n_positions = 0

    def extend(self, k, v):
        """Take in keys and values (B, n_kv_heads, T, d_head); return all so far, as arrays.

        Errors     RuntimeError while gradients are recorded: the cache would cut them off
                   ValueError if k or v has another shape, or there is no room for T more
        """
        end = _end(self, self.keys, k=k, v=v)
        self.keys[:, :, self.n_positions : end] = k
        self.values[:, :, self.n_positions : end] = v
        self.n_positions = end
        return self.keys[:, :, :end], self.values[:, :, :end]


def _end(cache, kept, **arrays):
    """How many positions a cache holds with these arrays (..., T, d), which must fit `kept`."""
    owner = type(cache).__name__
    if is_recording():
        raise RuntimeError(f"{owner} keeps no gradients: use it inside no_grad()")
    *leading, length, d = kept.shape
    T = next(iter(arrays.values())).shape[-2]
    for name, x in arrays.items():
        if x.shape != (*leading, T, d):
            made_for = ", ".join(str(size) for size in (*leading, "T", d))
            raise ValueError(
                f"{owner}: {name} {x.shape} does not fit: it was made for ({made_for})"
            )
    taken = cache.n_positions
    if taken + T > length:
        raise ValueError(
            f"{owner}: room for {length} positions, {taken} taken, {T} more do not fit"
        )
    return taken + T
