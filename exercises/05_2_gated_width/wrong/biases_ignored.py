"""The biases are not counted: with bias True, the gated layer has two for each hidden number."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model
    gated = 3 * d_model
    need = plain * d_ff
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - need
