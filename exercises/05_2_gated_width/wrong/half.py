"""The width is half of d_ff, as if the gated layer had four matrices: it has three."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = -(-d_ff // (2 * multiple_of)) * multiple_of
    return width, gated * width - need
