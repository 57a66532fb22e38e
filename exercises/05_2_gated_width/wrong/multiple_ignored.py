"""The width is no multiple of multiple_of: round it up to the next one."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = -(-need // gated)
    return width, gated * width - need
