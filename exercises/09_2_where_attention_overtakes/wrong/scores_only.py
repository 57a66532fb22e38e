"""A pair is counted once: it takes a score, and then its value joins the sum."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = 2 * d_model * q + 2 * d_model * kv
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * ffn - attention
    n_all = more // q + 1
    n_past = 2 * more // q
    return max(1, n_all), max(1, n_past)
