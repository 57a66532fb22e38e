"""The width is 3/2 of d_ff: three matrices for two make the layer narrower, not wider."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = -(-3 * d_ff // (2 * multiple_of)) * multiple_of
    return width, gated * width - need
