"""Rewriting what a memory in signs says, by signs alone: no number is added to what is stored."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_at_least, must_be_positive, must_be_share
from tinyffn.bits.quantized import Quantized
from tinyffn.nn import evaluating
from tinyffn.studies.keyvalue.fine_tune import forget_gradients
from tinyffn.studies.keyvalue.neurons import chances


def flip_edit(quantized, key, value, c, weight):
    """The memory W = scale · signs, with those signs turned that bring kᵀ W' nearest to a value.

    One sign after the other is turned in each column: the one that lowers

        |kᵀ W' - value|² + λ tr((W' - W)ᵀ C (W' - W)),   λ = weight

    most, until none lowers it any more. This is what batch_edit makes least for one fact, but here
    an entry has two values only, w and -w. With λ = 0 these are the signs of the largest
    coefficients, as few as will do; larger λ spare the answers to other keys.

    Columns have nothing to do with each other, so all are searched at once. A turn of sign i of
    column j changes w_ij by d = -2 w_ij, and the sum above by

        -2 r_j k_i d + k_i² d² + λ (2 d [C D]_ij + C_ii d²),   r = value - kᵀ W',  D = W' - W

    Arguments  quantized: signs with scales (d_ff, d_model), as `binary` makes them; key (d_ff);
               value (d_model); c (d_ff, d_ff): see `covariance`; weight: λ, 0 or above
    Returns    a Quantized with the same scales
    Errors     ValueError if quantized is not of signs alone, shapes do not fit, or weight is not a
               number, 0 or above
    """
    key, value, c = _checked(quantized, key, value, c, weight)
    w = quantized.values().astype(np.float64)
    residual, pulled = value - key @ w, np.zeros_like(w)  # r and C D
    columns, own = np.arange(w.shape[1]), (key**2 + weight * np.diag(c))[:, np.newaxis]
    turned = np.ones(w.shape, np.int8)
    while True:
        d = -2 * w
        gain = d * (own * d + 2 * (weight * pulled - key[:, np.newaxis] * residual))
        rows = gain.argmin(axis=0)
        lowers = gain[rows, columns] < -1e-12 * np.abs(own[rows, 0] * d[rows, columns] ** 2)
        if not lowers.any():
            return quantized._replace(codes=quantized.codes * turned)
        at = rows[lowers], columns[lowers]
        change = d[at]
        residual[at[1]] -= key[at[0]] * change
        pulled[:, at[1]] += c[:, at[0]] * change
        w[at], turned[at] = -w[at], -turned[at]


def flip_by_gradient(model, w, prompts, targets, *, at_once=4, flips=1000, until=0.95):
    """Turn signs of one weight of a model until prompts are answered anew; the model is changed.

    Turned are the signs whose turn, to first order, lowers the mean of -log P(target) most,

        gain_ij = -2 w_ij ∂loss/∂w_ij  (the most negative ones),

    a few at a time, and then the gradient is taken anew. Nothing spares the other answers.

    Arguments  w: the Parameter, values of signs with their scales; prompts (n_prompts, T); targets:
               the id that is to be answered, or one for each; at_once: how many signs; flips: at
               most this many turns; until: the chance that each target must have
    Returns    how many turns were made; a sign that is turned twice counts twice
    Errors     ValueError if at_once or flips is no whole number above 0, until is not in [0, 1), or
               prompts and targets do not fit
    """
    must_be_positive("flip_by_gradient", at_once=at_once, flips=flips)
    must_be_share("flip_by_gradient", until=until)
    targets = np.broadcast_to(targets, np.shape(targets) or len(prompts))
    made = 0
    with evaluating(model):
        while made < flips and chances(model, prompts, targets).min() <= until:
            forget_gradients(model)
            ops.cross_entropy(model(prompts)[:, -1], targets=targets).backward()
            gain = -2 * w.data * w.grad
            n = min(at_once, flips - made, gain.size)
            best = np.argpartition(gain, n - 1, axis=None)[:n]
            w.data.reshape(-1)[best] *= -1
            made += n
        forget_gradients(model)
    return made


def _checked(quantized, key, value, c, weight):
    if not isinstance(quantized, Quantized) or (quantized.levels, quantized.offset) != (2, None):
        raise ValueError(
            "flip_edit: quantized must be signs with scales, as bits.binary makes them"
        )
    must_be_at_least("flip_edit", 0, weight=weight)
    d_ff, d_model = quantized.codes.shape
    key, value, c = (np.asarray(each, np.float64) for each in (key, value, c))
    shapes = {"key": (key, (d_ff,)), "value": (value, (d_model,)), "c": (c, (d_ff, d_ff))}
    for name, (array, shape) in shapes.items():
        if array.shape != shape:
            raise ValueError(
                f"flip_edit: {name} {array.shape} must be {shape} to fit the signs "
                f"{quantized.codes.shape}"
            )
    return key, value, c
