"""A block without attention whose every part has a switch, to see what each is good for."""

from tinyffn import ops
from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn.dropout import Dropout
from tinyffn.nn.experts import MixtureOfExperts
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.mixing import TokenMixing
from tinyffn.nn.module import Module
from tinyffn.nn.norm import LayerNorm
from tinyffn.nn.scale import ChannelScale
from tinyffn.nn.spatial import SpatialGate
from tinyffn.nn.tiny_attention import TinyAttention


class PerceptionBlock(Module):
    """A gMLP block, x (B, T, d_model) -> y (B, T, d_model), with parts that can be added to it:

        h = norm(x)
        x = x + dropout(down(gate(activation(up(h)))))
        x = x + dropout(experts(norm_experts(x)))        with n_experts above 0

    This is what articles on "multi-layer perception" call "attention-free context processing". The
    switches, each beside their words for the part, and the paper that has it:

        n_heads       "parallel perception heads"  each head mixes a slice of the channels by its
                      own map; 1 for one map
        gate          "context-aware gating", and "feature selection": the spatial gate of gMLP
                      (arXiv:2105.08050); False: mixing alone. MLP-Mixer (arXiv:2105.01601) mixes
                      without a gate too, by a map of two layers
        n_experts     "dynamic routing"            a mixture of experts of width d_expert, top_k for
                      each token (arXiv:1701.06538, 2101.03961); 0 for none
        activation    "adaptive activation"        a class such as nn.AconC: an instance learns its
                      shape (arXiv:2009.04759); an op such as ops.gelu, which experts keep, is fixed
        d_scale       "adaptive scaling"           a factor for each channel that depends on h, by
                      way of d_scale channels (arXiv:1709.01507); 0 for none
        residual      "residual connections"       the x + ... above (arXiv:1512.03385); False: what
                      a sublayer makes takes the place of x
        norm          "normalization"              a class of layers, one in front of each sublayer
                      (arXiv:1607.06450); None for none. The gate keeps the one of its own
        dropout       "dropout rates of 0.1-0.2"   a share, 0 for none (Srivastava et al. 2014)

    And two more that belong to gMLP: d_attention, the width of a tiny attention head that is added
    to the gate (aMLP in the same paper), 0 for none; toeplitz, maps that know distances alone.

    Arguments  init_down: for the maps back into the stream, see nn/init.py
    Errors     ValueError if d_ff is odd though there is a gate, n_heads does not divide what is
               mixed, there is a d_attention but no gate to add it to, or a top_k or d_expert but no
               experts; TypeError if activation or norm cannot be called
    """

    norm: LayerNorm | None  # or what `norm` makes
    up: Linear  # w (d_model, d_ff)
    mixing: SpatialGate | TokenMixing
    down: Linear  # w (d_ff / 2, d_model); without gate (d_ff, d_model)
    attention: TinyAttention | None
    scale: ChannelScale | None
    norm_experts: LayerNorm | None
    experts: MixtureOfExperts | None

    def __init__(
        self, d_model, d_ff, context, *, rng, n_heads=1, gate=True, toeplitz=False, d_attention=0,
        n_experts=0, top_k=1, d_expert=None, activation=ops.gelu, d_scale=0, dropout=0.0,
        residual=True, norm=LayerNorm, init_down=None,
    ):  # fmt: skip
        must_be_positive("PerceptionBlock", d_model=d_model, d_ff=d_ff)
        must_be_callable("PerceptionBlock", activation=activation)
        if norm is not None:
            must_be_callable("PerceptionBlock", norm=norm)
        if d_attention and not gate:
            raise ValueError(
                f"PerceptionBlock: d_attention is {d_attention}, but gate is off: there is no gate "
                "to add attention to"
            )
        if not n_experts and (top_k != 1 or d_expert is not None):
            raise ValueError(
                f"PerceptionBlock: n_experts is 0, so that top_k = {top_k} and d_expert = "
                f"{d_expert} would change nothing: leave them out"
            )
        init_down = init_down or xavier
        self.norm = None if norm is None else norm(d_model)
        self.up = Linear(d_model, d_ff, rng=rng)
        self.activation = activation(d_ff) if isinstance(activation, type) else activation
        mixing = SpatialGate if gate else TokenMixing
        self.mixing = mixing(d_ff, context, rng=rng, n_heads=n_heads, toeplitz=toeplitz)
        d_mixed = d_ff // 2 if gate else d_ff
        self.down = Linear(d_mixed, d_model, rng=rng, init=init_down)
        self.attention = self.scale = self.norm_experts = self.experts = None
        if d_attention:
            self.attention = TinyAttention(d_model, d_attention, d_mixed, rng=rng)
        if d_scale:
            self.scale = ChannelScale(d_model, d_scale, rng=rng)
        self.dropout, self.residual = Dropout(dropout, rng=rng), residual
        if n_experts:
            self.norm_experts = None if norm is None else norm(d_model)
            self.experts = MixtureOfExperts(
                d_model, d_ff if d_expert is None else d_expert, n_experts, rng=rng, top_k=top_k,
                init_down=init_down,
            )  # fmt: skip

    def __call__(self, x, cache=None):
        return self.stream(x, cache)[-1]

    def stream(self, x, cache=None):
        """The residual stream after each sublayer: a list of one or two, each like x."""
        cache = cache or PerceptionCache(None, None)
        x = self._add(x, self._mixed(_normed(self.norm, x), cache))
        if self.experts is None:
            return [x]
        return [x, self._add(x, self.experts(_normed(self.norm_experts, x)))]

    def new_cache(self, batch_size, length):
        """Empty caches for the mixing and the attention, with room for `length` positions."""
        mixing = self.mixing.new_cache(batch_size, length)
        if self.attention is None:
            return PerceptionCache(mixing, None)
        return PerceptionCache(mixing, self.attention.new_cache(batch_size, length))

    def _mixed(self, h, cache):
        z = self.activation(self.up(h))
        added = () if self.attention is None else (self.attention(h, cache.attention),)
        y = self.down(self.mixing(z, cache.mixing, *added))
        return y if self.scale is None else y * self.scale(h)

    def _add(self, x, y):
        y = self.dropout(y)
        return x + y if self.residual else y


def _normed(norm, x):
    return x if norm is None else norm(x)


class PerceptionCache:
    """What one block remembers while generating: of its mixing, and of its attention if any."""

    def __init__(self, mixing, attention):
        self.mixing, self.attention = mixing, attention
