"""The logit lens: what a language model would say if it ended after this sublayer.

Each sublayer adds to the residual stream, and the head reads the stream at its end. The lens reads
it earlier, with the same final norm and head, which nobody trained to be used there.

nostalgebraist 2020 (Interpreting GPT: the logit lens); Belrose et al. 2023 (arXiv:2303.08112) train
a translation for each depth instead.
"""

import math

import numpy as np

from tinyffn import ops
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.studies.held_out import held_out_windows
from tinyffn.train import counted_targets


def depths(model):
    """The names of the places that the lens reads: ["embedding", "attention 1", "FFN 1", ...].

    The model is one of transformer blocks, as is that of all functions here.
    """
    names = ["embedding"]
    for i, block in enumerate(model.blocks, start=1):
        names += [f"attention {i}"] if block.attention is not None else []
        names += [f"FFN {i}"] if block.feed_forward is not None else []
    return names


def lens_bits(model, ids, *, batch_size=64):
    """Bits per id on held-out ids (T), at each depth: a list, whose last is `held_out_bits`.

    Errors     ValueError if ids are too few for one window and a target
    """
    windows, targets = held_out_windows(ids, model.context)
    nats = np.zeros(len(depths(model)))
    with evaluating(model), no_grad():
        for i in range(0, len(windows), batch_size):
            right = targets[i : i + batch_size]
            logits = [model.read(x) for x in model.stream(windows[i : i + batch_size])]
            losses = [ops.cross_entropy(z, targets=right).item() for z in logits]
            nats += counted_targets(right) * np.array(losses)
    return list(nats / (len(ids) - 1) / math.log(2))


def lens_chances(model, ids):
    """What the model would say at each depth after each of ids (T), as probabilities.

    Returns    an array (depths, T, vocab_size)
    Errors     ValueError if ids are longer than the model's context
    """
    with evaluating(model), no_grad():
        stream = model.stream(np.asarray(ids)[np.newaxis])
        return np.array([ops.softmax(model.read(x)).data[0] for x in stream])
