"""Many facts edited in one model: all at once, or one after the other. How many go in?

Runs of `python -m tinyffn.studies.editing`, kept in `results/editing.json`. Where weights are not
trained, the 256 values of FFN 2 are rewritten at the answer. At once: new values are found on the
model as it was, then `batch_edit`; or the model is trained on all facts together. In turn: each
edit is made on the model that the edits before it left.
"""

import functools

import numpy as np

from tinyffn.data.facts import FILLERS
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.optim import SGD, Adam
from tinyffn.studies.editing_bench import ANSWER, STEPS, UNTIL, bench, prompts_of
from tinyffn.studies.keyvalue.edit import batch_edit, rank_one_edit
from tinyffn.studies.keyvalue.fine_tune import fine_tune
from tinyffn.studies.keyvalue.memories import memories, replaced
from tinyffn.studies.keyvalue.new_value import find_value, find_values
from tinyffn.studies.keyvalue.scores import told

COUNTS = (1, 10, 50, 100, 200, 256, 300, 400)
TRAINED_COUNTS = (50, 100, 200, 400)  # of TRAINED_AT_ONCE
WEIGHTS = {"at once, λ = 1": 1.0, "at once, λ = 10": 10.0, "at once, λ = 100": 100.0}
IN_TURN, KACZMARZ = "in turn, rank one", "in turn, rank one, C = I"
TRAINED_IN_TURN, TRAINED_AT_ONCE = "in turn, all weights, SGD", "at once, all weights, Adam"
ARMS = (*WEIGHTS, TRAINED_AT_ONCE, IN_TURN, KACZMARZ, TRAINED_IN_TURN)


def run(arm, seed, rate, *, counts=None):
    """Make as many edits as counts say, the first edits of the bench, and score all together.

    Arguments  rate: of the search for values, or of the optimiser; counts: rising numbers of edits,
               COUNTS or TRAINED_COUNTS by default
    Returns    a dict: arm, seed, rate, value: kept after the last; counts; and for each of counts
               efficacy, paraphrase: as in edit_scores, over all facts that were edited;
               kept, kept_nats: of the other facts the share that is right, and the mean surprise
    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"editing_many: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    if counts is None:
        counts = TRAINED_COUNTS if arm == TRAINED_AT_ONCE else COUNTS
    edits = {TRAINED_AT_ONCE: _trained_at_once} | dict.fromkeys(WEIGHTS, _at_once)
    model = bench(seed).model
    before = model.state_dict()
    scores = []
    try:
        for n in edits.get(arm, _in_turn)(arm, seed, rate, counts):
            scores.append(score(bench(seed), n))
    finally:
        model.load_state_dict(before)
    curves = {name: [round(s[name], 5) for s in scores] for name in scores[0]}
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": curves["kept"][-1],
        "counts": counts,
    } | curves


def score(of, n):
    """What the model of a bench says of its first n facts and of all others: a dict."""
    facts, new = of.facts[:n], of.objects[:n]
    old = of.language.objects[facts]
    said = []
    for way in range(3):
        filler = 10 + facts % (len(FILLERS) - 10)  # none of those that the edits saw
        prompts = of.language.prompts(facts, paraphrase=way, filler=filler)
        with evaluating(of.model), no_grad():
            said.append(of.model(prompts).data[:, -1])
    each = np.arange(n)
    is_right, nats = told(of.model, of.language)
    others = np.setdiff1d(np.arange(len(is_right)), facts)
    return {
        "efficacy": float(np.mean(said[0][each, new] > said[0][each, old])),
        "paraphrase": float(np.mean([z.argmax(axis=-1) == new for z in said[1:]])),
        "kept": float(np.mean(is_right[others])),
        "kept_nats": float(np.mean(nats[others])),
    }


@functools.cache
def _values(seed, rate, n):
    """Keys and values of the first n edits, each found on the model as it was."""
    model, language, facts, objects, _ = bench(seed)
    prompts = prompts_of(language, facts[:n])
    targets = np.repeat(objects[:n, None], prompts.shape[1], axis=1)
    settings = {"rate": rate, "steps": STEPS, "until": UNTIL}
    return find_values(model, memories(model)[-1], prompts, ANSWER, targets, **settings)


def _at_once(arm, seed, rate, counts):
    """The model with the first n edits, for each n of counts, of which it yields the number."""
    model, *_, c = bench(seed)
    keys, values = _values(seed, rate, counts[-1])
    w = memories(model)[-1].layer.down.w
    for n in counts:
        edited = batch_edit(w.data, keys[:n], values[:n], c[-1], WEIGHTS[arm])
        with replaced(w, "data", edited):
            yield n


def _trained_at_once(arm, seed, rate, counts):
    model, language, facts, objects, _ = bench(seed)
    before = model.state_dict()
    for n in counts:
        prompts = prompts_of(language, facts[:n])
        targets = np.repeat(objects[:n], prompts.shape[1])
        ids = prompts.reshape(-1, prompts.shape[-1])
        fine_tune(model, Adam(model.parameters(), rate), ids, targets, steps=STEPS, until=UNTIL)
        yield n
        model.load_state_dict(before)


def _in_turn(arm, seed, rate, counts):
    """FFN 2 is behind all that makes its keys, so its covariance stays true while it is edited."""
    model, language, facts, objects, c = bench(seed)
    memory = memories(model)[-1]
    w = memory.layer.down.w
    c = np.eye(len(w.data)) if arm == KACZMARZ else c[-1]
    settings = {"steps": STEPS, "until": UNTIL}
    for i in range(counts[-1]):
        prompts, new = prompts_of(language, facts[i : i + 1])[0], int(objects[i])
        if arm == TRAINED_IN_TURN:
            fine_tune(model, SGD(model.parameters(), rate), prompts, new, **settings)
        else:
            key, value = find_value(model, memory, prompts, ANSWER, new, rate=rate, **settings)
            w.data[...] = rank_one_edit(w.data, key, value, c)
        if i + 1 in counts:
            yield i + 1
