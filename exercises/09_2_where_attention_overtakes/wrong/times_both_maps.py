"""times belongs to the feed-forward FLOPs alone: attention's own maps are counted once."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = 2 * d_model * q + 2 * d_model * kv
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * (ffn - attention)
    n_all = more // (2 * q) + 1
    n_past = more // q
    return max(1, n_all), max(1, n_past)
