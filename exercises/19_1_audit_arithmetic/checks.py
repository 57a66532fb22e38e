"""Checks of exercise 19.1. Each list of numbers has right ones and wrong ones."""

import numpy as np

from tinyffn.lab.checks import check, require

N_PAGES = 3


def shuffled(rng, ids):
    return [ids[i] for i in rng.permutation(len(ids))]


def number(rng, year, month, n_digits):
    return f"{year:02}{month:02}.{rng.integers(1, 10**n_digits):0{n_digits}}"


def whole(rng, low, high, n):
    return [int(x) for x in rng.integers(low, high, size=n)]


def ask(task, rng, ids, month):
    """The answer for each number by itself, so that what fails can be named; asked in any order."""
    asked = shuffled(rng, ids)
    found = task.is_valid_arxiv_id(asked, np.full(len(ids), month))
    require(np.shape(found) == (len(ids),), f"there must be an answer for each of {len(ids)} ids")
    answers = dict(zip(asked, found, strict=True))
    return {f'the answer for "{id}" in a text of {month}': answers[id] for id in ids}


@check("numbers of arXiv", points=2)
def numbers(task, rng):
    """Of years with four digits and with five; of months that do not exist; too short, too long."""
    late, early = whole(rng, 15, 24, 6), whole(rng, 8, 15, 6)
    months = whole(rng, 1, 13, 8)
    right = [number(rng, y, m, 5) for y, m in zip(late[:2], months[:2], strict=True)]
    right += [number(rng, y, m, 4) for y, m in zip(early[:2], months[2:4], strict=True)]
    right += [number(rng, 7, 4, 4), number(rng, 14, 12, 4), number(rng, 15, 1, 5)]  # first and last
    wrong = [number(rng, late[2], months[7], 6)]
    wrong += [number(rng, late[2], whole(rng, 13, 100, 1)[0], 5), number(rng, early[2], 0, 4)]
    wrong += [number(rng, late[3], months[4], 4), number(rng, early[3], months[5], 5)]
    wrong += [f"{late[4]}{months[6]:02}.00000", f"07{whole(rng, 1, 4, 1)[0]:02}.0001"]
    return ask(task, rng, right + wrong, 2412)


@check("numbers that were not given yet, and versions", points=2, after=numbers.name)
def later(task, rng):
    """A number of the text's own month is possible, one of the next month is not."""
    year, month = whole(rng, 17, 24, 1)[0], whole(rng, 2, 12, 1)[0]
    now = 100 * year + month
    ids = [number(rng, year, m, 5) for m in (month - 1, month, month + 1)]
    ids += [number(rng, year + 1, month, 5), number(rng, year - 1, 12, 5)]
    versions = [f"{number(rng, year - 1, month, 5)}v{v}" for v in (1, whole(rng, 2, 20, 1)[0], 0)]
    return ask(task, rng, ids + versions, now)


def drawn(rng, low, high):
    return rng.uniform(low, high, size=N_PAGES)


def training(rng):
    """FLOPs and tokens of models whose attention is a good part of the work."""
    sizes = [rng.integers(*ends, size=N_PAGES) for ends in ((8, 40), (500, 2000), (2000, 9000))]
    n_layers, d_model, context = sizes
    pairs = 2 * n_layers * context * d_model
    tokens = drawn(rng, 1e9, 9e9)
    return 6 * tokens * (pairs * drawn(rng, 1.0, 3.0) + pairs), tokens, *sizes


@check("parameters", points=3)
def parameters(task, rng):
    return {"parameters, in billions": task.parameters(*training(rng)) / 1e9}


def run(rng):
    """FLOPs, tokens, hours, machines, watts and peaks: shares of the peak from 0.2 to 1.3."""
    hours, n_machines, watts = (
        drawn(rng, 20, 90),
        rng.integers(8, 200, size=N_PAGES),
        drawn(rng, 200, 900),
    )
    peak = drawn(rng, 100, 900)
    flops = drawn(rng, 0.2, 1.3) * peak * 1e12 * n_machines * 3600 * hours
    return flops, drawn(rng, 1e8, 9e8), hours, n_machines, watts, peak


@check("share of the peak", points=2)
def share(task, rng):
    return {"share of the peak": task.share_and_energy(*run(rng))[0]}


@check("energy of a token", points=2)
def energy(task, rng):
    return {"joules a token": task.share_and_energy(*run(rng))[1]}


def scaling(rng, few):
    """How much faster many machines are than few, for serial shares that matter."""
    many = few * rng.integers(8, 40, size=N_PAGES)
    s = drawn(rng, 0.1, 0.9) / few
    times = [s + (1 - s) / n for n in (few, many)]
    return times[0] / times[1], few, many


@check("the serial share, against one machine", points=2)
def against_one(task, rng):
    return {"serial share": task.serial_share(*scaling(rng, np.ones(N_PAGES, int)))}


@check("the serial share, against several machines", points=3, after=against_one.name)
def against_several(task, rng):
    return {"serial share": task.serial_share(*scaling(rng, rng.integers(3, 30, size=N_PAGES)))}
