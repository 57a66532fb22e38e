"""A pair costs by n_heads d_head, the width of all heads, which need not be d_model."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = 2 * d_model * q + 2 * d_model * kv
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * ffn - attention
    n_all = more // (2 * d_model) + 1
    n_past = more // d_model
    return max(1, n_all), max(1, n_past)
