"""The dense layer, and the table that turns ids into vectors."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_callable, must_be_generator, must_be_positive
from tinyffn.nn.init import truncated_normal, xavier
from tinyffn.nn.module import Module, Parameter


class Linear(Module):
    """y = x w + b on the last axis: x (..., d_in) -> y (..., d_out).

    Arguments  init: a function (rng, shape) -> array, see nn/init.py; b starts at zero
    """

    w: Parameter  # (d_in, d_out)
    b: Parameter | None  # (d_out), None without a bias

    def __init__(self, d_in, d_out, *, rng, bias=True, init=xavier):
        must_be_positive("Linear", d_in=d_in, d_out=d_out)
        self.w = _drawn("Linear", init, rng, (d_in, d_out))
        self.b = Parameter(np.zeros(d_out, np.float32)) if bias else None

    @property
    def shape(self):
        """(d_in, d_out)."""
        return self.w.shape

    @property
    def dtype(self):
        """That of its outputs: float32 or float64."""
        return self.w.dtype

    def __call__(self, x):
        return ops.linear(x, self.w, self.b)


class Embedding(Module):
    """A vector for each id: ids (...) -> y (..., d_model)."""

    table: Parameter  # (vocab_size, d_model)

    def __init__(self, vocab_size, d_model, *, rng, init=truncated_normal):
        must_be_positive("Embedding", vocab_size=vocab_size, d_model=d_model)
        self.table = _drawn("Embedding", init, rng, (vocab_size, d_model))

    def __call__(self, ids):
        return ops.embedding(self.table, ids=ids)


class Unembedding(Module):
    """The way back by the same table: x (..., d_model) -> logits y = x tableᵀ (..., vocab_size).

    An id gets a high logit where x points the way of its vector. The table stays one Parameter, the
    embedding's: it is counted and stepped once, and gets its gradient from both places.

    Errors     TypeError if embedding is no Embedding
    Source     Press and Wolf 2016 (arXiv:1608.05859)
    """

    embedding: Embedding

    def __init__(self, embedding):
        if not isinstance(embedding, Embedding):
            given = type(embedding).__name__
            raise TypeError(f"Unembedding: embedding is a {given}, but must be an Embedding")
        self.embedding = embedding

    @property
    def w(self):
        """The table transposed (d_model, vocab_size), as the weight of a Linear would be."""
        return ops.transpose(self.embedding.table, axes=(1, 0))

    def __call__(self, x):
        return ops.linear(x, self.w)


def _drawn(owner, init, rng, shape):
    """A float32 Parameter of initial weights.

    Errors     TypeError if init is no function or rng no generator; ValueError if the weights
               have another shape
    """
    must_be_callable(owner, init=init)
    must_be_generator(owner, rng)
    weights = np.asarray(init(rng, shape), np.float32)
    if weights.shape != shape:
        raise ValueError(f"{owner}: init gave {weights.shape}, but must give {shape}")
    return Parameter(weights)
