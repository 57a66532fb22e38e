"""Small models in float64 for the tests of instruments: plain, gated, tied or not, with dropout."""

import numpy as np

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue.memories import memories

KINDS = {
    "ReLU": {"activation": ops.relu},
    "gated, tied": {"gate_op": ops.swiglu, "tied": True, "dropout": 0.5},
}


def tiny_model(kind, *, vocab_size=9, seed=0, gain=1):
    """A transformer of two blocks, d_model 8, d_ff 12, context 4, whose memories speak loudly.

    With a large gain of the last norm it can be sure of an answer without being trained.
    """
    rng = np.random.default_rng(seed)
    model = transformer(vocab_size, 4, 8, 2, 12, 2, rng=rng, **KINDS[kind]).astype(np.float64)
    for memory in memories(model):
        memory.values[...] *= 5
    model.norm.gain.data[...] *= gain
    return model
