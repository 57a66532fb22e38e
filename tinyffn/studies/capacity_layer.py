"""One layer that is filled with random facts, and what it has stored of them.

A fact is a key of D numbers and one of a few labels, both drawn: nothing but storing can answer it.
`capacity` fills layers with more and more of them, until they run over.
"""

import math

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import random_facts
from tinyffn.graph import no_grad
from tinyffn.optim import Adam
from tinyffn.studies.stored import stored_bits
from tinyffn.train import fit

D, N_LABELS, D_FF = 16, 16, 64
BATCHES_A_PASS = 4
DRAWN = 2400  # facts drawn at least, so that those who take fewer share their labels and values


def make_layer(kind, rng, *, d_ff=D_FF):
    """A layer before training, with biases: "ReLU", "gated" (SwiGLU, of 2/3 the width) or "linear".

    Errors     ValueError if there is no such kind, or d_ff is no whole number above 0
    """
    if kind == "gated":
        return nn.GatedFeedForward(D, nn.gated_d_ff(d_ff), rng=rng, bias=True)
    activations = {"ReLU": ops.relu, "linear": ops.identity}
    if kind not in activations:
        kinds = ", ".join([*activations, "gated"])
        raise ValueError(f"capacity: there is no kind {kind!r}, only {kinds}")
    return nn.FeedForward(D, d_ff, rng=rng, activation=activations[kind])


def store(kind, n, *, seed, d_ff=D_FF, batches_a_pass=BATCHES_A_PASS, exposures, **settings):
    """Train a layer on n facts as `train` does, with its settings, and count what it has stored.

    Returns    a dict: value, the stored bits for each trained parameter (nan if it diverged); bits;
               right, the share of facts whose label has the largest score; n_parameters; steps
    Errors     as train, but for the FloatingPointError
    """
    found = {"value": math.nan, "bits": math.nan, "right": math.nan}
    settings |= {"d_ff": d_ff, "batches_a_pass": batches_a_pass, "exposures": exposures}
    try:
        layer, keys, labels, values = train(kind, n, seed=seed, **settings)
    except FloatingPointError:
        n_parameters = make_layer(kind, np.random.default_rng(seed), d_ff=d_ff).n_parameters()
    else:
        n_parameters = layer.n_parameters()
        scores = logits(layer, keys, values)
        bits = stored_bits(scores, labels)
        right = float(np.mean(scores.argmax(axis=1) == labels))
        found = {"value": bits / n_parameters, "bits": bits, "right": right}
    return found | {"n_parameters": n_parameters, "steps": batches_a_pass * exposures}


def train(
    kind,
    n,
    *,
    exposures,
    rate,
    seed,
    d_ff=D_FF,
    n_labels=N_LABELS,
    batches_a_pass=BATCHES_A_PASS,
    progress=False,
):
    """A layer trained on n facts, each of which it sees `exposures` times, and these facts.

    Adam, with a rate that falls to 0 in a straight line, `batches_a_pass` steps for each pass over
    the facts. Only the layer is trained: scores are y · value, with values that were drawn and
    stay.

    Returns    layer, keys (n, D), labels (n), values (n_labels, D)
    Errors     ValueError if there is no such kind, n is below batches_a_pass, a number that counts
               is no whole number above 0, or rate not above 0; FloatingPointError if training
               diverges
    """
    must_be_positive("capacity", n=n, exposures=exposures, d_ff=d_ff, n_labels=n_labels)
    must_be_positive("capacity", batches_a_pass=batches_a_pass)
    must_be_above("capacity", batches_a_pass - 1, n=n)
    must_be_above("capacity", 0, rate=rate)
    for_facts, for_layer, for_order = np.random.default_rng(seed).spawn(3)
    keys, labels, values = facts(n, for_facts, n_labels=n_labels)
    layer = make_layer(kind, for_layer, d_ff=d_ff)
    steps = batches_a_pass * exposures
    fit(
        layer,
        lambda x, targets: ops.cross_entropy(ops.linear(layer(x), values.T), targets=targets),
        passes(keys, labels, for_order, batches_a_pass),
        Adam(layer.parameters(), rate),
        steps=steps,
        schedule=lambda step: rate * (1 - step / steps),
        progress=progress,
    )
    return layer, keys, labels, values


def logits(layer, keys, values):
    """The scores y · value of each label, with y = layer(key): an array (n, number of labels)."""
    with no_grad():
        return ops.linear(layer(keys), values.T).data


def facts(n, rng, *, n_labels=N_LABELS):
    """The first n facts of a generator: keys (n, D), labels (n), values (n_labels, D).

    Up to n = DRAWN they are the same facts, whatever n is.
    """
    keys, labels, values = random_facts(max(n, DRAWN), d=D, n_labels=n_labels, rng=rng)
    return keys[:n], labels[:n], values


def passes(keys, labels, rng, batches_a_pass):
    """All facts in parts as equal as can be, in an order that is drawn anew; and again."""
    while True:
        for part in np.array_split(rng.permutation(len(labels)), batches_a_pass):
            yield keys[part], labels[part]
