"""What signs do to the feed-forward layers of trained models: to weights, gates and what passes.

    python -m tinyffn.studies.sign_gates

measures the three small models of after_training.py, which it trains again, two minutes on one
core, and keeps all in `results/sign_gates.json`. A seed is a model, and what is drawn for it. The
arms, in two parts, see `kept`:

    weights    the error of signs where 64 weights share a scale: those of one neuron, one each of
               64 neurons, or shuffled ones
    gates      what becomes of the gates of a layer, its bias kept, on four kinds of inputs

`value` is a mean over the layers of a model: of weights their error, of gates the share that flips.
`each` has the numbers of every layer.
"""

import numpy as np
from tqdm import tqdm

from tinyffn.bits.schemes import binary
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import after_training, results
from tinyffn.studies.ablations import material
from tinyffn.studies.calibration import layer_reads, places
from tinyffn.studies.command import start

GROUP = 64  # weights that share a scale
N_TEXT = 12_800  # characters of the test part


def shared_scales(matrix, rng):
    """What signs lose of a matrix (GROUP, n) whose columns are neurons, by who shares a scale.

    Returns    {who: share of the squares}
    """
    shuffled = rng.permutation(matrix.ravel()).reshape(matrix.shape)
    ways = {"of one neuron": matrix, "one each of 64 neurons": matrix.T, "shuffled": shuffled}
    return {who: _error(w, binary(w, per=GROUP).values()) for who, w in ways.items()}


def kinds_of_inputs(x, rng):
    """Inputs of a layer, an array (n, d), and three kinds to compare them with: {name: (n, d)}.

    "random" ones have the same mean square; "random, like the text" the same mean and covariance.
    """
    draws, mean, covariance = rng.normal(size=x.shape), x.mean(axis=0), np.cov(x.T)
    return {
        "random": draws * np.sqrt(np.mean(x**2)),
        "text": x,
        "random, like the text": mean + draws @ np.linalg.cholesky(covariance).T,
        "text without its mean": x - mean,
    }


def fate(x, up):
    """What becomes of a layer's gates on inputs x (n, d_in) when its weights become signs.

    Arguments  up: the Linear before a ReLU; its bias is kept
    Returns    {name: share}: of all gates those that are "on", and that "flip"; of those on, the
               "lost"; of the squares that are passed on what is "wrong", of that the squares
               "missing" because a gate is off, and "extra" because one is on
    """
    w, b = up.w.data, up.b.data
    exact, rounded = np.maximum(x @ w + b, 0), np.maximum(x @ binary(w).values() + b, 0)
    on, now = exact > 0, rounded > 0
    whole = np.sum(exact**2)
    return {
        "on": np.mean(on),
        "flip": np.mean(on != now),
        "lost": np.mean(~now[on]),
        "wrong": _error(exact, rounded),
        "missing": np.sum(exact[~now] ** 2) / whole,
        "extra": np.sum(rounded[~on] ** 2) / whole,
    }


def ups_and_inputs(model, ids):
    """The first Linear of each feed-forward layer, and what it is given while a model reads ids.

    Returns    a list of (Linear, array (B T, d_in))
    """
    ups = [place for place in places(model, "ffn") if place.attribute == "up"]
    reads = layer_reads(model, ids, ups)
    return [(place.layer, reads[place.name]) for place in ups]


def fates(given, rng):
    """The fate of the gates of every layer, on four kinds of inputs.

    Arguments  given: of ups_and_inputs
    Returns    {kind of inputs: {name: array, a share for each layer}}
    """
    of_layers = [
        {kind: fate(inputs, up) for kind, inputs in kinds_of_inputs(x, rng).items()}
        for up, x in given
    ]
    return {
        kind: {name: np.array([layer[kind][name] for layer in of_layers]) for name in shares}
        for kind, shares in of_layers[0].items()
    }


def neuron_columns(model):
    """The matrices of all feed-forward layers, each turned so that neurons are columns: {name: w}.

    A neuron has a column of up, and a row of down.
    """
    return {
        place.name: place.layer.w.data.T if place.attribute == "down" else place.layer.w.data
        for place in places(model, "ffn")
    }


def made(model, ids, seed):
    """The runs of one model."""
    rng = np.random.default_rng([seed, 15])
    lost = [shared_scales(w, rng) for w in neuron_columns(model).values()]
    for who in lost[0]:
        yield _run(f"weights: {who}", seed, {"error": np.array([each[who] for each in lost])})
    for kind, shares in fates(ups_and_inputs(model, ids), rng).items():
        yield _run(f"gates: {kind}", seed, {"flip": shares.pop("flip"), **shares})


def kept(part, runs=None):
    """What was kept of a part, "weights" or "gates": {arm: {name: array, of all models' layers}}.

    Arguments  runs: in place of those in results/sign_gates.json
    Errors     ValueError if there is no such part
    """
    runs = results.load("sign_gates")["runs"] if runs is None else runs
    found = {}
    for run in runs:
        if run["arm"].startswith(f"{part}: "):
            shares = found.setdefault(run["arm"].removeprefix(f"{part}: "), {})
            for name, each in run["each"].items():
                shares[name] = np.append(shares.get(name, []), each)
    if not found:
        raise ValueError(f"sign_gates: there is no part {part!r}")
    return found


def main():
    """All runs; keeps the results."""
    keep_freed_memory()
    test, context = material()[1][2], after_training.SIZES["context"]
    ids = test[:N_TEXT].reshape(-1, context)
    runs = []
    for seed in tqdm(after_training.SEEDS, unit="model"):
        runs += made(after_training.small_model(seed), ids, seed)
    settings = {
        "small": {**after_training.SIZES, "activation": "relu", "steps": after_training.STEPS},
        "group": GROUP,
        "characters": N_TEXT,
        "value": "a mean over layers: of weights, the share of the squares that signs lose; of "
        "gates, the share that flips",
    }
    print(results.keep("sign_gates", runs, settings=settings))


def _run(arm, seed, shares):
    """A run; its value is the mean of the first of its shares."""
    each = {name: [float(f"{share:.4g}") for share in of] for name, of in shares.items()}
    value = float(f"{np.mean(next(iter(shares.values()))):.4g}")
    return {"arm": arm, "seed": seed, "rate": after_training.RATE, "value": value, "each": each}


def _error(exact, rounded):
    return np.sum((exact - rounded) ** 2) / np.sum(exact**2)


if __name__ == "__main__":
    start("sign_gates", main, __doc__)
