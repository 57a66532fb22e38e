"""Attention's maps are not square: heads have n_heads d_head numbers, keys n_kv_heads d_head."""


def block_price(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, bias, n_cached, n_new):
    attention = 4 * d_model * d_model
    n_up = 2 if gated else 1
    ffn = n_up * d_model * d_ff + d_ff * d_model
    weights = attention + ffn
    biases = 5 * d_model + n_up * d_ff if bias else 0
    pairs = n_cached * n_new + n_new * (n_new + 1) // 2
    flops = 2 * n_new * weights + 4 * n_heads * d_head * pairs
    return weights + biases, flops
