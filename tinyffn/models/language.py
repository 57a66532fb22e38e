"""A language model: ids in, for each position the logits of the id that comes next."""

import json
import math
from functools import partial

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn import init
from tinyffn.nn.module import Module, Parameter


class LanguageModel(Module):
    """Token and position embeddings, blocks, a final norm, and a map to the vocabulary.

    ids (B, T) -> logits (B, T, vocab_size), T at most `context`

    Arguments  blocks: one or more modules (x, cache) -> y, both (B, T, d_model), with a method
               new_cache, such as nn.TransformerBlock; if one has takes_mask = True, a mask may
               come after the cache; positions: whether to add a learned vector for each place,
               which blocks that know the places by themselves do not need; tied: whether the map to
               the vocabulary is the table of the embedding, transposed. Then the table begins
               smaller, and its rows are multiplied by √d_model where ids are embedded, so that
               logits and embedded ids begin about as large as in a model that is not tied
    Source     Radford et al. 2019 (Language models are unsupervised multitask learners): pre-norm
               blocks, learned positions, a final norm; Vaswani et al. 2017 (arXiv:1706.03762),
               section 3.4: tied, with that factor
    """

    token: nn.Embedding  # table (vocab_size, d_model)
    position: Parameter | None  # (context, d_model)
    head: nn.Linear | nn.Unembedding  # w (d_model, vocab_size)

    def __init__(
        self, vocab_size, context, d_model, blocks, *, rng, positions=True, norm=nn.LayerNorm,
        tied=False,
    ):  # fmt: skip
        must_be_positive("LanguageModel", vocab_size=vocab_size, context=context, d_model=d_model)
        must_be_callable("LanguageModel", norm=norm)
        self.context = context  # the largest number of positions that it can read at once
        first = partial(init.truncated_normal, std=d_model**-0.5) if tied else init.unit_normal
        self.token = nn.Embedding(vocab_size, d_model, rng=rng, init=first)
        self.tied = tied
        self.position = Parameter(init.unit_normal(rng, (context, d_model))) if positions else None
        self.blocks = list(blocks)
        if not self.blocks:
            raise ValueError("LanguageModel: blocks is empty, but must hold one or more")
        self.norm = norm(d_model)
        if tied:
            self.head = nn.Unembedding(self.token)
        else:
            self.head = nn.Linear(d_model, vocab_size, rng=rng, bias=False)

    def __call__(self, ids, caches=None, mask=None):
        """Logits for ids (B, T); with caches, the ids go on where the caches end.

        Arguments  mask: who may see whom, in all blocks: see nn.MultiHeadAttention. It is how
                   several texts are read in one row, or a prefix in both directions
        Errors     ValueError if ids are not (B, T) with T >= 1, or reach beyond the context, or
                   there is not one cache for each block, or a mask does not fit or a block knows
                   none
        """
        if caches is not None and len(caches.blocks) != len(self.blocks):
            raise ValueError(
                f"LanguageModel: {len(caches.blocks)} caches do not fit {len(self.blocks)} blocks: "
                "make them with new_caches"
            )
        looking = self._looking(mask)
        x = self._embed(ids, start=caches.n_positions if caches else 0)
        for i, block in enumerate(self.blocks):
            x = block(x, caches.blocks[i] if caches else None, *looking)
        if caches:
            caches.n_positions += x.shape[1]
        return self.read(x)

    def stream(self, ids, mask=None):
        """The residual stream of ids (B, T): the embedded ids, then x after each sublayer.

        Returns    a list of Tensors (B, T, d_model). In pre-norm blocks each is the one before
                   plus what one sublayer added
        Errors     as for a call
        """
        looking = self._looking(mask)
        stream = [self._embed(ids, start=0)]
        for block in self.blocks:
            stream += block.stream(stream[-1], None, *looking)
        return stream

    def read(self, x):
        """The logits (B, T, vocab_size) of a residual stream x (B, T, d_model) that ends here."""
        return self.head(self.norm(x))

    def loss(self, ids, targets, mask=None):
        """Mean cross-entropy, in nats a token, of targets (B, T) after ids (B, T)."""
        return ops.cross_entropy(self(ids, mask=mask), targets=targets)

    def new_caches(self, batch_size):
        """Empty caches for batch_size texts, with room for the whole context."""
        return Caches([block.new_cache(batch_size, self.context) for block in self.blocks])

    def _looking(self, mask):
        """What blocks are given after the cache: the mask, if there is one and they take it."""
        if mask is None:
            return ()
        for i, block in enumerate(self.blocks):
            if not getattr(block, "takes_mask", False):
                raise ValueError(
                    f"LanguageModel: a mask was given, but block {i}, a {type(block).__name__}, "
                    "has no attention that could keep to it: leave the mask out"
                )
        return (mask,)

    def _embed(self, ids, start):
        ids = np.asarray(ids)
        if ids.ndim != 2 or ids.shape[1] == 0:
            raise ValueError(f"LanguageModel: ids {ids.shape} must be (B, T) with T >= 1")
        if start + ids.shape[1] > self.context:
            raise ValueError(
                f"LanguageModel: {start + ids.shape[1]} positions are more than the context of "
                f"{self.context}: shorten the ids"
            )
        x = self.token(ids)
        if self.tied:
            x = x * math.sqrt(x.shape[-1])
        return x if self.position is None else x + self.position[start : start + ids.shape[1]]


class Caches:
    """What a model remembers of the ids it has read, while generating: see new_caches.

    Attributes blocks: the cache of each block, or None for one that never looks back;
               n_positions: how many ids have been read
    """

    def __init__(self, blocks):
        self.blocks = blocks
        self.n_positions = 0


def transformer(
    vocab_size,
    context,
    d_model,
    n_heads,
    d_ff,
    n_layers,
    *,
    rng,
    dropout=0.0,
    activation=ops.gelu,
    gate_op=None,
    n_kv_heads=None,
    rotary=False,
    attention=True,
    feed_forward=True,
    norm=nn.LayerNorm,
    norm_first=True,
    tied=False,
):
    """A LanguageModel of transformer blocks: pre-norm, with plain feed-forward layers.

    The last map of each sublayer starts smaller, so that the residual stream does not grow with
    depth: see init.scaled_residual. An activation that is a Module is shared by all layers.

    Arguments  gate_op: an op of (gate, up) that makes the feed-forward layers gated, of width
               d_ff all the same; n_kv_heads: heads of keys and values, which query heads share;
               rotary: positions by turning queries and keys instead of learned vectors; attention,
               feed_forward: False leaves these sublayers out, to see what they are good for;
               norm: the class of all normalisation layers; norm_first: False for post-norm, whose
               last block is followed by a norm all the same; tied: see LanguageModel
    Errors     ValueError if a size does not fit, or a setting is of a sublayer that is left out
    """
    must_be_positive(
        "transformer", vocab_size=vocab_size, context=context, d_model=d_model, n_heads=n_heads,
        d_ff=d_ff, n_layers=n_layers,
    )  # fmt: skip
    settings = {"rotary": rotary or None, "n_kv_heads": n_kv_heads, "gate_op": gate_op}
    for name, value in settings.items():
        left_out = not feed_forward if name == "gate_op" else not attention
        if left_out and value is not None:
            raise ValueError(f"transformer: {name} is set, but its sublayers are left out")
    last = partial(init.scaled_residual, n_layers=n_layers, std=d_model**-0.5)

    def new_attention():
        return nn.MultiHeadAttention(
            d_model, n_heads, rng=rng, n_kv_heads=n_kv_heads, rotary=rotary, init_output=last
        )

    def new_feed_forward():
        if gate_op is not None:
            return nn.GatedFeedForward(d_model, d_ff, rng=rng, gate_op=gate_op, init_down=last)
        return nn.FeedForward(d_model, d_ff, rng=rng, activation=activation, init_down=last)

    blocks = [
        nn.TransformerBlock(
            d_model,
            new_attention() if attention else None,
            new_feed_forward() if feed_forward else None,
            rng=rng,
            norm=norm,
            dropout=dropout,
            norm_first=norm_first,
        )
        for _ in range(n_layers)
    ]
    return LanguageModel(
        vocab_size, context, d_model, blocks, rng=rng, positions=not rotary, norm=norm, tied=tied
    )


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
