"""Dense layers that run from packed weights: what a finished model needs, and nothing to train."""

import copy
from functools import partial

import numpy as np

from tinyffn.arguments import is_whole
from tinyffn.bits.planes import plane_product
from tinyffn.bits.popcount import xnor_product
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import signs
from tinyffn.bits.uniform import absmax_tokens
from tinyffn.bits.unpacked import unpacked_product
from tinyffn.bits.words import SignWords, as_signs, sign_words
from tinyffn.nn.binary import XnorLinear
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.nn.quantized import QuantizedLinear
from tinyffn.nn.replace import replace_linears
from tinyffn.tensor import op

ACTIVATIONS = ("float", "int8", "signs")
FEW_ROWS = 2  # of 8-bit inputs: with more, unpacking once and BLAS took less time than bit planes
LARGEST_EXACT = 2**17  # so many products of up to 2^7 add up to 2^24: whole numbers in float32


class PackedLinear(Module):
    """y = Q(x) W + b, where W stays packed: x (..., d_in) -> y (..., d_out), float32.

    W is signs with scales, or -1, 0 and +1 with scales, kept as the sum of two weights in signs. So
    it takes an eighth or a quarter of a byte for each entry, and its scales.

        activations   Q(x)                                  products
        "float"       x                                     signs unpacked tile by tile, and BLAS
        "int8"        whole numbers, a scale per token      bit planes; from 3 rows on, as above
        "signs"       signs, mean |x| per token             XNOR and a count

    For inference: it has no parameter, and nothing flows back through it. Its arrays are part of
    the model's `state_dict`, and load into a model with the same groups.

    Arguments  quantized: a Quantized of signs or ternary codes, without an offset, or SignWords,
               which are taken as they are; bias: floats (d_out), or None; norm: a layer that x goes
               through first, or None; token_bits: for "int8", 2 to 8; scale_dtype: np.float16 to
               halve the bytes of a Quantized's scales, as files do; None keeps them
    Errors     TypeError if quantized is neither, or scale_dtype no floats; ValueError if a setting
               is none of these, the codes are others, bias does not fit, or a scale is too large
               for scale_dtype
    Source     the three kinds of products: tinyffn/bits/unpacked.py, planes.py, popcount.py
    """

    words: np.ndarray  # uint64 (1 or 2, n_groups, n_words, d_out)
    scale: np.ndarray  # floats (n_groups, d_out) or (n_groups, 1)
    bias: np.ndarray | None  # float32 (d_out)

    kept = ("words", "scale", "bias")
    dtype = np.dtype(np.float32)

    def __init__(
        self, quantized, *, bias=None, activations="float", norm=None, token_bits=8,
        scale_dtype=None,
    ):  # fmt: skip
        if activations not in ACTIVATIONS:
            raise ValueError(
                f'PackedLinear: activations is {activations!r}, but must be "float", "int8" or '
                '"signs"'
            )
        if not is_whole(token_bits) or not 2 <= token_bits <= 8:
            raise ValueError(
                f"PackedLinear: token_bits is {token_bits!r}, but must be a whole number from 2 to "
                "8"
            )
        if not isinstance(quantized, SignWords | Quantized):
            raise TypeError(
                f"PackedLinear: quantized is a {type(quantized).__name__}, but must be a "
                "Quantized, such as bits.binary makes, or SignWords"
            )
        if isinstance(quantized, SignWords):
            parts, self.words = [quantized], quantized.words[np.newaxis]
        else:
            parts = [sign_words(part, scale_dtype=scale_dtype) for part in as_signs(quantized)]
            self.words = np.stack([part.words for part in parts])
        self.scale = parts[0].scale  # all parts have the same
        self.group, self.shape = parts[0].group, parts[0].shape
        if bias is not None and np.shape(bias) != self.shape[1:]:
            raise ValueError(
                f"PackedLinear: bias {np.shape(bias)} must be (d_out) = {self.shape[1:]}"
            )
        self.bias = None if bias is None else np.array(bias, np.float32)
        self.activations, self.norm, self.token_bits = activations, norm, token_bits
        self.eval()

    @classmethod
    def from_linear(cls, linear, *, scheme=None, activations=None, scale_dtype=None):
        """The layer that computes what a Linear or one of its kinds in few bits does, packed.

        Arguments  scheme: for a plain Linear, a function w -> Quantized, such as bits.binary; a
                   QuantizedLinear has its own; activations: None for those that it was trained with
                   (signs for XnorLinear, 8 bits for BitLinear, floats for others); scale_dtype: as
                   for the class
        Errors     TypeError if linear is no Linear; ValueError if there is no scheme, or two
        """
        if not isinstance(linear, Linear):
            given = type(linear).__name__
            raise TypeError(f"PackedLinear: linear is a {given}, but must be a Linear")
        if isinstance(linear, QuantizedLinear):
            if scheme is not None:
                given = type(linear).__name__
                raise ValueError(f"PackedLinear: a {given} has a scheme of its own")
            scheme = linear.scheme
        if scheme is None:
            raise ValueError("PackedLinear: a Linear needs a scheme, such as bits.binary")
        token_bits = getattr(linear, "token_bits", None)
        if activations is None:
            activations = "signs" if isinstance(linear, XnorLinear) else "float"
            activations = "int8" if token_bits is not None else activations
        return cls(
            scheme(linear.w.data),
            bias=None if linear.b is None else linear.b.data,
            activations=activations,
            norm=copy.deepcopy(getattr(linear, "norm", None)),
            token_bits=token_bits or 8,
            scale_dtype=scale_dtype,
        )

    def kept_as(self, attribute):
        """Words are named with their rows and groups, which say what row a bit stands for."""
        return f"words_{self.shape[0]}_by_{self.group}" if attribute == "words" else attribute

    def parts(self):
        """The weights in signs whose sum W is: a list of one or two SignWords."""
        return [SignWords(words, self.scale, self.group, self.shape[0]) for words in self.words]

    def values(self):
        """W unpacked: float32 (d_in, d_out)."""
        parts = [part.quantized() for part in self.parts()]
        return sum(part._replace(scale=part.scale.astype(np.float32)).values() for part in parts)

    def __call__(self, x):
        return _packed_linear(x if self.norm is None else self.norm(x), layer=self)

    def product(self, x):
        """Q(x) W for an array x (..., d_in)."""
        parts = self.parts()
        if self.activations == "float":
            return sum(unpacked_product(x, part) for part in parts)
        if self.activations == "signs":
            codes, scale = signs(x), np.abs(x).mean(axis=-1, keepdims=True)
            return scale * sum(xnor_product(codes, part) for part in parts)
        codes, scale = absmax_tokens(x, self.token_bits)
        d_in, n_rows = x.shape[-1], x.size // x.shape[-1]
        if n_rows <= FEW_ROWS or d_in > LARGEST_EXACT:
            return scale * sum(plane_product(codes, part) for part in parts)
        codes = codes.astype(np.float32)
        return scale * sum(unpacked_product(codes, part) for part in parts)


@op
def _packed_linear(x, *, layer):
    """y = layer.product(x) + layer.bias, as a step of the graph that refuses to go back."""
    if x.dtype != layer.dtype:
        raise TypeError(f"PackedLinear: x is {x.dtype}, but packed weights take float32")
    d_in = layer.shape[0]
    if x.ndim < 1 or x.shape[-1] != d_in:
        raise ValueError(
            f"PackedLinear: x {x.shape} does not fit packed weights {layer.shape}: the last axis "
            f"of x must be d_in = {d_in}"
        )
    y = layer.product(x)
    if layer.bias is not None:
        y += layer.bias

    def backward(dy):
        raise RuntimeError(
            "PackedLinear: packed weights are for inference, so nothing flows back through them: "
            "train the layer that they were packed from"
        )

    return y, backward


def packed_model(model, *, which=None, **settings):
    """A copy of a model whose dense layers run from packed weights.

        small = nn.packed_model(model)  # all QuantizedLinears in it
        small = nn.packed_model(model, which="all", scheme=partial(binary, per=128))

    Embedding, norms, and the map to the vocabulary stay as they are. Where there is no room for a
    copy of the model, let replace_linears put PackedLinear.from_linear in place.

    Arguments  which: as replace_linears takes it; None for every QuantizedLinear;
               settings: of PackedLinear.from_linear
    Returns    the copy, in evaluation; `size_bytes()` says what it takes
    Errors     those of replace_linears and PackedLinear.from_linear
    """
    if which is None:
        trained = {name for name, m in model.named_modules() if isinstance(m, QuantizedLinear)}
        which = trained.__contains__
    smaller = copy.deepcopy(model)
    replace_linears(smaller, partial(PackedLinear.from_linear, **settings), which=which)
    return smaller.eval()
