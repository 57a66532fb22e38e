"""The feed-forward layer of a transformer block: what this course is about.

Each position is widened to d_ff numbers, passed through a non-linearity, and narrowed again. In
the memory view (Geva et al. 2021, arXiv:2012.14913) column i of `up.w` is a key, entry i of the
hidden vector says how well it matches, and row i of `down.w` is the value that is added.
"""

from tinyffn import ops
from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module


class FeedForward(Module):
    """y = activation(x up.w + up.b) down.w + down.b: x (..., d_model) -> y (..., d_model).

    Arguments  activation: an op of one argument, or a Module. One Module is one set of numbers:
               make a new one for each layer. init, init_down: see nn/init.py
    Source     Vaswani et al. 2017 (arXiv:1706.03762), eq. 2, with ReLU; GPT-2 takes GELU
    """

    up: Linear  # w (d_model, d_ff), b (d_ff)
    down: Linear  # w (d_ff, d_model), b (d_model)

    def __init__(
        self, d_model, d_ff, *, rng, activation=ops.gelu, bias=True, init=xavier, init_down=None
    ):
        must_be_positive("FeedForward", d_model=d_model, d_ff=d_ff)
        must_be_callable("FeedForward", activation=activation)
        self.up = Linear(d_model, d_ff, rng=rng, bias=bias, init=init)
        self.down = Linear(d_ff, d_model, rng=rng, bias=bias, init=init_down or init)
        self.activation = activation

    def __call__(self, x):
        return self.down(self.coefficients(x))

    def coefficients(self, x):
        """The hidden numbers m (..., d_ff): how much of each row of down.w the layer adds."""
        return self.activation(self.up(x))


class GatedFeedForward(Module):
    """y = gate_op(x gate.w, x up.w) down.w: x (..., d_model) -> y (..., d_model).

    With three matrices instead of two, d_ff is usually 2/3 of an ungated layer's: `gated_d_ff`.

    Arguments  gate_op: an op of (gate, up); init, init_down: see nn/init.py
    Source     Shazeer 2020 (arXiv:2002.05202), eq. 6, FFN_SwiGLU
    """

    gate: Linear  # w (d_model, d_ff)
    up: Linear  # w (d_model, d_ff)
    down: Linear  # w (d_ff, d_model)

    def __init__(
        self, d_model, d_ff, *, rng, gate_op=ops.swiglu, bias=False, init=xavier, init_down=None
    ):
        must_be_positive("GatedFeedForward", d_model=d_model, d_ff=d_ff)
        must_be_callable("GatedFeedForward", gate_op=gate_op)
        self.gate = Linear(d_model, d_ff, rng=rng, bias=bias, init=init)
        self.up = Linear(d_model, d_ff, rng=rng, bias=bias, init=init)
        self.down = Linear(d_ff, d_model, rng=rng, bias=bias, init=init_down or init)
        self.gate_op = gate_op

    def __call__(self, x):
        return self.down(self.coefficients(x))

    def coefficients(self, x):
        """The hidden numbers m (..., d_ff): how much of each row of down.w the layer adds."""
        return self.gate_op(self.gate(x), self.up(x))


class MaxoutFeedForward(Module):
    """y = (max_k (x up.w + up.b)_k) down.w + down.b: x (..., d_model) -> y (..., d_model).

    Each hidden number is the largest of `pieces` dense maps, so `up` is that many times as wide.

    Source     Goodfellow et al. 2013 (arXiv:1302.4389), section 3
    """

    up: Linear  # w (d_model, pieces d_ff), b (pieces d_ff)
    down: Linear  # w (d_ff, d_model), b (d_model)

    def __init__(self, d_model, d_ff, *, rng, pieces=2, bias=True, init=xavier, init_down=None):
        must_be_positive("MaxoutFeedForward", d_model=d_model, d_ff=d_ff, pieces=pieces)
        self.up = Linear(d_model, pieces * d_ff, rng=rng, bias=bias, init=init)
        self.down = Linear(d_ff, d_model, rng=rng, bias=bias, init=init_down or init)
        self.pieces = pieces

    def __call__(self, x):
        return self.down(self.coefficients(x))

    def coefficients(self, x):
        """The hidden numbers m (..., d_ff): how much of each row of down.w the layer adds."""
        pieces = self.up(x)
        *leading, d_all = pieces.shape
        pieces = ops.reshape(pieces, shape=(*leading, self.pieces, d_all // self.pieces))
        return ops.maxout(pieces)


def gated_d_ff(d_ff, *, multiple_of=1):
    """The width at which a gated layer has as many weights as an ungated one of width d_ff.

    Three matrices of d_model · width are two of d_model · d_ff at width = 2/3 d_ff, here rounded up
    to a multiple that suits the machine. LLaMA-7B: 11008 = gated_d_ff(4 * 4096, multiple_of=256).
    As weights are equal, so are multiplications. Biases, where a layer has them, are not counted.

    Errors     ValueError if d_ff or multiple_of is no whole number above 0
    Source     Shazeer 2020 (arXiv:2002.05202), section 2, gives the 2/3; Touvron et al. 2023
               (arXiv:2302.13971), section 2.2, take it; these are the widths of their models
    """
    must_be_positive("gated_d_ff", d_ff=d_ff, multiple_of=multiple_of)
    return -(2 * d_ff // (-3 * multiple_of)) * multiple_of  # in whole numbers, rounded up
