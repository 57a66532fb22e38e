"""The lengths are floats, as / and np.ceil make them: whole numbers are asked for, as // does."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = 2 * d_model * q + 2 * d_model * kv
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * ffn - attention
    n_all = float(more // (2 * q) + 1)
    n_past = float(more // q)
    return max(1.0, n_all), max(1.0, n_past)
