"""A bias is counted d_model times: it is one number for each hidden number."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + d_model * bias
    gated = 3 * d_model + 2 * d_model * bias
    need = plain * d_ff
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - need
