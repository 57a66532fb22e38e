"""Multi-head attention, and the cache that saves it from reading everything again."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.graph import is_recording, no_grad
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.ops.attention import attention_weights


class MultiHeadAttention(Module):
    """n_heads attentions side by side, each on its own d_model / n_heads of the channels.

    x (B, T, d_model) -> y (B, T, d_model)

    Arguments  n_kv_heads: how many heads of keys and values there are, each shared by a group of
               n_heads / n_kv_heads query heads, so that a cache is as much smaller; rotary: whether
               queries and keys are turned by their positions
    Errors     ValueError if n_heads does not divide d_model, n_kv_heads does not divide n_heads, or
               rotary is asked for an odd d_head
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.2.2; groups: Ainslie et al. 2023
               (arXiv:2305.13245); rotary: Su et al. 2021 (arXiv:2104.09864)
    """

    query: Linear  # w (d_model, d_model)
    key: Linear  # w (d_model, n_kv_heads d_head), as is value's
    value: Linear
    output: Linear  # w (d_model, d_model)

    def __init__(
        self, d_model, n_heads, *, rng, n_kv_heads=None, rotary=False, causal=True, bias=True,
        init=xavier, init_output=None,
    ):  # fmt: skip
        n_kv_heads = n_heads if n_kv_heads is None else n_kv_heads
        _must_split(d_model, n_heads, n_kv_heads, rotary)
        self.n_heads, self.n_kv_heads, self.d_head = n_heads, n_kv_heads, d_model // n_heads
        self.rotary, self.causal = rotary, causal
        d_kv = n_kv_heads * self.d_head
        self.query = Linear(d_model, d_model, rng=rng, bias=bias, init=init)
        self.key = Linear(d_model, d_kv, rng=rng, bias=bias, init=init)
        self.value = Linear(d_model, d_kv, rng=rng, bias=bias, init=init)
        self.output = Linear(d_model, d_model, rng=rng, bias=bias, init=init_output or init)

    def __call__(self, x, cache=None):
        """Attend within x, and with a cache to all that it has seen; the cache takes x in."""
        q, k, v = self._heads(x, start=0 if cache is None else cache.n_positions)
        if cache is not None:
            k, v = cache.extend(k.data, v.data)
        q, k, v = (self._in_groups(heads) for heads in (q, k, v))
        return self.output(self._merge(ops.attention(q, k, v, causal=self.causal)))

    def weights(self, x):
        """How much each head of each position takes from each: (B, n_heads, T, T), to look at."""
        with no_grad():
            q, k, _ = (self._in_groups(heads).data for heads in self._heads(x, start=0))
        p = attention_weights(q, k, causal=self.causal)
        return p.reshape(p.shape[0], self.n_heads, *p.shape[-2:])

    def new_cache(self, batch_size, length):
        """An empty KeyValueCache for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        shape = (batch_size, self.n_kv_heads, length, self.d_head)
        return KeyValueCache(shape, self.key.w.dtype)

    def _heads(self, x, start):
        """Queries, keys and values (B, heads, T, d_head) of x, whose first position is start."""
        if x.ndim != 3:
            raise ValueError(f"MultiHeadAttention: x {x.shape} must be (B, T, d_model)")
        q, k, v = (self._split(part(x)) for part in (self.query, self.key, self.value))
        if self.rotary:
            positions = np.arange(start, start + x.shape[1])
            q, k = ops.rotary(q, positions=positions), ops.rotary(k, positions=positions)
        return q, k, v

    def _split(self, x):
        """(B, T, heads d_head) -> (B, heads, T, d_head), a view."""
        B, T, d = x.shape
        x = ops.reshape(x, shape=(B, T, d // self.d_head, self.d_head))
        return ops.transpose(x, axes=(0, 2, 1, 3))

    def _in_groups(self, x):
        """(B, heads, T, d_head) -> (B, n_kv_heads, heads / n_kv_heads, T, d_head), a view."""
        if self.n_kv_heads == self.n_heads:
            return x
        B, heads, T, d_head = x.shape
        shape = (B, self.n_kv_heads, heads // self.n_kv_heads, T, d_head)
        return ops.reshape(x, shape=shape)

    def _merge(self, x):
        """(B, heads, T, d_head), the heads in groups or not -> (B, T, d_model)."""
        B, T = x.shape[0], x.shape[-2]
        x = ops.reshape(x, shape=(B, self.n_heads, T, self.d_head))
        x = ops.transpose(x, axes=(0, 2, 1, 3))
        return ops.reshape(x, shape=(B, T, self.n_heads * self.d_head))


def _must_split(d_model, n_heads, n_kv_heads, rotary):
    owner = "MultiHeadAttention"
    must_be_positive(owner, d_model=d_model, n_heads=n_heads, n_kv_heads=n_kv_heads)
    if d_model % n_heads:
        raise ValueError(
            f"{owner}: d_model = {d_model} does not split into {n_heads} heads: "
            "n_heads must divide d_model"
        )
    if n_heads % n_kv_heads:
        raise ValueError(
            f"{owner}: {n_heads} heads do not split into {n_kv_heads} groups: "
            "n_kv_heads must divide n_heads"
        )
    if rotary and d_model // n_heads % 2:
        raise ValueError(
            f"{owner}: d_head = d_model / n_heads = {d_model // n_heads} is odd, but rotary turns "
            "channels in pairs"
        )


class KeyValueCache:
    """The keys and values of all positions so far, of one attention layer, while generating.

    With it, a new token costs one row of attention instead of the whole square.
    """

    def __init__(self, shape, dtype):
        self.keys = np.empty(shape, dtype)  # (B, n_kv_heads, length, d_head)
        self.values = np.empty(shape, dtype)
        self.n_positions = 0

    def extend(self, k, v):
        """Take in keys and values (B, n_kv_heads, T, d_head); return all so far, as arrays.

        Errors     RuntimeError while gradients are recorded: the cache would cut them off
                   ValueError if k has another shape, or there is no room for T more
        """
        if is_recording():
            raise RuntimeError("a KeyValueCache keeps no gradients: use it inside no_grad()")
        B, n_kv_heads, length, d_head = self.keys.shape
        T = k.shape[2]
        start, end = self.n_positions, self.n_positions + T
        if k.shape != (B, n_kv_heads, T, d_head):
            raise ValueError(
                f"KeyValueCache: k {k.shape} does not fit: it was made for "
                f"({B}, {n_kv_heads}, T, {d_head})"
            )
        if end > length:
            raise ValueError(
                f"KeyValueCache: room for {length} positions, {start} taken, {T} more do not fit"
            )
        self.keys[:, :, start:end] = k
        self.values[:, :, start:end] = v
        self.n_positions = end
        return self.keys[:, :, :end], self.values[:, :, :end]
