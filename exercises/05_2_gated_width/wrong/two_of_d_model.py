"""b_down is subtracted on one side only: both layers have it, so it cancels."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff - 2 * d_model * bias
    width = -(-need // (gated * multiple_of)) * multiple_of
    return width, gated * width - need
