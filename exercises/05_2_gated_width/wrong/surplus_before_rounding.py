"""The surplus is that of the width before it was rounded up to a multiple."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * -(-need // gated) - need
