"""Digits from real fonts: sets of pictures that keep what is measured apart, and what a model gets.

Four sets: `train`; `choose`, for choosing rates and sizes; `known faces`, other pictures of the
faces that were trained on; `new faces`, pictures of a family of which the model saw nothing.
"""

import numpy as np

from tinyffn.data import draw_glyphs, font_families, random_batches
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.optim import Adam
from tinyffn.train import fit


def digit_sets(seed, *, n_train=12_000, n_test=2_000, held_out="Computer Modern"):
    """The four sets, {name: (pictures (n, 256), labels (n))}, drawn by one generator.

    Errors     ValueError if there is no family `held_out`, or it is the only one
    """
    families = font_families()
    if held_out not in families or len(families) < 2:
        raise ValueError(
            f"digit_sets: held_out is {held_out!r}, but must be one of two families or more: "
            f"there are {', '.join(families)}"
        )
    known = [face for family, faces in families.items() if family != held_out for face in faces]
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n, faces in [
        ("train", n_train, known),
        ("choose", n_test, known),
        ("known faces", n_test, known),
        ("new faces", n_test, families[held_out]),
    ]:
        pictures, labels = draw_glyphs(n, rng=rng, faces=faces)
        sets[name] = (pictures.reshape(n, -1), labels)
    return sets


def share_right(model, pictures, labels):
    """The share of pictures for which the highest score is that of their label."""
    with evaluating(model), no_grad():
        return float(np.mean(model(pictures).data.argmax(axis=-1) == labels))


def train_digits(model, sets, *, seed, rate, steps=1500, batch_size=64):
    """Adam on random batches of `train`. In the History, `eval_loss` is the share of `known faces`
    that the model gets wrong, thirty times on the way.

    The batches depend on the seed alone: models of one seed see the same pictures in one order.
    """
    rng = np.random.default_rng([seed, 1])
    batches = random_batches(*sets["train"], batch_size=batch_size, rng=rng)
    return fit(
        model,
        model.loss,
        batches,
        Adam(model.parameters(), rate),
        steps=steps,
        evaluate=lambda: 1 - share_right(model, *sets["known faces"]),
        evaluate_every=max(1, steps // 30),
    )
