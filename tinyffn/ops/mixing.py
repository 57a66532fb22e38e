"""Mixing of tokens: each position takes a weighted sum of positions, by learned and fixed weights.

Attention works its weights out from what stands at the positions. Here the weights belong to the
places and are learned as they are: the map from T positions to T positions is a matrix, whatever
the text. It is causal: what would carry the future into the past is never used.
"""

import numpy as np

from tinyffn.arguments import is_whole
from tinyffn.tensor import op, unbroadcast


@op
def mix_tokens(x, m, b=None):
    """Each head mixes S positions into T by its own map; the part above the diagonal is not used.

    The last of the T sees all S positions, the one before all but the last, and so on: with S = T
    nothing from the future, with S > T the first S - T positions are the past. b may be None.

    Forward    y_htc = Σ_s m_hts x_hsc + b_ht, over s <= t + S - T
    Backward   dx_hsc = Σ_t m_hts dy_htc, over t >= s - S + T
               dm_hts = Σ_c dy_htc x_hsc if s <= t + S - T, else 0    db_ht = Σ_c dy_htc
               (over leading axes too, in dm and db)
    Shapes     x (..., n_heads, S, d_head), m (n_heads, T, S), b (n_heads, T) ->
               y (..., n_heads, T, d_head)
    Errors     ValueError if the shapes do not fit, or T > S
    Source     Liu et al. 2021 (gMLP, arXiv:2105.08050), section 2.1, with one head, and not
               causal; Tolstikhin et al. 2021 (MLP-Mixer, arXiv:2105.01601) mix patches of images
               by two such maps, with an activation between
    """
    _must_fit(x, m, b)
    T, S = m.shape[-2:]
    m = np.tril(m, k=S - T)
    y = m @ x
    if b is not None:
        y += b[..., None]

    def backward(dy):
        dx = m.swapaxes(-1, -2) @ dy
        dm = np.tril(_flat_channels(dy) @ _flat_channels(x).swapaxes(-1, -2), k=S - T)
        db = None if b is None else _flat_channels(dy).sum(axis=-1)
        return dx, dm, db

    return y, backward


@op
def toeplitz(taps, *, n_rows=None):
    """The map of mix_tokens that depends on distance alone: tap k looks k positions back.

    A map of T x T numbers knows T places. Of T numbers it knows T distances: whatever is mixed, if
    it stands later, is mixed in the same way later. This is a causal convolution. With `n_rows`,
    only so many of the last rows are made.

    Forward    y_hts = taps_hk with k = t - s if s <= t, else 0
    Backward   dtaps_hk = Σ_t dy_hts with s = t - k, over t >= k: a sum along a diagonal
    Shapes     taps (n_heads, S) -> y (n_heads, T, S)
    Errors     ValueError if taps has not two axes, S is 0, or n_rows is not in 1..S
    Source     Liu et al. 2021 (gMLP, arXiv:2105.08050), whose maps, trained to fill gaps in text,
               nearly come out so
    """
    if taps.ndim != 2 or taps.shape[-1] == 0:
        raise ValueError(f"toeplitz: taps {taps.shape} must be (n_heads, S) with S >= 1")
    n_heads, S = taps.shape
    T = S if n_rows is None else n_rows
    if not is_whole(T) or not 1 <= T <= S:
        raise ValueError(f"toeplitz: n_rows is {n_rows!r}, but must be a whole number, 1 to {S}")
    # Each row of y is S entries of one long row, taps_{S-1} ... taps_0 0 ... 0, the last from 0 on.
    row = np.concatenate([taps[:, ::-1], np.zeros((n_heads, T - 1), taps.dtype)], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(row, S, axis=1)
    y = np.ascontiguousarray(windows[:, ::-1])

    def backward(dy):
        # With T zeros after each row, and then rows cut one short, each row slides one further to
        # the right: what stood on a diagonal stands in a column, and k counts the columns.
        padded = np.zeros((n_heads, T, S + T), dy.dtype)
        padded[:, :, :S] = dy[:, :, ::-1]
        slid = padded.reshape(n_heads, -1)[:, :-T].reshape(n_heads, T, S + T - 1)
        return (slid.sum(axis=1)[:, T - 1 :],)

    return y, backward


@op
def token_shift(x, now, before):
    """A weighted sum of each token and the one before it, each channel with its own two weights.

    With it a layer that cannot look back can tell what it follows. Before the first token is 0.

    Forward    y_tc = now_c x_tc + before_c x_{t-1,c}, with x_{-1,c} = 0
    Backward   dx_tc = now_c dy_tc + before_c dy_{t+1,c}, with dy_{T,c} = 0
               dnow_c = Σ_t x_tc dy_tc    dbefore_c = Σ_t x_{t-1,c} dy_tc
    Shapes     x (..., T, d), now (d), before (d) -> y (..., T, d)
    Errors     ValueError if x has not two axes, or now or before is not (d,)
    Source     Peng et al. 2023 (RWKV, arXiv:2305.13048), who shift tokens so in front of their
               linear maps, with before = 1 - now
    """
    if x.ndim < 2:
        raise ValueError(f"token_shift: x {x.shape} must be (..., T, d)")
    for name, weights in (("now", now), ("before", before)):
        if weights.shape != x.shape[-1:]:
            raise ValueError(
                f"token_shift: {name} {weights.shape} does not fit x {x.shape}: it must be "
                f"({x.shape[-1]},), one number for each channel"
            )
    y = now * x
    y[..., 1:, :] += before * x[..., :-1, :]

    def backward(dy):
        dx = now * dy
        dx[..., :-1, :] += before * dy[..., 1:, :]
        dnow = unbroadcast(x * dy, now.shape)
        dbefore = unbroadcast(x[..., :-1, :] * dy[..., 1:, :], before.shape)
        return dx, dnow, dbefore

    return y, backward


def _flat_channels(x):
    """(..., n_heads, T, d_head) -> (n_heads, T, all else): one matrix product sums over it."""
    x = np.moveaxis(x, (-3, -2), (0, 1))
    return x.reshape(*x.shape[:2], -1)


def _must_fit(x, m, b):
    shapes = f"mix_tokens: x {x.shape}, m {m.shape}"
    if m.ndim != 3 or not 1 <= m.shape[1] <= m.shape[2]:
        raise ValueError(f"{shapes}: m must be (n_heads, T, S) with T >= 1 and at most S")
    if x.ndim < 3 or x.shape[-3:-1] != (m.shape[0], m.shape[2]):
        raise ValueError(f"{shapes}: x must be (..., {m.shape[0]}, {m.shape[2]}, d_head)")
    if b is not None and b.shape != m.shape[:2]:
        raise ValueError(f"{shapes}: b {b.shape} must be {m.shape[:2]}, (n_heads, T)")
