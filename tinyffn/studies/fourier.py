"""Which frequencies has a network learnt, and how to hand them to it: Fourier features.

A network that is given a coordinate x learns slow changes long before fast ones. Sines and cosines
of x as its inputs change that.
"""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_above, must_be_generator, must_be_positive
from tinyffn.graph import no_grad
from tinyffn.models import MLP
from tinyffn.optim import Adam
from tinyffn.train import fit


def random_frequencies(d, n, *, scale, rng):
    """Frequencies (d, n), normal with standard deviation `scale`, in waves per unit of x.

    Source     Tancik et al. 2020 (arXiv:2006.10739), section 6.1: "Gaussian"
    """
    must_be_positive("random_frequencies", d=d, n=n)
    must_be_above("random_frequencies", 0, scale=scale)
    must_be_generator("random_frequencies", rng)
    return scale * rng.normal(size=(d, n))


def fourier_features(x, frequencies):
    """cos and sin of 2π x · frequencies: x (..., d), frequencies (d, n) -> (..., 2 n).

    Errors     ValueError if x's last axis is not d
    Source     Tancik et al. 2020 (arXiv:2006.10739), section 4
    """
    if np.ndim(frequencies) != 2 or np.shape(x)[-1:] != np.shape(frequencies)[:1]:
        raise ValueError(
            f"fourier_features: x {np.shape(x)} does not fit frequencies {np.shape(frequencies)}: "
            "the last axis of x must be d in (d, n)"
        )
    angle = 2 * np.pi * (x @ frequencies)
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=-1)


def amplitudes(residual, frequencies):
    """How much of each frequency is in a residual (n), taken at x = 0, 1/n, ... (n-1)/n.

        A_k = 2 |Σ_j residual_j e^(-2πi k j / n)| / n

    For a residual a sin(2πkx + φ) this is a at frequency k, and 0 at every other one.

    Arguments  frequencies: whole numbers above 0 and below n / 2, in waves per unit of x
    Errors     ValueError if residual is not (n), or a frequency is something else
    Source     the discrete Fourier transform, as Rahaman et al. 2019 (arXiv:1806.08734) use it
    """
    residual = np.asarray(residual, dtype=float)
    if residual.ndim != 1:
        raise ValueError(f"amplitudes: residual {residual.shape} must be (n,)")
    must_be_positive("amplitudes", **{f"frequencies[{i}]": k for i, k in enumerate(frequencies)})
    n = len(residual)
    if len(frequencies) == 0:
        raise ValueError("amplitudes: frequencies is empty: give one whole number or more")
    if max(frequencies) >= n / 2:
        raise ValueError(
            f"amplitudes: {n} places cannot show frequency {max(frequencies)}: "
            "it must be below half their number"
        )
    return 2 * np.abs(np.fft.rfft(residual))[list(frequencies)] / n


def train_regression(x, y, widths, *, rate, steps, rng, look=lambda predict, step: None, at=()):
    """Fit an MLP to y (n) at x (n, d) with Adam on the mean square error, all examples at once.

    Arguments  widths: the hidden ones; rate: Adam's; look: a function of `predict`, itself one from
               (m, d) to (m), and of the number of steps done, called after each number in `at`
    Returns    (model, [what look returned, ...])
    Errors     ValueError if x and y do not fit, steps or a width is no whole number above 0, or
               there is a number in `at` that no step has
    """
    if np.ndim(x) != 2 or np.shape(y) != np.shape(x)[:1]:
        raise ValueError(
            f"train_regression: x {np.shape(x)} and y {np.shape(y)} must be (n, d) and (n,)"
        )
    if never := [step for step in at if not 1 <= step <= steps]:
        raise ValueError(f"train_regression: at has {never[0]}, but steps are 1 to {steps}")
    model = MLP([x.shape[1], *widths, 1], rng=rng)
    batch = (x.astype(np.float32), y.astype(np.float32)[:, None])
    seen = []

    def after_step(step):
        if step + 1 in at:
            seen.append(look(lambda x: predict(model, x), step + 1))

    fit(
        model,
        lambda x, y: ops.mse(model(x), y),
        iter(lambda: batch, None),
        Adam(model.parameters(), rate),
        steps=steps,
        after_step=after_step,
        progress=False,
    )
    return model, seen


def predict(model, x):
    """What a model says of x (n, d), as a float64 array (n)."""
    with no_grad():
        return model(np.asarray(x, np.float32)).data[:, 0].astype(float)
