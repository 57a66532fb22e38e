"""Where the width fits exactly, one multiple too many is added: keep an exact fit."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = (need // (gated * multiple_of) + 1) * multiple_of
    return width, gated * width - need
