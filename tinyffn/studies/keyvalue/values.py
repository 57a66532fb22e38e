"""What a memory says: its value, read as a wish for the next token.

What is added to the residual stream is read at its end, through the final norm and the unembedding.
A value is read in the same way, as if it stood there alone. (Geva et al. 2021, arXiv:2012.14913,
section 4, who leave the norm out)
"""

import numpy as np

from tinyffn.arguments import as_ids, must_be_positive
from tinyffn.nn import LayerNorm, RMSNorm


def added_logits(model, x):
    """What parts x (..., d_model) of a stream add to the logits, but for the norm's division.

        z = (gain (x - mean(x))) w     without the mean for RMSNorm; w is the unembedding

    This is linear in x: a sum of parts adds the sum of what they add. Divide by `norm_scale` of the
    whole stream, and add the norm's bias, if it has one, times w: these are the model's logits.

    Returns    (..., vocab_size)
    Errors     ValueError if x has no last axis of d_model; TypeError if model's final norm is
               neither LayerNorm nor RMSNorm
    """
    norm, x = _norm_of(model), np.asarray(x)
    if x.shape[-1:] != norm.gain.shape:
        raise ValueError(f"added_logits: x {x.shape} must have {norm.gain.size} as its last axis")
    return (norm.gain.data * _centred(norm, x)) @ model.head.w.data


def norm_scale(model, x):
    """What model's final norm divides a stream x (..., d_model) by: (..., 1).

    LayerNorm: √(variance + eps); RMSNorm: √(mean square + eps).

    Errors     TypeError if model's final norm is neither
    """
    norm, x = _norm_of(model), np.asarray(x)
    return np.sqrt(np.mean(_centred(norm, x) ** 2, axis=-1, keepdims=True) + norm.eps)


def value_logits(model, values):
    """Values (n, d_model) as logits (n, vocab_size): each divided by its own size, as by the norm.

    The order of tokens is that in which the value raises their logits wherever its coefficient is
    above 0, whatever else is in the stream; below 0 it lowers them, and -v is what counts. The
    norm's bias is left out: it is in the logits anyway, and no value brings it.

    Errors     as for added_logits
    """
    return added_logits(model, values) / norm_scale(model, values)


def value_tokens(model, values, k=1):
    """The k tokens that each value (n, d_model) raises most: ids (n, k), the first one first.

    Errors     as for added_logits; ValueError if k is no whole number above 0
    """
    must_be_positive("value_tokens", k=k)
    return np.argsort(-value_logits(model, values), axis=-1, kind="stable")[..., :k]


def token_ranks(logits, tokens):
    """Which place a token has among all when sorted by logits: 1 is the highest.

    Of equal logits the lower id goes first.

    Arguments  logits (n, vocab_size); tokens (n): ids
    Returns    (n), from 1 to vocab_size
    Errors     ValueError if there is not one token for each row, or one is out of range; TypeError
               if tokens are not integers
    """
    logits = np.asarray(logits)
    tokens = as_ids("token_ranks", tokens, name="tokens", n=logits.shape[-1])
    if tokens.shape != logits.shape[:-1]:
        raise ValueError(
            f"token_ranks: tokens {tokens.shape} must be one for each row of logits {logits.shape}"
        )
    own = np.take_along_axis(logits, tokens[..., None], axis=-1)
    is_lower_id = np.arange(logits.shape[-1]) < tokens[..., None]
    before = (logits > own) | ((logits == own) & is_lower_id)
    return 1 + before.sum(axis=-1)


def _norm_of(model):
    norm = model.norm
    if not isinstance(norm, LayerNorm | RMSNorm):
        raise TypeError(
            f"values: the model's final norm is a {type(norm).__name__}, but must be LayerNorm or "
            "RMSNorm"
        )
    return norm


def _centred(norm, x):
    return x - x.mean(axis=-1, keepdims=True) if isinstance(norm, LayerNorm) else x
