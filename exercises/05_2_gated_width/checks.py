"""Checks of exercise 5.2. Each asks for several sizes, so that no guess can hit them all."""

from tinyffn.lab.checks import check


def ask(task, sizes):
    """Width and surplus for each (d_model, d_ff, multiple_of, bias)."""
    values = {}
    for d_model, d_ff, multiple_of, bias in sizes:
        given = f"d_model {d_model}, d_ff {d_ff}, multiple_of {multiple_of}, bias {bias}"
        width, surplus = task.gated_width(d_model, d_ff, multiple_of, bias)
        values[f"the width for {given}"] = width
        values[f"the surplus for {given}"] = surplus
    return values


def some(rng, low, high, n):
    return [int(number) for number in rng.integers(low, high, n)]


@check("no biases, any width", points=2)
def plain(task, rng):
    """d_ff is no multiple of 3: the two counts never agree exactly.

    The first layer is very wide: there the biases, which do not count here, would show.
    """
    d_models, thirds = [3, *some(rng, 20, 90, 2)], [150, *some(rng, 30, 200, 2)]
    sizes = zip(d_models, thirds, (1, 2, 1), strict=True)
    return ask(task, [(d, 3 * third + rest, 1, False) for d, third, rest in sizes])


@check("no biases, multiples", points=2, after="no biases, any width")
def multiples(task, rng):
    """The exact width lies once just above a multiple, and once just below one."""
    sizes = []
    for below in (1, 15):
        (d_model,), (m,) = some(rng, 20, 90, 1), some(rng, 3, 9, 1)
        sizes.append((d_model, 3 * (16 * m + below) // 2, 16, False))
    return ask(task, sizes)


@check("no biases, an exact fit", points=1, after="no biases, multiples")
def exact(task, rng):
    (d_model,), (m,) = some(rng, 20, 90, 1), some(rng, 3, 9, 1)
    return ask(task, [(d_model, 24 * m, 16, False), (d_model + 1, 3 * m, 1, False)])


@check("with biases", points=3, after="no biases, any width")
def biases(task, rng):
    """Small d_model and large d_ff: there the biases move the width by whole units."""
    d_models, d_ffs = some(rng, 2, 6, 3), some(rng, 150, 400, 3)
    sizes = [(d, d_ff, 1, True) for d, d_ff in zip(d_models, d_ffs, strict=True)]
    return ask(task, [*sizes, (d_models[0], d_ffs[1], 16, True)])


@check("layers of real models", points=1, after="no biases, any width")
def real(task, rng):
    """The four models of the LLaMA paper, whose published widths these are."""
    return ask(task, [(d, 4 * d, 256, False) for d in (4096, 5120, 6656, 8192)])
