"""One matrix in the bytes that its signs take: as signs, of low rank, and as a tensor train.

    python -m tinyffn.studies.same_bytes

makes all runs in about two minutes (most of it trains the models), and keeps them in
`results/same_bytes.json`. Three small models (those of after_training), all matrices of their
blocks, each alone; beside each, a Gaussian matrix of its shape. `value` is the error of the matrix,
|w - values|² / |w|², `output` that of x w on the real inputs x of its place; both are means over
the matrices of a model.

Nothing here looks at inputs: each way takes what is closest to the matrix.
"""

import functools
from itertools import product

import numpy as np
from tqdm import tqdm

from tinyffn.bits.second_moment import output_error
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import after_training, results
from tinyffn.studies.after_training_arms import GROUP, SCHEMES
from tinyffn.studies.calibration import places
from tinyffn.studies.command import start

SIGNS, LOW_RANK, TRAIN, BEST = "signs", "low rank", "train", "train, best digits"


def of_rank(w, rank):
    """The matrix of a rank that is closest to w, kept as two factors of 16-bit floats.

    Source    Eckart and Young 1936
    """
    left, sizes, right = np.linalg.svd(w, full_matrices=False)
    shares = np.sqrt(sizes[:rank])  # half of each size to either side, so that neither is tiny
    factors = left[:, :rank] * shares, shares[:, np.newaxis] * right[:rank]
    first, second = (factor.astype(np.float16).astype(np.float64) for factor in factors)
    return first @ second


def as_train(w, ins, outs, n_bytes):
    """The tensor train of two cores that is closest to w among those that fit into n_bytes.

        w[(i1, i2), (o1, o2)] = Σ_k first[i1, o1, k] second[k, i2, o2]

    It is a matrix of low rank, if the numbers of w are laid out with a row for each (i1, o1). With
    ins = (d_in, 1) and outs = (1, d_out) it is one of w itself.

    Shapes    w (d_in, d_out), d_in = ins[0] * ins[1], d_out = outs[0] * outs[1]
              -> the values of the train (d_in, d_out); its numbers take 16 bits each
    Source    Novikov et al. 2015 for trains, Van Loan and Pitsianis 1993 for the order
    """
    rows, columns = ins[0] * outs[0], ins[1] * outs[1]
    rank = min(n_bytes // (2 * (rows + columns)), rows, columns)
    blocks = np.swapaxes(w.reshape(*ins, *outs), 1, 2)
    near = of_rank(blocks.reshape(rows, columns), rank)
    return np.swapaxes(near.reshape(blocks.shape), 1, 2).reshape(w.shape)


def digits(n):
    """All ways to write n as a product of two numbers: 4 gives (1, 4), (2, 2), (4, 1)."""
    return [(d, n // d) for d in range(1, n + 1) if n % d == 0]


def middle(n):
    """The way whose numbers are nearest to each other, the smaller one first."""
    return next(pair for pair in reversed(digits(n)) if pair[0] <= pair[1])


def ways(w):
    """The values of a matrix in the bytes of its signs: {way: (d_in, d_out)}.

    Signs have a scale of 16 bits for 64 weights. "train" has the digits that are nearest to each
    other, "train, best digits" those, of all, that come closest to w.
    """
    d_in, d_out = w.shape
    signs = SCHEMES["sign"](w)
    n_bytes = round(signs.bits_per_weight() * w.size / 8)
    trains = (as_train(w, *pair, n_bytes) for pair in product(digits(d_in), digits(d_out)))
    return {
        SIGNS: signs.values(),
        LOW_RANK: as_train(w, (d_in, 1), (1, d_out), n_bytes),
        TRAIN: as_train(w, middle(d_in), middle(d_out), n_bytes),
        BEST: min(trains, key=lambda values: np.sum((w - values) ** 2)),
    }


@functools.cache
def matrices(seed):
    """[(w, second moment of its inputs)] of all dense layers in the blocks of a small model."""
    inputs = after_training.inputs_of("small", seed)
    model = after_training.small_model(seed)
    return [
        (np.float64(place.layer.w.data), inputs[place.name].second_moment)
        for place in places(model)
    ]


def runs_of(seed, layers):
    """The runs of one model: a dict for each way, for its own matrices and for Gaussian ones.

    Arguments  layers: what matrices(seed) gives
    """
    rng = np.random.default_rng([seed, 8])
    gaussian = [(rng.normal(size=w.shape), h) for w, h in layers]
    runs = []
    for kind, pairs in (("trained", layers), ("Gaussian", gaussian)):
        kept = [ways(w) for w, _ in pairs]
        for way in kept[0]:
            found = [(w, values[way], h) for (w, h), values in zip(pairs, kept, strict=True)]
            matrix = [np.sum((w - v) ** 2) / np.sum(w**2) for w, v, _ in found]
            output = [output_error(*each) for each in found]
            runs.append(
                {
                    "arm": f"{kind}: {way}",
                    "seed": seed,
                    "rate": 0.0,
                    "value": round(float(np.mean(matrix)), 4),
                    "output": round(float(np.mean(output)), 4),
                }
            )
    return runs


def main():
    """All runs; keeps the results."""
    keep_freed_memory()
    seeds = after_training.SEEDS
    runs = [run for seed in tqdm(seeds, unit="model") for run in runs_of(seed, matrices(seed))]
    settings = {
        "small": {**after_training.SIZES, "activation": "relu", "steps": after_training.STEPS},
        "seeds": seeds,
        "group": GROUP,
        "shapes": sorted({w.shape for w, _ in matrices(seeds[0])}),
        "matrices of a model": len(matrices(seeds[0])),
        "sample": after_training.N_SAMPLE,
    }
    print(results.keep("same_bytes", runs, settings=settings))


if __name__ == "__main__":
    start("same_bytes", main, __doc__)
