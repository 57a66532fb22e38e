"""Each of the new tokens looks at the whole cache, not only one of them."""


def block_price(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, bias, n_cached, n_new):
    q, kv = n_heads * d_head, n_kv_heads * d_head
    attention = d_model * q + 2 * d_model * kv + q * d_model
    n_up = 2 if gated else 1
    ffn = n_up * d_model * d_ff + d_ff * d_model
    weights = attention + ffn
    biases = (q + 2 * kv + d_model + n_up * d_ff + d_model) if bias else 0
    pairs = n_cached + n_new * (n_new + 1) // 2
    flops = 2 * n_new * weights + 4 * q * pairs
    return weights + biases, flops
