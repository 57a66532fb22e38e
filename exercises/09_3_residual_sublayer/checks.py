"""Checks of exercise 9.3. Rows differ in size, so that a norm in the wrong place shows."""

from tinyffn.lab.checks import Given, check

D = 5


def inputs(rng, leading=(4,), dtype="float64"):
    """x, gain and dy; each row of x has a size of its own, far above eps, and a mean."""
    x = 100 * rng.normal(size=(*leading, D)) * rng.uniform(0.5, 3, size=(*leading, 1)) + 50
    gain = rng.uniform(0.5, 2, size=D) * rng.choice([-1, 1], size=D)
    return [array.astype(dtype) for array in (x, gain, rng.normal(size=(*leading, D)))]


def gradients(task, rng, name, leading=(4,), dtype="float64", eps=1e-5):
    """y and all gradients for the sublayer of given.py with that name, by their names."""
    x, gain, dy = inputs(rng, leading, dtype)
    y, backward = task.residual_sublayer(x, gain, Given(name), eps)
    dx, dgain, *rest = backward(dy)
    return {"y": y, "dx": dx, "dgain": dgain, "rest": rest}


@check("y", points=3)
def forward(task, rng):
    x, gain, _ = inputs(rng)
    y, _ = task.residual_sublayer(x, gain, Given("squared"))
    return {"y": y}


@check("dgain", points=2, after="y")
def gain(task, rng):
    return {"dgain": gradients(task, rng, "squared")["dgain"]}


@check("dx, both ways", points=4, after="y")
def dx(task, rng):
    return {"dx": gradients(task, rng, "squared")["dx"]}


BACKWARD = ("dgain", "dx, both ways")


@check("a sublayer that mixes positions", points=1, after=BACKWARD)
def mixes(task, rng):
    """Positions of one text are mixed, those of two texts are not."""
    found = gradients(task, rng, "shifted", (2, 3))
    return {name: found[name] for name in ("y", "dx", "dgain")}


@check("what the sublayer learns", points=2, after=BACKWARD)
def learns(task, rng):
    one = gradients(task, rng, "stretched")
    two = gradients(task, rng, "mixed")
    values = {"dx (of stretched)": one["dx"], "dx (of mixed)": two["dx"]}
    values["the number of gradients after dgain (of mixed)"] = len(two["rest"])
    values |= {"dscale (of stretched)": one["rest"][0]}
    return values | {"dw_up (of mixed)": two["rest"][0], "dw_down (of mixed)": two["rest"][1]}


@check("any leading axes", points=2, after=BACKWARD)
def leading(task, rng):
    values = {}
    for axes in [(2, 3), ()]:
        found = gradients(task, rng, "squared", axes)
        for name in ("y", "dx", "dgain"):
            values[f"{name} (x of shape {(*axes, D)})"] = found[name]
    return values


@check("eps counts", points=1, after=(*BACKWARD, "what the sublayer learns"))
def eps(task, rng):
    """eps about as large as the mean of the squares; and a row of zeros with the usual eps."""
    found = gradients(task, rng, "mixed", eps=20000.0)
    values = {f"{name} (eps = 20000)": found[name] for name in ("y", "dx", "dgain")}
    x, gain, dy = inputs(rng)
    x[1] = 0.0
    y, backward = task.residual_sublayer(x, gain, Given("stretched"))
    values["y (a row of zeros)"], values["dx / 1000 (a row of zeros)"] = y, backward(dy)[0] / 1000
    return values


@check("float32 in, float32 out", points=1, after=BACKWARD, tolerance=1e-4)
def float32(task, rng):
    found = gradients(task, rng, "squared", dtype="float32")
    return {name: found[name] for name in ("y", "dx", "dgain")}
