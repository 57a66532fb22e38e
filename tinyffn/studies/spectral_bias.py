"""Which waves does a network learn first? One number as input, four waves to learn.

`python -m tinyffn.studies.spectral_bias` trains all arms and keeps their curves (about 3 minutes).
"""

import numpy as np
from tqdm import tqdm

from tinyffn.studies.command import start
from tinyffn.studies.fourier import (
    amplitudes,
    fourier_features,
    random_frequencies,
    train_regression,
)
from tinyffn.studies.results import keep

FREQUENCIES = (1, 4, 8, 16)  # waves on [0, 1], all of amplitude 1
N = 256  # places in [0, 1)
N_FEATURES, SCALE = 16, 10.0  # random frequencies, and their standard deviation
WIDTHS = {"coordinate alone": (142, 142), "Fourier features": (128, 128)}  # 1 % apart in parameters
RATES = (5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 4e-2)
SEEDS = (1, 2, 3)
AT = (10, 30, 100, 200, 300, 600, 1000, 2000, 3000)


def waves(x):
    """What is to be learnt: the sum of sin(2π k x) over all FREQUENCIES k."""
    return np.sum([np.sin(2 * np.pi * k * x) for k in FREQUENCIES], axis=0)


def train_arm(arm, *, seed, rate, steps=AT[-1]):
    """One run: a dict for `results.keep`. `residual` has a row for each of AT up to `steps`.

    The row holds the amplitude of each wave in what is still missing: 1 is untouched, 0 is learnt.
    """
    rng = np.random.default_rng(seed)
    x = np.arange(N)[:, None] / N
    y, inputs = waves(x[:, 0]), 2 * x - 1  # from -1 to 1, as a network likes it
    if arm == "Fourier features":
        inputs = fourier_features(x, random_frequencies(1, N_FEATURES, scale=SCALE, rng=rng))

    residual = []

    def keep_missing(predict, step):
        missing = amplitudes(predict(inputs) - y, FREQUENCIES)
        residual.append([round(float(amplitude), 4) for amplitude in missing])

    at = [step for step in AT if step <= steps]
    model, _ = train_regression(
        inputs, y, WIDTHS[arm], rate=rate, steps=steps, rng=rng, look=keep_missing, at=at
    )
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": float(np.mean(residual[-1])),
        "n_parameters": model.n_parameters(),
        "residual": residual,
    }


def main():
    """Make all runs and keep them."""
    plan = [(arm, seed, rate) for arm in WIDTHS for rate in RATES for seed in SEEDS]
    done = [train_arm(arm, seed=seed, rate=rate) for arm, seed, rate in tqdm(plan, unit="run")]
    settings = {"frequencies": FREQUENCIES, "at": AT, "steps": AT[-1], "places": N}
    print(keep("spectral_bias", done, settings=settings))


if __name__ == "__main__":
    start("spectral_bias", main, __doc__)
