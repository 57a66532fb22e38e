"""Can one fact of a layer in signs be rewritten, and what does it cost?

    python -m tinyffn.studies.editing_one_bit

edits facts of three models, some minutes on one core, and keeps the results in
`results/editing_one_bit.json`. The models are those of the study `editing`, trained on with both
feed-forward layers in signs (few_bit_facts.py). Edited is the second layer's memory at the answer,
256 x 64 weights: in float32 hardly anything else changes there.

    float32                  the rank-one edit of lesson 14, in the model before it had signs
    beside the signs         the same edit, kept in float16 beside the signs: 2 (256 + 64) bytes
    rounded again            the same edit, then signs again, with new scales
    latent, rounded again    the edit, times a push, is added to the latent weights, then signs
    signs turned             flip_edit, with the weight λ of other answers
    by gradient              flip_by_gradient, 8 signs at once, until the answer is so likely

The rate of an arm is that of the search for the new value. For the last three it is the push, λ,
and the chance at which to stop; they search, if at all, at 1. It is chosen by `choose`, on facts
that are edited nowhere else.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary
from tinyffn.data.facts import N_OBJECTS
from tinyffn.memory import keep_freed_memory
from tinyffn.models import LanguageModel
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.editing_bench import ANSWER, N_KEYS, STEPS, UNTIL, bench, prompts_of
from tinyffn.studies.few_bit_facts import read_back, trained_on
from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.edit import rank_one_edit
from tinyffn.studies.keyvalue.flip import flip_by_gradient, flip_edit
from tinyffn.studies.keyvalue.memories import coefficients, memories, replaced
from tinyffn.studies.keyvalue.new_value import find_values
from tinyffn.studies.keyvalue.scores import edit_scores

SEEDS = (1, 2, 3)
N_EDITS, N_TUNING = 30, 20  # the first facts of the bench, and its last
VALUE_RATE = 1.0
AT_ONCE = 8  # signs, by gradient
UNEDITED, FLOAT, BESIDE = "unedited, in signs", "float32", "beside the signs"
AGAIN, LATENT = "rounded again", "latent, rounded again"
TURNED, GRADIENT = "signs turned", "by gradient"
RATES = {
    UNEDITED: (0.0,),
    FLOAT: (0.1, 0.3, 1.0, 3.0),
    BESIDE: (0.1, 0.3, 1.0, 3.0),
    AGAIN: (3.0, 5.0, 10.0, 30.0),
    LATENT: (1.0, 2.0, 4.0, 8.0),
    TURNED: (0.0, 1.0, 3.0, 10.0, 30.0),
    GRADIENT: (0.9, 0.95, 0.98, 0.99, 0.995, 0.999),
}


@dataclass(frozen=True)
class Subject:
    """A model to make edits of: what is edited is the memory of its last feed-forward layer."""

    model: LanguageModel
    c: np.ndarray  # the covariance (d_ff, d_ff) of that memory's keys

    @property
    def memory(self):
        return memories(self.model)[-1]


@dataclass(frozen=True)
class OneBit(Subject):
    """A model whose feed-forward layers are signs: they hold the values of the codes."""

    stored: Quantized  # the memory that is edited, (d_ff, d_model)
    latent: np.ndarray  # the weights behind it


@functools.cache
def one_bit(seed):
    """The OneBit of a seed. Whoever changes its model must put it back."""
    signs = trained_on(seed, "sign")
    down = memories(signs)[-1].layer.down
    model = read_back(signs)
    return OneBit(model, _covariance(model, seed), down.quantized(), down.w.data.copy())


def run(arm, seed, rate, *, n_edits=N_EDITS, n_tuning=N_TUNING):
    """Make some edits, each on the model as it was, and score each.

    Returns    a dict: arm, seed, rate; value: the share of the neighbours that are still right;
               efficacy, paraphrase, subject, others, neighbour_nats: see edit_scores; turned: how
               many signs differ from those before the edit; choose: of other facts, the surprise at
               the neighbours, and log 20 for each share of prompts not answered as they should be
    Errors     ValueError if there is no such arm
    """
    _must_be_arm(arm)
    facts, objects = bench(seed).facts, bench(seed).objects
    n = len(facts)
    chosen = np.r_[np.arange(n_edits), np.arange(n - n_tuning, n)]
    scores = [
        _score(arm, seed, edited, facts[i], objects[i])
        for i, edited in zip(chosen, _edited(arm, seed, rate, chosen), strict=True)
    ]
    means, tuning = _means(scores[:n_edits]), _means(scores[n_edits:])
    missed = 2 - tuning["efficacy"] - tuning["paraphrase"]
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": means.pop("neighbours"),
        **means,
        "choose": round(tuning["neighbour_nats"] + missed * math.log(N_OBJECTS), 5),
    }


def bytes_added(arm):
    """What an edit adds to what is stored, in bytes: two float16 vectors where it stays beside.

    In float32, and where signs are made or turned, as many bytes are stored as before.

    Errors     ValueError if there is no such arm
    """
    _must_be_arm(arm)
    return 2 * sum(one_bit(SEEDS[0]).stored.codes.shape) if arm == BESIDE else 0


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    keep([run(*each) for each in tqdm(plan(), unit="run")])


def plan():
    """All runs of the study, in order: [(arm, seed, rate), ...]."""
    return [(arm, seed, rate) for seed in SEEDS for arm in RATES for rate in RATES[arm]]


def keep(runs):
    """Write what all runs found, with what they share."""
    stored = one_bit(SEEDS[0]).stored
    settings = {
        "rates": RATES,
        "n_edits": N_EDITS,
        "n_tuning": N_TUNING,
        "n_signs": stored.codes.size,
        "bytes stored": stored.codes.size * stored.bits_per_weight() / 8,
        "bytes added": {arm: bytes_added(arm) for arm in RATES},
        "most steps": STEPS,
        "until": UNTIL,
        "value": "share of the neighbours that are still right",
        "rates chosen by": "choose, on other facts: nats at neighbours, log 20 a missed prompt",
    }
    print(results.keep("editing_one_bit", runs, settings=settings))


def _edited(arm, seed, rate, chosen):
    """The memory after each of the chosen edits: float arrays (d_ff, d_model)."""
    subject = _subject(arm == FLOAT, seed)
    if arm in BY_PROMPTS:
        return [BY_PROMPTS[arm](subject, *_asked(seed, i), rate) for i in chosen]
    value_rate = VALUE_RATE if arm in (LATENT, TURNED) else rate
    keys, values = _found(arm == FLOAT, seed, value_rate, tuple(chosen))
    return [BY_VALUE[arm](subject, *each, rate) for each in zip(keys, values, strict=True)]


def _unedited(subject, prompts, new, rate):
    return subject.memory.values


def _by_gradient(subject, prompts, new, rate):
    w = subject.memory.layer.down.w
    with replaced(w, "data", w.data.copy()):
        flip_by_gradient(subject.model, w, prompts, new, at_once=AT_ONCE, until=rate)
        return w.data


def _of_rank_one(subject, key, value, rate):
    return rank_one_edit(subject.memory.values, key, value, subject.c)


def _change(subject, key, value, rate):
    return _of_rank_one(subject, key, value, rate) - subject.memory.values


def _beside(subject, key, value, rate):
    return subject.memory.values + _in_float16(_change(subject, key, value, rate))


def _rounded_again(subject, key, value, rate):
    return binary(_of_rank_one(subject, key, value, rate)).values()


def _latent_rounded(subject, key, value, rate):
    push = np.float32(rate)
    return binary(subject.latent + push * _change(subject, key, value, rate)).values()


def _signs_turned(subject, key, value, rate):
    return flip_edit(subject.stored, key, value, subject.c, rate).values()


# What makes the memory after one edit: f(subject, prompts, new object, rate), or, where a new value
# was sought first, f(subject, key, value, rate).
BY_PROMPTS = {UNEDITED: _unedited, GRADIENT: _by_gradient}
BY_VALUE = {
    FLOAT: _of_rank_one,
    BESIDE: _beside,
    AGAIN: _rounded_again,
    LATENT: _latent_rounded,
    TURNED: _signs_turned,
}


def _asked(seed, i):
    """The prompts (n_prompts, 4) of edit number i, and the object that they shall have."""
    of = bench(seed)
    return prompts_of(of.language, of.facts[i : i + 1])[0], int(of.objects[i])


def _in_float16(change):
    """A change of rank one as it is read back from two vectors in float16."""
    left, sizes, right = np.linalg.svd(change.astype(np.float64), full_matrices=False)
    root = np.sqrt(sizes[0])
    pair = [(root * vector).astype(np.float16) for vector in (left[:, 0], right[0])]
    return np.outer(*(vector.astype(np.float32) for vector in pair))


@functools.cache
def _found(in_float, seed, rate, chosen):
    """Keys and values of the chosen edits: see find_values."""
    of, subject = bench(seed), _subject(in_float, seed)
    facts, objects = of.facts[list(chosen)], of.objects[list(chosen)]
    prompts = prompts_of(of.language, facts)
    targets = np.repeat(objects[:, None], prompts.shape[1], axis=1)
    settings = {"rate": rate, "steps": STEPS, "until": UNTIL}
    return find_values(subject.model, subject.memory, prompts, ANSWER, targets, **settings)


def _score(arm, seed, edited, fact, new):
    subject = _subject(arm == FLOAT, seed)
    memory = subject.memory
    turned = np.count_nonzero((edited >= 0) != (memory.values >= 0))
    with replaced(memory.layer.down.w, "data", edited):
        scores = edit_scores(subject.model, bench(seed).language, fact, new)
    return scores | {"turned": 0 if arm in (FLOAT, BESIDE) else turned}


def _means(scores):
    return {name: round(float(np.mean([s[name] for s in scores])), 5) for name in scores[0]}


def _subject(in_float, seed):
    return Subject(bench(seed).model, bench(seed).c[-1]) if in_float else one_bit(seed)


def _covariance(model, seed):
    rng = np.random.default_rng([seed, 5])
    prompts, _ = next(bench(seed).language.random_prompts(batch_size=N_KEYS, rng=rng))
    return covariance(coefficients(model, prompts)[-1])


def _must_be_arm(arm):
    if arm not in RATES:
        raise ValueError(f"editing_one_bit: there is no arm {arm!r}, only {'; '.join(RATES)}")


if __name__ == "__main__":
    start("editing_one_bit", main, __doc__)
