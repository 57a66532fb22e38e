"""One small attention head, to stand beside layers that mix positions without looking."""

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.nn.past import KeyValueCache


class TinyAttention(Module):
    """A single causal head of d_attention channels: x (B, T, d_model) -> y (B, T, d_out).

    Source     Liu et al. 2021 (aMLP, arXiv:2105.08050), who add it to a spatial gate, with
               d_attention = 64
    """

    query: Linear  # w (d_model, d_attention), as are key's and value's
    key: Linear
    value: Linear
    output: Linear  # w (d_attention, d_out)

    def __init__(self, d_model, d_attention, d_out, *, rng, init=xavier):
        must_be_positive("TinyAttention", d_model=d_model, d_attention=d_attention, d_out=d_out)
        self.query = Linear(d_model, d_attention, rng=rng, init=init)
        self.key = Linear(d_model, d_attention, rng=rng, init=init)
        self.value = Linear(d_model, d_attention, rng=rng, init=init)
        self.output = Linear(d_attention, d_out, rng=rng, init=init)

    def __call__(self, x, cache=None):
        """Attend within x, and with a cache to all that it has seen; the cache takes x in."""
        if x.ndim != 3:
            raise ValueError(f"TinyAttention: x {x.shape} must be (B, T, d_model)")
        q, k, v = self.query(x), self.key(x), self.value(x)
        if cache is not None:
            k, v = cache.extend(k.data[:, None], v.data[:, None])
            k, v = k[:, 0], v[:, 0]  # the cache has an axis of heads
        return self.output(ops.attention(q, k, v))

    def new_cache(self, batch_size, length):
        """An empty KeyValueCache for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        d_attention = self.key.shape[1]
        return KeyValueCache((batch_size, 1, length, d_attention), self.key.dtype)
