"""Digits from real fonts: sets of pictures that keep what is measured apart, and what a model gets.

Four sets: `train`; `choose`, for choosing rates and sizes; `known faces`, other pictures of the
faces that were trained on; `new faces`, pictures of a family of which the model saw nothing.
"""

import numpy as np

from tinyffn.data import draw_glyphs, font_families, random_batches
from tinyffn.data.glyphs import FAMILIES
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.optim import Adam
from tinyffn.train import fit


def digit_sets(seed, *, n_train=12_000, n_test=2_000, held_out="Computer Modern"):
    """The four sets, {name: (pictures (n, 256), labels (n))}.

    Each is drawn by a generator of its own: the tests of a seed are the same for any `n_train`.

    Errors     ValueError if there is no family `held_out`; RuntimeError if a face is missing, since
               the sets would not be those of other machines
    """
    if held_out not in FAMILIES:
        raise ValueError(
            f"digit_sets: held_out is {held_out!r}, but must be one of {', '.join(FAMILIES)}"
        )
    at_hand = font_families()
    missing = [
        face
        for family, faces in FAMILIES.items()
        for face in faces
        if face not in at_hand.get(family, ())
    ]
    if missing:
        raise RuntimeError(
            f"digit_sets: matplotlib came without {', '.join(missing)}: some systems take fonts "
            "out of matplotlib; install matplotlib with pip"
        )
    known = [face for family, faces in FAMILIES.items() if family != held_out for face in faces]
    plan = {
        "train": (n_train, known),
        "choose": (n_test, known),
        "known faces": (n_test, known),
        "new faces": (n_test, FAMILIES[held_out]),
    }
    rngs = np.random.default_rng(seed).spawn(len(plan))
    sets = {}
    for (name, (n, faces)), rng in zip(plan.items(), rngs, strict=True):
        pictures, labels = draw_glyphs(n, rng=rng, faces=faces)
        sets[name] = (pictures.reshape(n, -1), labels)
    return sets


def share_right(model, pictures, labels):
    """The share of pictures for which the highest score is that of their label.

    Where a score is not finite, there is no highest one, and the picture counts as wrong.

    Arguments  pictures: what the model takes, n rows; labels (n)
    Errors     ValueError if labels are not (n), with n at least 1
    """
    if len(pictures) == 0 or np.shape(labels) != (len(pictures),):
        raise ValueError(
            f"share_right: labels {np.shape(labels)} do not fit pictures {np.shape(pictures)}: "
            "there must be one for each picture, and a picture or more"
        )
    with evaluating(model), no_grad():
        scores = model(pictures).data
    is_right = (scores.argmax(axis=-1) == labels) & np.isfinite(scores).all(axis=-1)
    return float(np.mean(is_right))


def train_digits(model, sets, *, seed, rate, steps=1500, batch_size=64, progress=True):
    """Adam on random batches of `train`, with a look at `known faces` thirty times on the way.

    The batches depend on the seed alone: models of one seed see the same pictures in one order.

    Arguments  sets: as digit_sets gives; progress: whether a bar is shown
    Returns    the History. Its `eval_loss` is no loss here, but the share of `known faces` that the
               model gets wrong
    Errors     as train.fit
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
        progress=progress,
    )
