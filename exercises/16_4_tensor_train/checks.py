"""Checks of exercise 16.4."""

import numpy as np

from tinyffn.lab.checks import check, require

OUTS, INS = (4, 3), (2, 5)  # tables of 8 times 15: no two sizes of an array are alike by chance


def weight_of(first, second):
    """The weight of a train, by its definition."""
    first, second = np.asarray(first), np.asarray(second)
    (o1, i1, rank), (also, o2, i2) = first.shape, second.shape
    require(rank == also, f"the cores end with rank {rank} and begin with rank {also}")
    return np.einsum("oik,kpj->opij", first, second).reshape(o1 * o2, i1 * i2)


def built(task, w, outs, ins, rank):
    """The weight of the train that a file gives, and that its shapes are those asked for."""
    cores = task.tensor_train(w, outs, ins, rank)
    require(len(cores) == 2, f"tensor_train must return two cores, but returned {len(cores)}")
    shapes = [(outs[0], ins[0], rank), (rank, outs[1], ins[1])]
    for name, core, shape in zip(("first", "second"), cores, shapes, strict=True):
        got = np.asarray(core).shape
        require(got == shape, f"the {name} core has the shape {got}, but must have {shape}")
    return weight_of(*cores)


def cores_of(rng, outs, ins, rank):
    return rng.normal(size=(outs[0], ins[0], rank)), rng.normal(size=(rank, outs[1], ins[1]))


@check("a weight that is a train of rank 2 already", points=3)
def exact(task, rng):
    w = weight_of(*cores_of(rng, OUTS, INS, 2))
    return {"weight of the cores": built(task, w, OUTS, INS, 2)}


@check("the closest train to any weight", points=3, after=exact.name)
def closest(task, rng):
    w = rng.normal(size=(12, 10))
    return {
        "weight of the cores, rank 3": built(task, w, OUTS, INS, 3),
        "weight of the cores, as a product": built(task, w, (12, 1), (1, 10), 3),
    }


@check("inputs times a train", points=3)
def inputs(task, rng):
    cores = cores_of(rng, OUTS, INS, 3)
    return {"y": task.product(rng.normal(size=(6, 10)), *cores)}


@check("more axes, and a train whose matrix would take 96 GB", points=2, after=inputs.name)
def large(task, rng):
    first, second = cores_of(rng, (500, 200), (300, 400), 1)
    y = task.product(rng.normal(size=(1, 1, 300 * 400)), first, second)
    return {"every 997th output": np.asarray(y)[..., ::997]}


@check("ranks that fit", points=2)
def fit(task, rng):
    cases = [((16, 16), (8, 8)), ((32, 4), (5, 7)), ((6, 50), (10, 20)), ((3, 64), (64, 2))]
    return {
        f"ranks({outs}, {ins}, {n_bytes})": np.array(task.ranks(outs, ins, n_bytes), float)
        for outs, ins in cases
        for n_bytes in (2, 1214, 3998, 6666, 200_000)
    }


@check("float32 in, float32 out", points=1, after=(closest.name, inputs.name), tolerance=1e-3)
def float32(task, rng):
    w, x = rng.normal(size=(12, 10)).astype("float32"), rng.normal(size=10).astype("float32")
    first, second = task.tensor_train(w, OUTS, INS, 3)
    cores = [core.astype("float32") for core in cores_of(rng, OUTS, INS, 2)]
    return {
        "weight of the cores": weight_of(first, second),
        "y": task.product(x, *cores),
    }
