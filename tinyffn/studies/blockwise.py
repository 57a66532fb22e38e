"""Attention and token mixing block by block, forward only: what lies in the future is not computed.

The plain ops compute all T x T weights and blank out half. Here the queries go in blocks, and each
block visits only the blocks of positions that it may see. Attention needs one idea more, because a
softmax wants all scores of a row: see blockwise_attention.
"""

import math

import numpy as np

from tinyffn import nn
from tinyffn.arguments import must_be_positive
from tinyffn.graph import is_recording
from tinyffn.tensor import Tensor

SIZE = 256  # positions in a block


def blockwise_attention(q, k, v, *, size=SIZE):
    """Causal attention of plain arrays, equal to ops.attention, that never holds a whole row.

    Scores are made for one block of keys at a time. Three numbers a query are enough to go on: the
    largest score so far, the sum of exp(score - largest), and the sum of the values weighed with
    the same. When a larger score turns up, both sums are scaled down to it.

        q (..., T, d_head), k (..., S, d_head), v (..., S, d_v) -> y (..., T, d_v), T at most S

    Source     Milakov and Gimelshein 2018 (arXiv:1805.02867) for the running softmax; Dao et al.
               2022 (FlashAttention, arXiv:2205.14135), section 3.1, for its use in attention
    """
    must_be_positive("blockwise_attention", size=size)
    T, past = q.shape[-2], k.shape[-2] - q.shape[-2]
    y = np.empty((*q.shape[:-1], v.shape[-1]), q.dtype)
    for start in range(0, T, size):
        end = min(start + size, T)
        rows = q[..., start:end, :] * (1.0 / math.sqrt(q.shape[-1]))
        largest, total, mixed = -math.inf, 0.0, 0.0
        for first in range(0, past + end, size):
            last = min(first + size, past + end)
            s = rows @ k[..., first:last, :].swapaxes(-1, -2)
            if last > past + start + 1:  # some key here is in the future of some query
                s += np.triu(np.full(s.shape[-2:], -np.inf, s.dtype), k=past + start - first + 1)
            new = np.maximum(largest, s.max(axis=-1, keepdims=True))
            s -= new
            p = np.exp(s, out=s)
            shrink = np.exp(largest - new)
            total = total * shrink + p.sum(axis=-1, keepdims=True)
            mixed = mixed * shrink + p @ v[..., first:last, :]
            largest = new
        np.divide(mixed, total, out=y[..., start:end, :])
    return y


def blockwise_mixing(x, m, b, *, size=SIZE):
    """Token mixing of plain arrays, equal to ops.mix_tokens, without what lies in the future.

    x (..., n_heads, T, d_head), m (n_heads, T, T), b (n_heads, T) -> y (..., n_heads, T, d_head)
    """
    must_be_positive("blockwise_mixing", size=size)
    y = np.empty_like(x)
    for start in range(0, x.shape[-2], size):
        end = min(start + size, x.shape[-2])
        rows = np.tril(m[:, start:end, :end], k=start)
        np.matmul(rows, x[..., :end, :], out=y[..., start:end, :])
    y += b[..., None]
    return y


def computed_positions(T, *, size=SIZE):
    """For how many positions the row of a token is computed here, on average over T tokens.

    All would be T, and those that a token may see are (T + 1) / 2 on average. A block of rows is
    computed up to its end, so all of a text that is one block.
    """
    must_be_positive("computed_positions", T=T, size=size)
    blocks = ((start, min(start + size, T)) for start in range(0, T, size))
    return sum((end - start) * end for start, end in blocks) / T


class BlockwiseAttention(nn.MultiHeadAttention):
    """MultiHeadAttention with blockwise_attention; forward only, on whole texts, causal.

    Errors     RuntimeError while gradients are recorded; ValueError if a cache is given, or the
               layer was made with causal=False
    """

    def __call__(self, x, cache=None):
        _must_read_whole_texts("BlockwiseAttention", cache)
        if not self.causal:
            raise ValueError("BlockwiseAttention: causal is False, but it leaves the future out")
        q, k, v = (self._in_groups(part).data for part in self._heads(x, start=0))
        return self.output(self._merge(Tensor(blockwise_attention(q, k, v))))


class BlockwiseMixing(nn.TokenMixing):
    """TokenMixing with blockwise_mixing; forward only, on whole texts.

    Errors     RuntimeError while gradients are recorded; ValueError if a cache is given
    """

    def __call__(self, x, cache=None):
        _must_read_whole_texts("BlockwiseMixing", cache)
        B, T, d = self._checked(x)
        m, b = self.last_rows(T, T)
        heads = x.data.reshape(B, T, self.n_heads, self.d_head).transpose(0, 2, 1, 3)
        y = blockwise_mixing(heads, m.data, b.data)
        return Tensor(y.transpose(0, 2, 1, 3).reshape(B, T, d))


def _must_read_whole_texts(owner, cache):
    if cache is not None:
        raise ValueError(f"{owner}: a cache was given, but it reads whole texts alone")
    if is_recording():
        raise RuntimeError(f"{owner} keeps no gradients: use it inside no_grad()")
