"""Single layers, made so that one thing can be seen: loud inputs, heavy tails, outliers.

    python -m tinyffn.studies.rounded_layers

makes all runs in about a minute (half of it trains three small models, for the last part), and
keeps them in `results/rounded_layers.json`. `value` is an error, a share of what was there. See
`kept` for the parts:

    loud       inputs whose sizes are log-normal: what scaling by salience wins, and keeping 1 %
    tilted     the same with signs, where rows of the weight are small, or large, for loud inputs
    rotated    weights of one distribution each, rounded as they are or after a rotation
    outlier    tokens with one channel that is much larger than the others, rounded to 4 bits
    one matrix three jobs of a second moment: see one_matrix.py
"""

from functools import partial

import numpy as np
from tqdm import tqdm

from tinyffn.bits.hadamard import rotated, walsh_hadamard
from tinyffn.bits.rank_one import rank_one
from tinyffn.bits.salience import best_scaling
from tinyffn.bits.schemes import binary, signs
from tinyffn.bits.second_moment import output_error
from tinyffn.bits.uniform import absmax, absmax_tokens, asymmetric
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import one_matrix, results
from tinyffn.studies.command import start

SEEDS = (1, 2, 3, 4, 5)
D_IN, D_OUT, GROUP = 512, 64, 128
SPREADS = (0.0, 1.0, 1.5)  # σ of the logarithm of an input's size
KEPT = round(0.01 * D_IN)  # rows that are kept as they are
TILTS, TILTED_SPREAD = (-1.0, -0.5, 0.0, 0.5, 1.0), 0.5
FACTORS = (1, 10, 100, 1000)
QUANTIZERS = {1: partial(binary, per=GROUP)} | {
    bits: partial(asymmetric, bits=bits, per=GROUP) for bits in (2, 3, 4)
}
PLAIN = "plain"


def loud_layer(spread, seed, *, tilt=0.0):
    """A Gaussian weight, and the sizes of its inputs, exp(spread z) with z Gaussian.

    Row i of the weight is multiplied by size_i^(-tilt): with a tilt above 0 loud inputs meet small
    weights, with 1 all inputs add alike to the output.

    Returns    w (D_IN, D_OUT), size (D_IN,); the inputs are independent, E[x_i²] = size_i²
    """
    rng = np.random.default_rng([seed, 6])
    size = np.exp(spread * rng.normal(size=D_IN))
    return rng.normal(size=(D_IN, D_OUT)) * size[:, np.newaxis] ** -tilt, size


def loud(spread, bits, seed):
    """What each way of rounding loses of the output of a loud_layer, in so many bits.

    Returns    ({way: share lost}, the power of the best scaling)
    """
    w, size = loud_layer(spread, seed)
    h, values = np.diag(size**2), QUANTIZERS[bits](w).values()
    power, found = best_scaling(w, h, size, QUANTIZERS[bits])
    orders = {
        "the loudest": np.argsort(-size),
        "of the largest weights": np.argsort(-np.abs(w).sum(axis=1)),
        "at random": np.random.default_rng([seed, 7]).permutation(D_IN),
    }
    lost = {PLAIN: output_error(w, values, h), "scaled": output_error(w, found.values(), h)}
    for name, order in orders.items():
        kept_rows = values.copy()
        kept_rows[order[:KEPT]] = w[order[:KEPT]]
        lost[f"1 % kept, {name}"] = output_error(w, kept_rows, h)
    return lost, power


def tilted(tilt, seed, *, spread=TILTED_SPREAD):
    """What signs lose of the output of a tilted loud_layer: plain, scaled, with rank one.

    Scaling leaves all signs, and divides the magnitude of row i by s_i. So it wins where the rows
    of loud inputs are small. Where they are large it would take a power below 0.

    Returns    ({way: share lost}, the power of the best scaling)
    """
    w, size = loud_layer(spread, seed, tilt=tilt)
    h = np.diag(size**2)
    power, found = best_scaling(w, h, size, QUANTIZERS[1])
    values = {
        PLAIN: QUANTIZERS[1](w).values(),
        "scaled": found.values(),
        "rank one": rank_one(w).values(),
    }
    return {way: output_error(w, v, h) for way, v in values.items()}, power


DISTRIBUTIONS = {  # functions (rng, shape) -> weights
    "binary": lambda rng, shape: signs(rng.normal(size=shape)).astype(float),
    "uniform": lambda rng, shape: rng.uniform(-1, 1, shape),
    "Gaussian": lambda rng, shape: rng.normal(size=shape),
    "Laplace": lambda rng, shape: rng.laplace(size=shape),
    "Student t, 3 degrees": lambda rng, shape: rng.standard_t(3, shape),
}
ROTATED_QUANTIZERS = {
    "signs": partial(binary, per=GROUP),
    "4 bits": partial(absmax, bits=4, per=GROUP),
}


def rotation(distribution, scheme, seed):
    """The error of a weight of this distribution, rounded as it is and rotated: {way: share}."""
    w = DISTRIBUTIONS[distribution](np.random.default_rng([seed, 8]), (D_IN, D_OUT))
    quantizer = ROTATED_QUANTIZERS[scheme]
    values = {PLAIN: quantizer(w).values(), "rotated": rotated(quantizer(rotated(w)).values())}
    return {way: float(np.sum((w - v) ** 2) / np.sum(w**2)) for way, v in values.items()}


def outlier(factor, seed, *, n_tokens=256, d=256, bits=4):
    """Gaussian tokens (n_tokens, d) whose channel 0 is multiplied; each is rounded to `bits` bits.

    Returns    ({way: share lost of the other channels}, {way: kurtosis of a token}); that is the
               mean of fourth powers over the squared mean of squares, here the mean over tokens:
               near 3 for Gaussian numbers, d if all is in one channel, 1 if all are equal in size
    """
    x = np.random.default_rng([seed, 9]).normal(size=(n_tokens, d))
    x[:, 0] *= factor
    given = {PLAIN: x, "rotated": walsh_hadamard(x)}
    lost, kurtosis = {}, {}
    for way, y in given.items():
        codes, scale = absmax_tokens(y, bits)
        back = codes * scale if way == PLAIN else walsh_hadamard(codes * scale)
        lost[way] = float(np.sum((x - back)[:, 1:] ** 2) / np.sum(x[:, 1:] ** 2))
        kurtosis[way] = float(np.mean(np.mean(y**4, axis=1) / np.mean(y**2, axis=1) ** 2))
    return lost, kurtosis


def kept(part, runs=None):
    """The runs of a part, "loud", "tilted", "rotated", "outlier" or "one matrix", named without it.

    Arguments  runs: in place of those in results/rounded_layers.json
    Errors     ValueError if there is no such part
    """
    runs = results.load("rounded_layers")["runs"] if runs is None else runs
    start = f"{part}: "
    found = [{**r, "arm": r["arm"].removeprefix(start)} for r in runs if r["arm"].startswith(start)]
    if not found:
        raise ValueError(f"rounded_layers: there is no part {part!r}")
    return found


def made(seed):
    """All runs of one seed but those of "one matrix"."""
    for spread in SPREADS:
        for bits in QUANTIZERS:
            lost, power = loud(spread, bits, seed)
            for way, value in lost.items():
                more = {"power": power} if way == "scaled" else {}
                yield _run(f"loud: spread {spread:g}: {bits}: {way}", seed, value, **more)
    for tilt in TILTS:
        lost, power = tilted(tilt, seed)
        for way, value in lost.items():
            more = {"power": power} if way == "scaled" else {}
            yield _run(f"tilted: {tilt:g}: {way}", seed, value, **more)
    for name in DISTRIBUTIONS:
        for scheme in ROTATED_QUANTIZERS:
            for way, value in rotation(name, scheme, seed).items():
                yield _run(f"rotated: {name}: {scheme}: {way}", seed, value)
    for factor in FACTORS:
        lost, kurtosis = outlier(factor, seed)
        for way, value in lost.items():
            yield _run(f"outlier: {factor}: {way}", seed, value, kurtosis=round(kurtosis[way], 2))


def main():
    """All runs; keeps the results."""
    keep_freed_memory()
    runs = [run for seed in tqdm(SEEDS, unit="seed") for run in made(seed)]
    for seed in tqdm(one_matrix.SEEDS, unit="model"):
        for arm, value in one_matrix.of_model(seed).items():
            runs.append(_run(f"one matrix: {arm}", seed, value))
    settings = {
        "seeds": SEEDS,
        "seeds of one matrix": one_matrix.SEEDS,
        "layer": [D_IN, D_OUT],
        "group": GROUP,
        "rows kept": KEPT,
        "spread of tilted": TILTED_SPREAD,
        "value": "share of the squares that is lost: of the output, the weight, the other channels",
    }
    print(results.keep("rounded_layers", runs, settings=settings))


def _run(arm, seed, value, **more):
    return {"arm": arm, "seed": seed, "rate": 0.0, "value": float(f"{value:.4g}"), **more}


if __name__ == "__main__":
    start("rounded_layers", main, __doc__)
