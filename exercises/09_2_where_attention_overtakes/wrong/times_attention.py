"""It is the feed-forward layer's FLOPs that count times, not those of attention."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = 2 * d_model * q + 2 * d_model * kv
    ffn = (3 if gated else 2) * d_model * d_ff
    more = ffn - times * attention
    n_all = more // (2 * q * times) + 1
    n_past = more // (q * times)
    return max(1, n_all), max(1, n_past)
