"""The spatial gating unit: one half of the channels is scaled by the mixed other half."""

from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn.mixing import TokenMixing
from tinyffn.nn.module import Module
from tinyffn.nn.norm import LayerNorm


class SpatialGate(Module):
    """y = u · mixing(norm(v)), u and v the halves of z's channels: z (B, T, d) -> y (B, T, d / 2).

    A feed-forward layer with this between its two maps can look back; causal, as the mixing is. At
    first the map of places is nearly 0 and its bias 1, so that the gate lets nearly all through.

    Arguments  n_heads, toeplitz: see TokenMixing; norm: a class of normalisation layers
    Errors     ValueError if d is odd, or n_heads does not divide d / 2
    Source     Liu et al. 2021 (gMLP, arXiv:2105.08050), section 2.1
    """

    norm: LayerNorm  # or what is given, of d / 2 channels
    mixing: TokenMixing  # of d / 2 channels

    def __init__(self, d, context, *, rng, n_heads=1, toeplitz=False, norm=LayerNorm):
        must_be_positive("SpatialGate", d=d)
        must_be_callable("SpatialGate", norm=norm)
        if d % 2:
            raise ValueError(f"SpatialGate: d = {d} is odd, but must split into two halves")
        self.norm = norm(d // 2)
        self.mixing = TokenMixing(
            d // 2, context, rng=rng, n_heads=n_heads, toeplitz=toeplitz, size=0.1, bias=1.0
        )

    def __call__(self, z, cache=None, added=None):
        """Gate z; `added` (B, T, d / 2), if given, is added to the mixture before u is scaled."""
        half = self.mixing.n_heads * self.mixing.d_head
        if z.ndim != 3 or z.shape[-1] != 2 * half:
            raise ValueError(f"SpatialGate: z {z.shape} must be (B, T, {2 * half})")
        u, v = z[..., :half], z[..., half:]
        gate = self.mixing(self.norm(v), cache)
        return u * (gate if added is None else gate + added)

    def new_cache(self, batch_size, length):
        """An empty cache for the mixing, with room for `length` positions."""
        return self.mixing.new_cache(batch_size, length)
