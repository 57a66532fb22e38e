"""Knowledge neurons: the few hidden numbers of a memory that a fact hangs on, as it seems.

A hidden number is credited by integrated gradients, and whoever is credited enough is a knowledge
neuron of the fact. Then it is put to the test: with these neurons at 0, does the model forget?

Dai et al. 2022 (arXiv:2104.08696), sections 3 and 4. They look at all layers of a BERT at once;
here it is one memory at a time, at the last position of a prompt.
"""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import as_ids, must_be_above, must_be_generator, must_be_positive
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating, frozen
from tinyffn.tensor import Tensor


def chances(model, ids, targets):
    """How likely a model says each target (B) after the last position of ids (B, T): (B).

    Errors     ValueError if there is not one target for each row of ids, or one is out of range
    """
    with evaluating(model), no_grad():
        return _chances("chances", model, ids, targets).data


def integrated_gradients(model, memory, ids, targets, *, steps=20):
    """What each hidden number at the last position adds to the chance P of the right answer.

        attribution_i = m_i ∫₀¹ ∂P(α m) / ∂m_i dα

    P(α m) is the chance when all d_ff hidden numbers of the last position are α times what they
    are. The integral is a mean over the middles of `steps` equal parts of the way: the midpoint
    rule. Exactly integrated, attributions sum to P(m) - P(0): this is completeness. The gap says
    how far the sum is from that.

    Arguments  memory: one of memories(model); ids (B, T); targets (B), the right answers
    Returns    attributions (B, d_ff), gaps (B): their sum less P(m) - P(0)
    Errors     as chances; ValueError if steps is no whole number above 0
    Source     Sundararajan, Taly and Yan 2017 (arXiv:1703.01365), section 3; Dai et al. 2022,
               section 3.2, take it for hidden numbers. As here, their program scales all of one
               layer together, but it takes each part of the way at its beginning
    """
    must_be_positive("integrated_gradients", steps=steps)
    seen = []

    def note(m):
        seen.append(m.data[:, -1:])
        return m

    def chance_at(last):
        with memory.changed(lambda m: _with_last(m, last)):
            return _chances("integrated_gradients", model, ids, targets)

    with evaluating(model), frozen(model):
        with memory.changed(note):
            chance = _chances("integrated_gradients", model, ids, targets).data
        (m,) = seen
        chance_at_0 = chance_at(0 * m).data
        slopes = np.zeros_like(m)
        for alpha in (np.arange(steps) + 0.5) / steps:
            point = Tensor(float(alpha) * m, requires_grad=True)
            chance_at(point).backward(np.ones_like(chance))
            slopes += np.asarray(point.grad) / steps
    attributions = (m * slopes)[:, 0]
    return attributions, attributions.sum(axis=-1) - (chance - chance_at_0)


def knowledge_neurons(attributions, *, threshold=0.2, share=0.7):
    """Which neurons of a memory hold each fact, judged by several ways of asking for it.

    For one prompt a neuron counts if its attribution is at least `threshold` times the largest. It
    is a knowledge neuron of the fact if it counts for at least `share` of the fact's prompts: what
    is credited for one way of asking only has to do with the words.

    Arguments  attributions (n_prompts, n_facts, d_ff): the k-th way of asking for each fact
    Returns    (n_facts, d_ff), True or False
    Errors     ValueError if attributions have other axes, or threshold or share is not above 0
    Source     Dai et al. 2022, sections 3.3 and 4, with these numbers. Their largest is that of
               all layers; and they then move `share` until a fact has two to five neurons on the
               average, which is not done here
    """
    attributions = np.asarray(attributions)
    if attributions.ndim != 3:
        raise ValueError(
            f"knowledge_neurons: attributions {attributions.shape} must be (n_prompts, n_facts, "
            "d_ff): stack those of all prompts"
        )
    must_be_above("knowledge_neurons", 0, threshold=threshold, share=share)
    counts = attributions >= threshold * attributions.max(axis=-1, keepdims=True)
    return (counts & (attributions > 0)).mean(axis=0) >= share


def scaled(memory, chosen, factor):
    """Inside `with scaled(memory, chosen, factor):` chosen neurons are `factor` times as active.

    It holds at the last position. Factor 0 suppresses them, 2 doubles them.

    Arguments  chosen (B, d_ff) True or False, for each prompt its neurons; or (d_ff), for all
    Errors     ValueError if chosen is not of the memory's width, or not boolean
    """
    chosen = _checked_choice("scaled", memory, chosen)
    factors = np.where(chosen, float(factor), 1.0)[..., np.newaxis, :]
    return memory.changed(lambda m: _with_last(m, m[:, -1:] * factors.astype(m.dtype)))


def held_at(memory, chosen, numbers):
    """Inside `with held_at(memory, chosen, numbers):` chosen neurons have these coefficients.

    It holds at the last position. With 0 a neuron adds nothing; with its mean over many prompts it
    adds what it adds anyway, and no more of what it knows about this one.

    Arguments  chosen: as for scaled; numbers: the coefficients, (d_ff) or one for all
    Errors     as scaled; ValueError if numbers is neither
    """
    chosen = _checked_choice("held_at", memory, chosen)
    numbers = np.asarray(numbers)
    if numbers.shape not in ((), chosen.shape[-1:]):
        raise ValueError(
            f"held_at: numbers {numbers.shape} must be one number, or one for each neuron: "
            f"({chosen.shape[-1]},)"
        )
    left = ~chosen[..., np.newaxis, :]
    put = np.where(left, 0.0, numbers)
    return memory.changed(
        lambda m: _with_last(m, m[:, -1:] * left.astype(m.dtype) + put.astype(m.dtype))
    )


def as_many_at_random(chosen, *, rng, among=None):
    """For each fact as many random neurons as it has knowledge neurons, and none of these.

    Arguments  chosen (n_facts, d_ff), True or False; among: the same, the neurons to draw from,
               such as those that are active; all if None
    Returns    (n_facts, d_ff), True or False; where there are too few to draw from, fewer
    Errors     ValueError if among is of another shape; TypeError if rng is no generator
    """
    must_be_generator("as_many_at_random", rng)
    chosen = np.asarray(chosen, bool)
    among = np.ones_like(chosen) if among is None else np.asarray(among, bool)
    if among.shape != chosen.shape:
        raise ValueError(
            f"as_many_at_random: among {among.shape} must have the shape of chosen {chosen.shape}"
        )
    others = among & ~chosen
    drawn = np.where(others, rng.random(chosen.shape), 1.0)
    place = drawn.argsort(axis=-1).argsort(axis=-1)  # of each neuron, in the order drawn
    return others & (place < chosen.sum(axis=-1, keepdims=True))


def _chances(owner, model, ids, targets):
    ids, targets = np.asarray(ids), as_ids(owner, targets, name="targets", is_row=True)
    if ids.ndim != 2 or len(ids) != len(targets):
        raise ValueError(
            f"{owner}: targets {targets.shape} do not fit ids {ids.shape}: ids must be (B, T), "
            "targets (B), one for each row"
        )
    said = ops.softmax(model(ids)[:, -1])
    as_ids(owner, targets, name="targets", n=said.shape[-1])
    return said[np.arange(len(targets)), targets]


def _checked_choice(owner, memory, chosen):
    chosen = np.asarray(chosen)
    d_ff = len(memory.values)
    if chosen.dtype != bool or chosen.ndim not in (1, 2) or chosen.shape[-1] != d_ff:
        raise ValueError(
            f"{owner}: chosen is {chosen.dtype} {chosen.shape}, but must be True or False for each "
            f"neuron: (B, {d_ff}) or ({d_ff},)"
        )
    return chosen


def _with_last(m, last):
    """m (B, T, d_ff) with other coefficients at the last position, last (B, 1, d_ff)."""
    return ops.concatenate(m[:, :-1], last, axis=1)
