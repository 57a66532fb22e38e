"""Multi-head attention, and the cache that saves it from reading everything again."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.graph import is_recording
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module


class MultiHeadAttention(Module):
    """n_heads attentions side by side, each on its own d_model / n_heads of the channels.

    x (B, T, d_model) -> y (B, T, d_model)

    Errors     ValueError if n_heads does not divide d_model
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.2.2
    """

    query: Linear  # w (d_model, d_model), as are the three others
    key: Linear
    value: Linear
    output: Linear

    def __init__(
        self, d_model, n_heads, *, rng, causal=True, bias=True, init=xavier, init_output=None
    ):
        must_be_positive("MultiHeadAttention", d_model=d_model, n_heads=n_heads)
        if d_model % n_heads:
            raise ValueError(
                f"MultiHeadAttention: d_model = {d_model} does not split into {n_heads} heads: "
                "n_heads must divide d_model"
            )
        self.query = Linear(d_model, d_model, rng=rng, bias=bias, init=init)
        self.key = Linear(d_model, d_model, rng=rng, bias=bias, init=init)
        self.value = Linear(d_model, d_model, rng=rng, bias=bias, init=init)
        self.output = Linear(d_model, d_model, rng=rng, bias=bias, init=init_output or init)
        self.n_heads, self.d_head, self.causal = n_heads, d_model // n_heads, causal

    def __call__(self, x, cache=None):
        """Attend within x, and with a cache to all that it has seen; the cache takes x in."""
        if x.ndim != 3:
            raise ValueError(f"MultiHeadAttention: x {x.shape} must be (B, T, d_model)")
        q = self._split(self.query(x))
        k = self._split(self.key(x))
        v = self._split(self.value(x))
        if cache is not None:
            k, v = cache.extend(k.data, v.data)
        return self.output(self._merge(ops.attention(q, k, v, causal=self.causal)))

    def new_cache(self, batch_size, length):
        """An empty KeyValueCache for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        shape = (batch_size, self.n_heads, length, self.d_head)
        return KeyValueCache(shape, self.key.w.dtype)

    def _split(self, x):
        """(B, T, d_model) -> (B, n_heads, T, d_head), a view."""
        B, T, _ = x.shape
        x = ops.reshape(x, shape=(B, T, self.n_heads, self.d_head))
        return ops.transpose(x, axes=(0, 2, 1, 3))

    def _merge(self, x):
        """(B, n_heads, T, d_head) -> (B, T, d_model)."""
        B, _, T, _ = x.shape
        x = ops.transpose(x, axes=(0, 2, 1, 3))
        return ops.reshape(x, shape=(B, T, self.n_heads * self.d_head))


class KeyValueCache:
    """The keys and values of all positions so far, of one attention layer, while generating.

    With it, a new token costs one row of attention instead of the whole square.
    """

    def __init__(self, shape, dtype):
        self.keys = np.empty(shape, dtype)  # (B, n_heads, length, d_head)
        self.values = np.empty(shape, dtype)
        self.n_positions = 0

    def extend(self, k, v):
        """Take in keys and values (B, n_heads, T, d_head); return all so far, as arrays.

        Errors     RuntimeError while gradients are recorded: the cache would cut them off
                   ValueError if k has another shape, or there is no room for T more
        """
        if is_recording():
            raise RuntimeError("a KeyValueCache keeps no gradients: use it inside no_grad()")
        B, n_heads, length, d_head = self.keys.shape
        T = k.shape[2]
        start, end = self.n_positions, self.n_positions + T
        if k.shape != (B, n_heads, T, d_head):
            raise ValueError(
                f"KeyValueCache: k {k.shape} does not fit: it was made for "
                f"({B}, {n_heads}, T, {d_head})"
            )
        if end > length:
            raise ValueError(
                f"KeyValueCache: room for {length} positions, {start} taken, {T} more do not fit"
            )
        self.keys[:, :, start:end] = k
        self.values[:, :, start:end] = v
        self.n_positions = end
        return self.keys[:, :, :end], self.values[:, :, :end]
