"""The answer to exercise 9.1, and how to get there.

Maps. Queries: d_model to n_heads d_head. Keys, and values: d_model to n_kv_heads d_head. Output:
n_heads d_head to d_model. Up (and gate): d_model to d_ff. Down: d_ff to d_model. A map from n to m
numbers holds n m weights, and m biases if it has them.

FLOPs. Each new token goes once through each map, and each weight is used once for it: a product and
an addition. For each pair of a new token and one that it sees, each of the n_heads heads makes a
score, d_head products, and adds a value to its sum, d_head products more: sharing keys saves
memory and not a single product here. New token number i, counted from 1, sees n_cached + i tokens,
so there are n_cached n_new + n_new (n_new + 1) / 2 pairs.
"""


def block_price(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, bias, n_cached, n_new):
    heads, shared = n_heads * d_head, n_kv_heads * d_head
    inward = [heads, shared, shared, d_ff, d_ff] if gated else [heads, shared, shared, d_ff]
    maps = [(d_model, width) for width in inward] + [(heads, d_model), (d_ff, d_model)]
    n_weights = sum(d_in * d_out for d_in, d_out in maps)
    n_biases = sum(d_out for _, d_out in maps) if bias else 0
    n_pairs = sum(n_cached + i for i in range(1, n_new + 1))
    return n_weights + n_biases, 2 * n_new * n_weights + 4 * heads * n_pairs
