"""Multi-head attention: several views of what other positions hold, side by side."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.graph import no_grad
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.nn.past import KeyValueCache
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

    def __call__(self, x, cache=None, mask=None):
        """Attend within x, and with a cache to all that it has seen; the cache takes x in.

        Arguments  mask: a boolean array (T, S) or (B, T, S), True where a position may see another
                   of the S so far. It takes the place of `causal`: so a prefix can be read in both
                   directions, and who gives a mask must hide the future in it
        Errors     ValueError if the mask has another shape, or a position sees none; TypeError if
                   it is not boolean
        """
        q, k, v = self._heads(x, start=0 if cache is None else cache.n_positions)
        if cache is not None:
            k, v = cache.extend(k.data, v.data)
        q, k, v = (self._in_groups(heads) for heads in (q, k, v))
        y = ops.attention(q, k, v, **self._rule(q, k, mask))
        return self.output(self._merge(y))

    def weights(self, x, mask=None):
        """How much each head of each position takes from each: (B, n_heads, T, T), to look at."""
        with no_grad():
            q, k, _ = (self._in_groups(heads).data for heads in self._heads(x, start=0))
        p = attention_weights(q, k, **self._rule(q, k, mask))
        return p.reshape(p.shape[0], self.n_heads, *p.shape[-2:])

    def new_cache(self, batch_size, length):
        """An empty KeyValueCache for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        shape = (batch_size, self.n_kv_heads, length, self.d_head)
        return KeyValueCache(shape, self.key.dtype)

    def _rule(self, q, k, mask):
        """Who may see whom, as ops.attention takes it: a mask gets axes for q's heads."""
        if mask is None:
            return {"causal": self.causal}
        B, T, S = q.shape[0], q.shape[-2], k.shape[-2]
        if np.shape(mask) not in ((T, S), (B, T, S)):
            raise ValueError(
                f"MultiHeadAttention: mask {np.shape(mask)} must be (T, S) = ({T}, {S}) or "
                f"(B, T, S) = ({B}, {T}, {S})"
            )
        if np.ndim(mask) == 3:
            mask = np.reshape(mask, (B, *[1] * (q.ndim - 3), T, S))
        return {"causal": False, "mask": mask}

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
