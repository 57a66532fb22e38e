"""A language model with a fixed window: the last few ids in, the logits of the next one out."""

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn.init import he, unit_normal
from tinyffn.nn.module import Module


class WindowMLP(Module):
    """The vectors of the ids in a window, side by side, through an MLP with one hidden layer.

    ids (..., window) -> logits (..., vocab_size)

    Arguments  window: how many ids it reads; activation: an op of one argument, or a Module, as in
               MLP
    Source     Bengio et al. 2003 (A neural probabilistic language model), section 2, there with
               tanh and optional direct connections from the vectors to the logits
    """

    token: nn.Embedding  # table (vocab_size, d_embed)
    up: nn.Linear  # w (window d_embed, d_ff), b (d_ff)
    head: nn.Linear  # w (d_ff, vocab_size), b (vocab_size)

    def __init__(self, vocab_size, window, d_embed, d_ff, *, rng, activation=ops.relu):
        must_be_positive(
            "WindowMLP", vocab_size=vocab_size, window=window, d_embed=d_embed, d_ff=d_ff
        )
        must_be_callable("WindowMLP", activation=activation)
        self.token = nn.Embedding(vocab_size, d_embed, rng=rng, init=unit_normal)
        self.up = nn.Linear(window * d_embed, d_ff, rng=rng, init=he)
        self.head = nn.Linear(d_ff, vocab_size, rng=rng)
        self.window = window
        self.activation = activation

    def __call__(self, ids):
        """Logits of the id that follows each window.

        Errors     ValueError if ids are not (..., window); as ops.embedding for the ids themselves
        """
        ids = np.asarray(ids)
        if ids.ndim < 1 or ids.shape[-1] != self.window:
            raise ValueError(
                f"WindowMLP: ids {ids.shape} must be (..., {self.window}): windows of "
                f"{self.window} ids"
            )
        x = self.vectors(ids)  # (..., window, d_embed)
        x = ops.reshape(x, shape=(*ids.shape[:-1], self.up.w.shape[0]))
        return self.head(self.activation(self.up(x)))

    def vectors(self, ids):
        """The vector of each place: (..., window) -> (..., window, d_embed)."""
        return self.token(ids)

    def loss(self, ids, targets):
        """Mean cross-entropy, in nats a target, of targets (...) after ids (..., window)."""
        return ops.cross_entropy(self(ids), targets=targets)
