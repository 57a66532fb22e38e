"""Causal tracing: at which sublayer and position does the answer to a prompt come from?

The words that matter are drowned in noise, so that the model no longer knows the answer. Then what
one sublayer adds at one position is put back as it was without noise. Where this brings the answer
back, it has passed.
"""

from contextlib import ExitStack, contextmanager

import numpy as np

from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.studies.keyvalue.memories import replaced
from tinyffn.studies.keyvalue.neurons import chances


def sublayers(model):
    """The places where a transformer's sublayers stand: [(block, "attention"), ...], in order.

    Those that were left out of a block are left out here too.
    """
    names = ("attention", "feed_forward")
    return [(b, name) for b in model.blocks for name in names if getattr(b, name) is not None]


def causal_trace(model, ids, answers, noise):
    """How much noise takes from the chance P of each answer, and what each sublayer gives back.

        total effect = P(clean) - P(noisy)
        indirect effect = P(noisy, but one sublayer's output at one position as in clean) - P(noisy)

    Arguments  ids (B, T); answers (B); noise (B, T, d_model), added to the rows of the embedding
               table that ids name: zeros where a word is to stay clear. For several draws of noise
               repeat the prompt, and take the mean of what is returned
    Returns    total (B), indirect (B, n_sublayers, T), n_sublayers as in `sublayers(model)`
    Errors     ValueError if noise is not (B, T, d_model), or answers do not fit
    Source     Meng et al. 2022 (arXiv:2202.05262), section 2.1, who restore the whole stream at
               one place, or what ten neighbouring sublayers of one kind add there
    """
    ids, noise = np.asarray(ids), np.asarray(noise)
    wanted = (*ids.shape, model.token.table.shape[1])
    if noise.shape != wanted:
        raise ValueError(f"causal_trace: noise {noise.shape} must be {wanted}")
    noise = noise.astype(model.token.table.dtype)
    places = sublayers(model)
    clean, chance = _recorded(model, places, ids, answers)
    indirect = np.zeros((len(ids), len(places), ids.shape[1]))
    token = model.token
    with replaced(model, "token", lambda ids: token(ids) + noise):
        noisy = chances(model, ids, answers)
        for i, place in enumerate(places):
            for position in range(ids.shape[1]):
                with restored(place, clean[i], position):
                    indirect[:, i, position] = chances(model, ids, answers) - noisy
    return chance - noisy, indirect


@contextmanager
def restored(place, clean, position):
    """Inside `with restored(place, clean, position):` a sublayer gives its old output there.

    Arguments  place: one of sublayers(model); clean (B, T, d_model): what the sublayer gave;
               position: where it gives this again; elsewhere it answers what it reads
    """
    block, name = place
    sublayer = getattr(block, name)
    here = np.zeros((clean.shape[1], 1), clean.dtype)
    here[position] = 1.0

    def patched(x, *rest):
        return sublayer(x, *rest) * (1.0 - here) + clean * here

    with replaced(block, name, patched):
        yield


def _recorded(model, places, ids, answers):
    """What each sublayer adds while a model reads ids, and the chances of the answers."""
    seen = []

    def noting(sublayer):
        def note(x, *rest):
            y = sublayer(x, *rest)
            seen.append(y.data)
            return y

        return note

    with ExitStack() as changes, evaluating(model), no_grad():
        for block, name in places:
            changes.enter_context(replaced(block, name, noting(getattr(block, name))))
        chance = chances(model, ids, answers)
    return seen, chance
