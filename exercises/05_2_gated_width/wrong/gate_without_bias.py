"""The gated layer's hidden numbers need two biases each: one of gate, one of up."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + bias
    need = plain * d_ff
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - need
