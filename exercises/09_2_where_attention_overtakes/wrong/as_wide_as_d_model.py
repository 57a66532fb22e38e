"""Neither maps nor pairs are d_model wide: all heads together are n_heads d_head wide."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    attention = 4 * d_model * d_model
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * ffn - attention
    n_all = more // (2 * d_model) + 1
    n_past = more // d_model
    return max(1, n_all), max(1, n_past)
