"""A dense layer in few bits: it computes with rounded weights, and trains the ones behind them."""

import numpy as np

from tinyffn import ops
from tinyffn.bits.quantized import quantized_by
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Parameter


class QuantizedLinear(Linear):
    """y = x Q(w) + b, where Q(w) holds few different numbers: x (..., d_in) -> y (..., d_out).

    The parameter w is called latent: no output depends on it but through Q(w). The gradient of Q(w)
    is handed on to w as it is (ops.straight_through), so that many small steps of w add up until
    one of its numbers is rounded to another level. b is not rounded.

    Made from a layer that was trained without rounding, and not trained further, it is the same as
    rounding after training.

    Arguments  scheme: a function w (d_in, d_out) -> bits.Quantized, as tinyffn.bits has them. It is
               tried at once, so that what is wrong with its settings is told here
    Errors     TypeError if scheme is no function to a Quantized; ValueError if its codes do not fit
               w; what scheme raises for the initial w
    Source     Courbariaux et al. 2015 (BinaryConnect, arXiv:1511.00363), for signs
    """

    def __init__(self, d_in, d_out, *, rng, scheme, bias=True, init=xavier):
        super().__init__(d_in, d_out, rng=rng, bias=bias, init=init)
        quantized_by(type(self).__name__, scheme, self.w.data, name="scheme")
        self.scheme = scheme

    @classmethod
    def from_linear(cls, linear, **settings):
        """A layer of this kind with copies of a Linear's w and b, to take its place.

        Arguments  settings: those of the class, without d_in, d_out, rng, bias and init
        Errors     TypeError if linear is no Linear
        """
        if not isinstance(linear, Linear):
            given = type(linear).__name__
            raise TypeError(f"{cls.__name__}: linear is a {given}, but must be a Linear")
        layer = cls(
            *linear.w.shape,
            rng=np.random.default_rng(0),  # its draws are overwritten
            bias=linear.b is not None,
            **settings,
        ).astype(linear.w.dtype)
        layer.w = Parameter(linear.w.data)  # a copy
        layer.b = None if linear.b is None else Parameter(linear.b.data)
        return layer.train(linear.training)

    def quantized(self):
        """The weight that the layer computes with, as codes and scales: a bits.Quantized."""
        return self.scheme(self.w.data)

    def __call__(self, x):
        w = ops.straight_through(self.w, values=self.quantized().values())
        return ops.linear(x, w, self.b)
