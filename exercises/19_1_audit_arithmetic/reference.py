"""The answer to exercise 19.1, and how to get there.

Arxiv. Cut off what follows a v, cut the rest at its point, and ask of each piece what it must be.
Years of two digits are in order from 07 to 99, so months compare as the numbers that they are.

Parameters. Forward, a token takes 2 P FLOPs for the parameters and, in each layer, 2 context
d_model for scores and as many for the mixture: F = 2 P + 4 n_layers context d_model. With the way
back it is 3 F, and for all tokens

    flops = 6 tokens P + 12 tokens n_layers context d_model
    P     = flops / (6 tokens) - 2 n_layers context d_model

Share and energy. Machine-seconds are n_machines 3600 hours. At the peak they make peak_tflops 10¹²
FLOPs each, and they take watts joules each.

Serial share. Let the time on one machine be 1, so that on n it is t(n) = s + (1 - s) / n. The page
says r = t(few) / t(many):

    s + (1 - s) / few = r s + r (1 - s) / many
    s (1 - 1 / few - r + r / many) = r / many - 1 / few

With r = many / few both sides vanish: s = 0. With r = 1 both brackets agree: s = 1.
"""

import numpy as np


def is_valid_arxiv_id(ids, printed):
    pairs = zip(ids, printed, strict=True)
    return np.array([_could_exist(text, int(month)) for text, month in pairs])


def _could_exist(text, latest):
    stem, has_version, version = text.partition("v")
    if has_version and (not version.isdigit() or version.startswith("0")):
        return False
    month, _, number = stem.partition(".")
    if not month.isdigit() or not number.isdigit() or len(month) != 4:
        return False
    is_month = 704 <= int(month) <= latest and 1 <= int(month[2:]) <= 12
    return is_month and len(number) == (4 if int(month) < 1501 else 5) and int(number) > 0


def parameters(flops, tokens, n_layers, d_model, context):
    return flops / (6 * tokens) - 2 * n_layers * context * d_model


def share_and_energy(flops, tokens, hours, n_machines, watts, peak_tflops):
    machine_seconds = n_machines * 3600 * hours
    return flops / (machine_seconds * peak_tflops * 1e12), machine_seconds * watts / tokens


def serial_share(times_as_fast, few, many):
    on_few, on_many = 1 / few, times_as_fast / many
    return (on_many - on_few) / (1 - on_few - times_as_fast + on_many)
