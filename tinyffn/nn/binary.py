"""Dense layers in signs, as papers have them. All train latent weights behind the rounded ones.

    layer           weights                       inputs
    BinaryLinear    signs, with a scale           as they are
    BitLinear       signs, or -1, 0 and +1        normalised, then 8 bits
    XnorLinear      signs, with a scale           normalised, then signs, with a scale

Tables of embeddings, norms and biases stay as they are.
"""

from functools import partial

import numpy as np

from tinyffn import ops
from tinyffn.arguments import is_whole, must_be_above, must_be_callable
from tinyffn.bits.quantized import Quantized, must_be_weight
from tinyffn.bits.schemes import binary, centred_binary, signs
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax_tokens
from tinyffn.nn.init import xavier
from tinyffn.nn.norm import LayerNorm, RMSNorm
from tinyffn.nn.quantized import QuantizedLinear


class BinaryLinear(QuantizedLinear):
    """y = x (scale sign(w)) + b: x (..., d_in) -> y (..., d_out). The sign of 0 is +1.

    Arguments  per: who shares a scale, the mean |w|: "column", "tensor" or a number of rows, see
               bits.schemes. None: no scale, as in BinaryConnect: weights are +1 and -1, and what
               comes after must cope with outputs that are √d_in times as large as inputs. There,
               keep latent weights within [-1, 1] by clip_latent after each step
    Errors     ValueError if per is none of these
    Source     Courbariaux et al. 2015 (BinaryConnect, arXiv:1511.00363); the scale: Rastegari et
               al. 2016 (XNOR-Net, arXiv:1603.05279)
    """

    def __init__(self, d_in, d_out, *, rng, bias=True, init=xavier, per="column"):
        scheme = _signs_alone if per is None else partial(binary, per=per)
        super().__init__(d_in, d_out, rng=rng, scheme=scheme, bias=bias, init=init)


class XnorLinear(BinaryLinear):
    """A BinaryLinear whose inputs are signs as well, so that its products are XNOR and a count.

        y = (β sign(norm(x))) (scale sign(w)) + b,    β = mean |norm(x)| of each token

    Backwards, β sign(z) counts as z cut off at ±1. Without a norm that takes the mean away, inputs
    that are never negative (after ReLU, say) would all have the sign +1 and say nothing.

    Arguments  per: as for BinaryLinear; norm: a class of normalisation layers, or None for none
    Errors     ValueError if per is none of these; TypeError if norm can not be called
    Source     Rastegari et al. 2016 (XNOR-Net, arXiv:1603.05279), with batch normalisation; the
               cut: Courbariaux et al. 2016 (arXiv:1602.02830)
    """

    norm: LayerNorm | None  # or what `norm` makes

    def __init__(self, d_in, d_out, *, rng, bias=True, init=xavier, per="column", norm=LayerNorm):
        super().__init__(d_in, d_out, rng=rng, bias=bias, init=init, per=per)
        self.norm = _made("XnorLinear", norm, d_in)

    def __call__(self, x):
        z = x if self.norm is None else self.norm(x)
        beta = np.abs(z.data).mean(axis=-1, keepdims=True)
        return super().__call__(ops.straight_through(z, values=beta * signs(z.data), clip=1.0))


class BitLinear(QuantizedLinear):
    """y = Q8(norm(x)) Q(w) + b: weights in one bit or 1.58, inputs in 8 bits, both with scales.

    x (..., d_in) -> y (..., d_out). Q8 gives each token whole numbers from -127 to 127 and a scale,
    so that products are sums of whole numbers, scaled once at the end.

        weights = "b1"      signs of w - mean w (0 has -1), scale mean |w|, one for the tensor
        weights = "b1.58"   -1, 0 and +1, scale mean |w|, one for the tensor

    The norm keeps the variance of outputs where it was, whatever the inputs are. In a model that
    was trained without it, it changes what the layer computes: each token is scaled to mean square
    1, so that its length is lost. Where the model is trained further, it can get used to that. To
    stay near the trained model, as in rounding after training, leave it out: norm=None.

    Arguments  weights: "b1" or "b1.58"; norm: "published" for LayerNorm with b1 and RMSNorm with
               b1.58, a class of normalisation layers, or None; token_bits: 2 to 8, or None for
               inputs as they are
    Errors     ValueError if weights is neither, or token_bits is none of these; TypeError if norm
               can not be called
    Source     Wang et al. 2023 (BitNet, arXiv:2310.11453), with a scale for each token in training
               too, and without its other range for inputs of non-linear functions; Ma et al. 2024
               (BitNet b1.58, arXiv:2402.17764)
    """

    norm: LayerNorm | RMSNorm | None  # or what `norm` makes

    def __init__(
        self, d_in, d_out, *, rng, bias=False, init=xavier, weights="b1.58", norm="published",
        token_bits=8,
    ):  # fmt: skip
        if weights not in PUBLISHED:
            raise ValueError(f'BitLinear: weights is {weights!r}, but must be "b1" or "b1.58"')
        if token_bits is not None and (not is_whole(token_bits) or not 2 <= token_bits <= 8):
            raise ValueError(
                f"BitLinear: token_bits is {token_bits!r}, but must be a whole number from 2 to 8, "
                "or None"
            )
        scheme, published = PUBLISHED[weights]
        super().__init__(d_in, d_out, rng=rng, scheme=scheme, bias=bias, init=init)
        self.norm = _made("BitLinear", published if norm == "published" else norm, d_in)
        self.token_bits = token_bits

    def __call__(self, x):
        z = x if self.norm is None else self.norm(x)
        if self.token_bits is not None:
            codes, scale = absmax_tokens(z.data, self.token_bits)
            z = ops.straight_through(z, values=codes * scale)
        return super().__call__(z)


PUBLISHED = {
    "b1": (partial(centred_binary, per="tensor"), LayerNorm),
    "b1.58": (partial(ternary, per="tensor"), RMSNorm),
}


def clip_latent(model, limit=1.0):
    """Bring latent weights that lie outside [-limit, limit] back to its ends, after each step.

    Beyond, they would change no output, and take many steps to come back and change their sign. For
    BinaryLinear and XnorLinear in a model; the papers of BitLinear do not clip.

        train.fit(..., after_step=lambda step: nn.clip_latent(model))

    Errors     ValueError if limit is not a number above 0, or the model has no such layer
    Source     Courbariaux et al. 2015 (BinaryConnect, arXiv:1511.00363)
    """
    must_be_above("clip_latent", 0, limit=limit)
    layers = [part for part in model.modules() if isinstance(part, BinaryLinear)]
    if not layers:
        raise ValueError(f"clip_latent: the {type(model).__name__} has no BinaryLinear to clip")
    for layer in layers:
        np.clip(layer.w.data, -limit, limit, out=layer.w.data)


def _signs_alone(w):
    must_be_weight("BinaryLinear", w)
    return Quantized(signs(w), np.ones((1, 1), w.dtype), len(w), levels=2)


def _made(owner, norm, d_in):
    if norm is None:
        return None
    must_be_callable(owner, norm=norm)
    return norm(d_in)
