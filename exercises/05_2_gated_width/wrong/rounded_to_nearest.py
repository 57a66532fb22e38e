"""The width is rounded to the nearest multiple: never round below what is needed."""


def gated_width(d_model, d_ff, multiple_of, bias):
    plain = 2 * d_model + bias
    gated = 3 * d_model + 2 * bias
    need = plain * d_ff
    width = max(1, round(need / (gated * multiple_of))) * multiple_of
    return width, gated * width - need
