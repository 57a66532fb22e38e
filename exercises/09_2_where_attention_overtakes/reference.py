"""The answer to exercise 9.2, and how to get there.

Let A be the weights of attention's four maps, F those of the feed-forward layer, and w = n_heads
d_head the width of all heads. On n tokens, in FLOPs:

    attention     2 n A + 4 w pairs        feed-forward  2 n F

If all is seen, there are n n pairs. Divided by 2 n, attention costs more than `times` as much if

    A + 2 w n > times F,  so  n > (times F - A) / (2 w)

If only the past is seen, there are n (n + 1) / 2 pairs: a token sees (n + 1) / 2 on average. Then

    A + w (n + 1) > times F,  so  n + 1 > (times F - A) / w

The smallest whole number above a quotient is the quotient rounded down, plus one, also where it is
whole itself. If attention costs more from the start, the quotient is below the first token: 1.
"""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    per_channel = 2 * d_head * (n_heads + n_kv_heads)
    hidden_maps = d_ff * (3 if gated else 2)
    lead = d_model * (times * hidden_maps - per_channel)
    see_all = lead // (2 * n_heads * d_head) + 1
    see_past = lead // (n_heads * d_head)
    return max(see_all, 1), max(see_past, 1)
