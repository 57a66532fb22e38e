"""A landscape as a function of two numbers: what frequencies buy, and when they are too many.

Half of the places are for training, the other half, between them, are held out.
`python -m tinyffn.studies.picture_fit` trains all arms and keeps their errors (about 2 minutes).
"""

import numpy as np
from tqdm import tqdm

from tinyffn.data import landscape
from tinyffn.studies.command import start
from tinyffn.studies.fourier import (
    fourier_features,
    predict,
    random_frequencies,
    train_regression,
)
from tinyffn.studies.results import keep

SIZE = 64  # places a side
N_FEATURES = 32  # random frequencies
SCALES = (0.0, 1.0, 2.0, 4.0, 8.0)  # their standard deviation, waves a side; 0: none, x and y alone
WIDTHS = {True: (64, 64), False: (88, 88)}  # with features, and without: parameters 3 % apart
RATES = (2e-3, 5e-3, 1e-2, 2e-2, 4e-2)
SEEDS = (1, 2, 3)
STEPS = 600


def name(scale):
    """What an arm is called."""
    return f"scale {scale:g}" if scale else "place alone"


def train_arm(scale, *, seed, rate, steps=STEPS):
    """One run: a dict for `results.keep`, and the picture that was learnt, (SIZE, SIZE) in metres.

    `value` is the root mean square error on held-out places, `train` that on training places, both
    in metres.
    """
    rng = np.random.default_rng(seed)
    heights = landscape(SIZE).astype(float)
    inputs = places()
    if scale:
        inputs = fourier_features(inputs, random_frequencies(2, N_FEATURES, scale=scale, rng=rng))
    else:
        inputs = 2 * inputs - 1  # from -1 to 1, as a network likes it
    is_train = np.indices((SIZE, SIZE)).sum(axis=0).ravel() % 2 == 0  # the black squares of a board
    mean, std = heights.mean(), heights.std()
    y = (heights.ravel() - mean) / std
    model, _ = train_regression(
        inputs[is_train], y[is_train], WIDTHS[scale > 0], rate=rate, steps=steps, rng=rng
    )
    learnt = predict(model, inputs)
    off = (learnt - y) * std
    run = {
        "arm": name(scale),
        "seed": seed,
        "rate": rate,
        "value": float(np.sqrt(np.mean(off[~is_train] ** 2))),
        "train": float(np.sqrt(np.mean(off[is_train] ** 2))),
        "n_parameters": model.n_parameters(),
    }
    return run, (mean + std * learnt).reshape(SIZE, SIZE)


def places():
    """Every place of the square from 0 to 1, (SIZE², 2), row by row."""
    row, column = np.indices((SIZE, SIZE)) / SIZE
    return np.stack([column.ravel(), row.ravel()], axis=1)


def main():
    """Make all runs and keep them."""
    plan = [(scale, seed, rate) for scale in SCALES for rate in RATES for seed in SEEDS]
    done = [
        train_arm(scale, seed=seed, rate=rate)[0] for scale, seed, rate in tqdm(plan, unit="run")
    ]
    settings = {"size": SIZE, "n_features": N_FEATURES, "steps": STEPS}
    print(keep("picture_fit", done, settings=settings))


if __name__ == "__main__":
    start("picture_fit", main, __doc__)
