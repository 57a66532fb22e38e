"""A paper in place 0 of its month is let through: places are counted from 1."""

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
    return is_month and len(number) == (4 if int(month) < 1501 else 5)


def parameters(flops, tokens, n_layers, d_model, context):
    return flops / (6 * tokens) - 2 * n_layers * context * d_model


def share_and_energy(flops, tokens, hours, n_machines, watts, peak_tflops):
    machine_seconds = n_machines * 3600 * hours
    return flops / (machine_seconds * peak_tflops * 1e12), machine_seconds * watts / tokens


def serial_share(times_as_fast, few, many):
    on_few, on_many = 1 / few, times_as_fast / many
    return (on_many - on_few) / (1 - on_few - times_as_fast + on_many)
