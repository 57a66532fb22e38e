"""Checks of exercise 12.4. The stream's mean is far from 0, and so is the mean of all logits."""


from tinyffn.lab.checks import check

NAMES = ("of_others", "of_values", "of_bias")


def inputs(rng, scale=1.0, dtype="float64"):
    """Three others and a memory of six, of which two have a coefficient below 0; eight tokens."""
    others, values = scale * (1 + rng.normal(size=(3, 5))), scale * (1 + rng.normal(size=(6, 5)))
    m = rng.uniform(0.5, 2, size=6) * rng.permutation([-1, -1, 1, 1, 1, 1])
    gain, bias, table = rng.uniform(0.5, 2, size=5), rng.normal(size=5), 1 + rng.normal(size=(8, 5))
    arrays = (array.astype(dtype) for array in (others, m, values, gain, bias, table))
    return *arrays, int(rng.integers(8))


def parts(task, rng, eps=1e-10, **settings):
    return dict(zip(NAMES, task.logit_parts(*inputs(rng, **settings), eps), strict=True))


@check("the part of the norm's bias", points=2)
def bias(task, rng):
    return {"of_bias": parts(task, rng)["of_bias"]}


@check("parts of the others", points=3, after="the part of the norm's bias")
def others(task, rng):
    return {"of_others": parts(task, rng)["of_others"]}


@check("parts of the memory", points=3, after="parts of the others")
def memory(task, rng):
    return {"of_values": parts(task, rng)["of_values"]}


@check("eps counts", points=1, after="parts of the memory")
def eps(task, rng):
    """A stream so small that eps is much of what the norm divides by."""
    return parts(task, rng, scale=0.01, eps=1e-2)


@check("float32 in, float32 out", points=1, after="parts of the memory", tolerance=1e-4)
def float32(task, rng):
    return parts(task, rng, dtype="float32")
