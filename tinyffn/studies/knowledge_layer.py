"""A layer full of random facts, in as few bits as it is stored in: what is left of the facts?

As in capacity_layer.py a fact is a key and one of 16 labels, both drawn. Here the layer has no
biases, so that all it knows is in two matrices, and both are stored in few bits.
"""

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.bits.compensate import compensated
from tinyffn.data import random_facts
from tinyffn.optim import Adam
from tinyffn.studies.capacity_layer import BATCHES_A_PASS, passes
from tinyffn.studies.stored import stored_bits
from tinyffn.train import fit

D, D_FF, N_LABELS = 64, 64, 16
EXPOSURES = 1000
DRAWN = 4000  # facts drawn at least, so that those who take fewer share their labels and values


def facts(n, rng):
    """The first n facts of a generator: keys (n, D), labels (n), values (N_LABELS, D)."""
    keys, labels, values = random_facts(max(n, DRAWN), d=D, n_labels=N_LABELS, rng=rng)
    return keys[:n], labels[:n], values


def train(n, *, seed, rate, scheme=None, d_ff=D_FF, exposures=EXPOSURES):
    """A layer trained on n facts, and the facts.

    Adam, with a rate that falls to 0 in a straight line, four steps for each pass over the facts.
    Scores are y · value, y = relu(key up) down, with values that were drawn and stay.

    Arguments  scheme: w -> bits.Quantized, with which both matrices are rounded in every step; see
               nn.QuantizedLinear. None trains in float32
    Returns    layer, keys (n, D), labels (n), values (N_LABELS, D)
    Errors     ValueError if n is below 4, exposures or d_ff no whole number above 0, or rate not
               above 0; FloatingPointError if training diverges
    """
    must_be_positive("train", n=n, exposures=exposures, d_ff=d_ff)
    must_be_above("train", BATCHES_A_PASS - 1, n=n)
    must_be_above("train", 0, rate=rate)
    for_facts, for_layer, for_order = np.random.default_rng(seed).spawn(3)
    keys, labels, values = facts(n, for_facts)
    layer = nn.FeedForward(D, d_ff, rng=for_layer, activation=ops.relu, bias=False)
    if scheme is not None:
        nn.replace_linears(
            layer, lambda linear: nn.QuantizedLinear.from_linear(linear, scheme=scheme)
        )
    steps = BATCHES_A_PASS * exposures
    fit(
        layer,
        lambda x, targets: ops.cross_entropy(ops.linear(layer(x), values.T), targets=targets),
        passes(keys, labels, for_order, BATCHES_A_PASS),
        Adam(layer.parameters(), rate),
        steps=steps,
        schedule=lambda step: rate * (1 - step / steps),
        progress=False,
    )
    return layer, keys, labels, values


def rounded(layer, scheme, keys=None):
    """Both matrices of a layer in few bits, after training: a list of two bits.Quantized.

    Arguments  keys: None to round each matrix by itself. With the keys of the facts (n, D), errors
               are compensated (bits.compensated), with the inputs that each matrix has for these
               keys; those of the second come from the rounded first
    """
    up, down = layer.up.w.data, layer.down.w.data
    if keys is None:
        return [scheme(up), scheme(down)]
    first = compensated(up, second_moment(keys), scheme)
    hidden = np.maximum(keys @ as_stored(first), 0)
    return [first, compensated(down, second_moment(hidden), scheme)]


def second_moment(x):
    """E[x xᵀ] over the rows of x: (n, d) -> (d, d)."""
    return x.T @ x / len(x)


def as_stored(quantized):
    """The weight (d_in, d_out) that is read back if scales are stored in float16: float32."""
    scale = quantized.scale.astype(np.float16).astype(np.float32)
    return quantized._replace(scale=scale).values()


def knowledge(up, down, keys, labels, values):
    """Bits that a layer has stored of its facts, see stored_bits: its matrices are bare arrays."""
    return stored_bits(np.maximum(keys @ up, 0) @ down @ values.T, labels)


def memory(quantized):
    """Bits that a list of bits.Quantized takes, 16 for each scale: log2(levels) for each code."""
    return sum(q.codes.size * q.bits_per_weight() for q in quantized)
