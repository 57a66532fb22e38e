"""The width is d_ff: with three matrices for two, that is half as many numbers again."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = -(-d_ff // multiple_of) * multiple_of
    return width, gated * width - need
