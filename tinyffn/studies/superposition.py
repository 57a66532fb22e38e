"""More features than dimensions: a small model that squeezes n numbers through m < n and back.

A feature is a property of an input that is sometimes there: here entry i of x, 0 if it is not. What
is squeezed is compared with x; an error at a feature counts by its importance. How many features
does the model keep, if each is there often, and how many if each is there rarely?

Elhage et al. 2022 (arXiv:2209.10652, Toy models of superposition).
"""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_above, must_be_generator, must_be_positive, must_be_share
from tinyffn.nn.init import xavier
from tinyffn.nn.module import Module, Parameter
from tinyffn.optim import Adam
from tinyffn.train import fit

N_FEATURES, WIDTH, DECAY = 20, 5, 0.9
SPARSITIES = (0.0, 0.7, 0.9, 0.97, 0.99)
SEEDS = (1, 2, 3)
BATCH_SIZE, STEPS, RATE = 256, 1500, 0.02


class Squeeze(Module):
    """x' = relu((x w) wᵀ + b): x (..., n) through a width of m and back, with one matrix for both.

    Row i of `w` (n, m) is the direction in which feature i is written and from which it is read. In
    the paper's letters, where vectors are columns, W is our wᵀ and x' = ReLU(Wᵀ W x + b).

    Source     Elhage et al. 2022 (arXiv:2209.10652), the ReLU output model
    """

    w: Parameter  # (n, m)
    b: Parameter  # (n)

    def __init__(self, n, m, *, rng):
        must_be_positive("Squeeze", n=n, m=m)
        must_be_generator("Squeeze", rng)
        self.w = Parameter(xavier(rng, (n, m)))
        self.b = Parameter(np.zeros(n, np.float32))

    def __call__(self, x):
        return ops.relu(ops.linear(ops.linear(x, self.w), ops.transpose(self.w), self.b))

    def loss(self, x, importance):
        """mean over inputs and features of importance_i (x_i - x'_i)²: x (B, n), importance (n)."""
        gap = self(x) - x
        return ops.mean(gap * gap * importance)


def importances(n, *, decay=DECAY):
    """What an error at each feature counts: decay^i for i from 0 to n - 1, as float32 (n).

    Errors     ValueError if n is no whole number above 0, or decay not above 0
    """
    must_be_positive("importances", n=n)
    must_be_above("importances", 0, decay=decay)
    return (float(decay) ** np.arange(n)).astype(np.float32)


def random_features(n, *, sparsity, batch_size, rng):
    """Endless batches (x,) of inputs (batch_size, n), float32: entries are 0, or uniform in [0, 1).

    Arguments  sparsity: the chance of each entry to be 0, on its own, in [0, 1)
    Errors     ValueError if a size is no whole number above 0, or sparsity not in [0, 1); TypeError
               if rng is no generator
    """
    must_be_positive("random_features", n=n, batch_size=batch_size)
    must_be_share("random_features", sparsity=sparsity)
    must_be_generator("random_features", rng)
    return _batches((batch_size, n), np.float32(1 - sparsity), rng)


def _batches(shape, density, rng):
    while True:
        is_there = rng.random(shape, np.float32) < density
        yield (rng.random(shape, np.float32) * is_there,)


def train(sparsity, seed, *, n=N_FEATURES, m=WIDTH, steps=STEPS, rate=RATE, progress=False):
    """A Squeeze trained with Adam, whose rate falls to 0 in a straight line: model, History.

    Arguments  seed: of the initial values, and of all batches
    Errors     as Squeeze, random_features and fit
    """
    rng = np.random.default_rng(seed)
    model, importance = Squeeze(n, m, rng=rng), importances(n)
    batches = random_features(n, sparsity=sparsity, batch_size=BATCH_SIZE, rng=rng)
    history = fit(
        model,
        lambda x: model.loss(x, importance),
        batches,
        Adam(model.parameters(), rate),
        steps=steps,
        schedule=lambda step: rate * (1 - step / steps),
        progress=progress,
    )
    return model, history


def represented(w, *, least=0.25):
    """How many features have a direction of their own: rows of w (n, m) with |w_i|² above `least`.

    A feature that is kept alone has |w_i|² = 1, so that it comes back as it was; one that is not
    kept has 0. Between them there is a gap, and any number in it will do.

    Errors     ValueError if w is not (n, m)
    """
    return int(np.sum(_lengths_squared("represented", w) > least))


def interference(w):
    """How much features disturb one another: Σ_{i ≠ j} (w_i · w_j)² over the rows of w (n, m).

    What feature i adds to the reading of feature j is x_i (w_i · w_j). 0 if all directions that are
    in use are at right angles; above 0 as soon as there are more features than dimensions.

    Errors     ValueError if w is not (n, m)
    """
    squares = _lengths_squared("interference", w)
    w = np.asarray(w, np.float64)
    return float(np.sum((w @ w.T) ** 2) - np.sum(squares**2))


def dimensions(w):
    """The share of a dimension that each feature has to itself: (n), from 0 to 1.

        D_i = |w_i|² / Σ_j (ŵ_i · w_j)²,   ŵ_i = w_i / |w_i|;   0 where w_i = 0

    1 for a feature that shares its direction with none, 1/2 for each of two that are written in
    opposite directions. Over all features they add up to at most m.

    Errors     ValueError if w is not (n, m)
    Source     Elhage et al. 2022 (arXiv:2209.10652), who call it feature dimensionality
    """
    squares = _lengths_squared("dimensions", w)
    w = np.asarray(w, np.float64)
    shared = np.sum((w @ w.T) ** 2, axis=1)
    return np.divide(squares**2, shared, out=np.zeros_like(squares), where=shared > 0)


def _lengths_squared(owner, w):
    w = np.asarray(w, np.float64)
    if w.ndim != 2:
        raise ValueError(f"{owner}: w {w.shape} must be (n, m): a row for each feature")
    return np.sum(w * w, axis=1)
