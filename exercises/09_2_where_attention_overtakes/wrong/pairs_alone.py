"""Attention's maps cost FLOPs too: compare them and the pairs with the other layer."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    q = n_heads * d_head
    ffn = (3 if gated else 2) * d_model * d_ff
    more = times * ffn
    n_all = more // (2 * q) + 1
    n_past = more // q
    return max(1, n_all), max(1, n_past)
