"""A language model: ids in, for each position the logits of the id that comes next."""

import json
from functools import partial

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_positive
from tinyffn.nn import init
from tinyffn.nn.module import Module, Parameter


class LanguageModel(Module):
    """Token and position embeddings, blocks, a final norm, and a map to the vocabulary.

    ids (B, T) -> logits (B, T, vocab_size), T at most `context`

    Arguments  blocks: one or more modules (x, cache) -> y, both (B, T, d_model), with a method
               new_cache, such as nn.TransformerBlock
    Source     Radford et al. 2019 (Language models are unsupervised multitask learners): pre-norm
               blocks, learned positions, a final norm
    """

    token: nn.Embedding  # table (vocab_size, d_model)
    position: Parameter  # (context, d_model)
    head: nn.Linear  # w (d_model, vocab_size)

    def __init__(self, vocab_size, context, d_model, blocks, *, rng):
        must_be_positive("LanguageModel", vocab_size=vocab_size, context=context, d_model=d_model)
        self.token = nn.Embedding(vocab_size, d_model, rng=rng, init=init.unit_normal)
        self.position = Parameter(init.unit_normal(rng, (context, d_model)))
        self.blocks = list(blocks)
        if not self.blocks:
            raise ValueError("LanguageModel: blocks is empty, but must hold one or more")
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, vocab_size, rng=rng, bias=False)

    @property
    def context(self):
        """The largest number of positions that the model can read at once."""
        return self.position.shape[0]

    def __call__(self, ids, caches=None):
        """Logits for ids (B, T); with caches, the ids go on where the caches end.

        Errors     ValueError if ids are not (B, T) with T >= 1, or reach beyond the context, or
                   there is not one cache for each block
        """
        ids = np.asarray(ids)
        if caches is not None and len(caches) != len(self.blocks):
            raise ValueError(
                f"LanguageModel: {len(caches)} caches do not fit {len(self.blocks)} blocks: "
                "make them with new_caches"
            )
        start = caches[0].n_positions if caches else 0
        if ids.ndim != 2 or ids.shape[1] == 0:
            raise ValueError(f"LanguageModel: ids {ids.shape} must be (B, T) with T >= 1")
        if start + ids.shape[1] > self.context:
            raise ValueError(
                f"LanguageModel: {start + ids.shape[1]} positions are more than the context of "
                f"{self.context}: shorten the ids"
            )
        x = self.token(ids) + self.position[start : start + ids.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, caches[i] if caches else None)
        return self.head(self.norm(x))

    def loss(self, ids, targets):
        """Mean cross-entropy, in nats a token, of targets (B, T) after ids (B, T)."""
        return ops.cross_entropy(self(ids), targets=targets)

    def new_caches(self, batch_size):
        """An empty cache for each block, with room for the whole context."""
        return [block.new_cache(batch_size, self.context) for block in self.blocks]


def transformer(
    vocab_size, context, d_model, n_heads, d_ff, n_layers, *, rng, dropout=0.0, activation=ops.gelu
):
    """A LanguageModel of pre-norm transformer blocks with plain feed-forward layers.

    The last map of each sublayer starts smaller, so that the residual stream does not grow with
    depth: see init.scaled_residual. An activation that is a Module is shared by all layers.
    """
    must_be_positive(
        "transformer", vocab_size=vocab_size, context=context, d_model=d_model, n_heads=n_heads,
        d_ff=d_ff, n_layers=n_layers,
    )  # fmt: skip
    last = partial(init.scaled_residual, n_layers=n_layers, std=d_model**-0.5)
    blocks = [
        nn.TransformerBlock(
            d_model,
            nn.MultiHeadAttention(d_model, n_heads, rng=rng, init_output=last),
            nn.FeedForward(d_model, d_ff, rng=rng, activation=activation, init_down=last),
            rng=rng,
            dropout=dropout,
        )
        for _ in range(n_layers)
    ]
    return LanguageModel(vocab_size, context, d_model, blocks, rng=rng)


def save_model(path, model, /, **about):
    """Save a model's parameters, and what else is needed to use it, to one .npz file.

    Arguments  about: anything that JSON can hold, such as sizes and the characters
    Errors     TypeError if JSON cannot; OSError if the place cannot be written
    """
    try:
        text = json.dumps(about)
    except (TypeError, ValueError) as error:
        raise TypeError(f"save_model: about must be what JSON can hold: {error}") from None
    nn.save_arrays(path, {**model.state_dict(), ABOUT: np.array(text)})


def load_model(path, build):
    """Read what `save_model` wrote: `build(about)` makes the model, its parameters are filled in.

    Returns    (model, about)
    Errors     ValueError if the file is damaged, or does not fit what build makes
    """
    arrays = nn.load_arrays(path)
    try:
        about = dict(json.loads(arrays.pop(ABOUT).item()))
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"load_model: {path} holds arrays, but no model that save_model wrote"
        ) from None
    model = build(about)
    model.load_state_dict(arrays)
    return model, about


ABOUT = ".about"  # the entry of the file that holds a JSON text; no parameter's name starts so
