"""Who wanted this token: a logit as the exact sum of what each part of a model has added to it."""

import numpy as np

from tinyffn.arguments import as_ids, is_whole
from tinyffn.graph import no_grad
from tinyffn.nn import FeedForward, GatedFeedForward, LayerNorm, TransformerBlock, evaluating
from tinyffn.studies.keyvalue.values import added_logits, norm_scale


def logit_parts(model, ids, position, token):
    """The logit of `token` at one position of ids (T), cut into parts that add up to it exactly.

    In pre-norm blocks the stream is a sum: the embedding, and what each sublayer added. All that is
    not linear between it and the logits is the number that the final norm divides by. Take that as
    it is, of the whole stream, and each part has a logit of its own:

        {"embedding": z, "attention 1": z, "FFN 1": an array (d_ff), "FFN 1 bias": z, ...,
         "final norm bias": z}

    "FFN 1" has m_i (v_i · u) for each memory i, see Geva et al. 2022. So all parts add up:

        sum(np.sum(part) for part in logit_parts(...).values())

    "FFN 1" is one number z where a sublayer is no plain memory, such as a mixture of experts; in
    other blocks than nn.TransformerBlock parts are named "block 1, sublayer 1". A bias that a model
    has not is not in the dict.

    Frozen is not the same as gone: were a part really taken away, the norm would divide by another
    number, and what comes after it would answer otherwise. To see that, intervene.

    Arguments  position: from 0 to T - 1, or from the end if below 0; token: an id
    Returns    a dict of float64 numbers and arrays
    Errors     ValueError if ids are not (T), position or token is out of range, a block is
               post-norm, or as for a call of the model; TypeError if ids are not integers, or as
               added_logits
    Source     Geva et al. 2022 (arXiv:2203.14680): the sub-updates of a feed-forward layer; Elhage
               et al. 2021 (A mathematical framework for transformer circuits): the stream as a sum
    """
    ids = as_ids("logit_parts", ids, is_row=True)
    _must_be_in("position", position, -len(ids), len(ids) - 1)
    _must_be_in("token", token, 0, model.head.w.shape[1] - 1)
    with evaluating(model), no_grad():
        end, parts = _parts_of_stream(model, ids, position)
        scale = norm_scale(model, end).item()
        logits = {name: added_logits(model, x)[..., token] / scale for name, x in parts.items()}
        if isinstance(model.norm, LayerNorm):
            bias = model.norm.bias.data.astype(np.float64)
            logits["final norm bias"] = bias @ model.head.w.data[:, token]
    return logits


def _parts_of_stream(model, ids, position):
    """The end of the stream at one position, and what adds up to it.

    Returns    (d_model), and {name: (d_model), or (d_ff, d_model) for the values of a memory}
    """

    def here(x):
        return x.data[0, position].astype(np.float64)

    x = model.stream(ids[None])[0]
    parts = {"embedding": here(x)}
    for number, block in enumerate(model.blocks, start=1):
        after = block.stream(x)
        for (name, memory), y in zip(_sublayers(block, number, len(after)), after, strict=True):
            if memory is None:
                parts[name] = here(y) - here(x)
            else:
                m = here(memory.coefficients(block.norm_feed_forward(x)))
                parts[name] = m[:, None] * memory.down.w.data
                if memory.down.b is not None:
                    parts[f"{name} bias"] = memory.down.b.data.astype(np.float64)
            x = y
    return here(x), parts


def _sublayers(block, number, n):
    """The (name, memory or None) of each of the n sublayers of a block."""
    if not isinstance(block, TransformerBlock):
        return [(f"block {number}, sublayer {k}", None) for k in range(1, n + 1)]
    if not block.norm_first:
        raise ValueError(
            f"logit_parts: block {number} is post-norm: its norm rescales the stream, which is no "
            "sum then"
        )
    layer = block.feed_forward
    is_memory = isinstance(layer, FeedForward | GatedFeedForward)
    named = [] if block.attention is None else [(f"attention {number}", None)]
    return named + ([] if layer is None else [(f"FFN {number}", layer if is_memory else None)])


def _must_be_in(name, number, low, high):
    if not is_whole(number) or not low <= number <= high:
        raise ValueError(
            f"logit_parts: {name} is {number!r}, but must be a whole number from {low} to {high}"
        )
