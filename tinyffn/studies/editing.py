"""What does it take to rewrite one fact of a model, and what else changes?

    python -m tinyffn.studies.editing

edits facts of three models in many ways, a quarter of an hour on a quiet core, and keeps what came
out in `results/editing.json`, in five parts (see `kept`):

    tuning    each arm at each rate of its grid, on 10 facts of each model that are edited nowhere
              else; here the rates are chosen
    edits     each arm at its best rate, one edit at a time, on 40 other facts
    push      some arms again, but stopped earlier or later
    many      up to 400 edits of one model, at once and in turn: see editing_many.py
    tracing   where an answer comes from, by causal tracing: see editing_tracing.py

Every arm sees a fact in the same five prompts, all with paraphrase 0, and stops as soon as each of
them is answered by the new object with a chance above 0.95. Scores are of other prompts too: see
keyvalue/scores.py.
"""

import functools
import math
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tinyffn.data.facts import N_OBJECTS
from tinyffn.memory import keep_freed_memory
from tinyffn.optim import SGD, Adam
from tinyffn.studies import editing_many, editing_tracing, results
from tinyffn.studies.command import start
from tinyffn.studies.editing_bench import (
    ANSWER,
    FIRST_NAME,
    LAST_NAME,
    N_KEYS,
    N_PROMPTS,
    STEPS,
    UNTIL,
    bench,
    prompts_of,
)
from tinyffn.studies.keyvalue.edit import rank_one_edit
from tinyffn.studies.keyvalue.fine_tune import fine_tune
from tinyffn.studies.keyvalue.memories import memories, replaced
from tinyffn.studies.keyvalue.new_value import find_values
from tinyffn.studies.keyvalue.scores import edit_scores

SEEDS = (1, 2, 3)
N_EDITS, N_PUSHED = 40, 20  # from the front of the bench's facts
TUNING = (1590, 1600)  # the last of them
PUSHES = (0.5, 0.99)
VALUE_RATE = 0.1  # of the search for values, where many facts are edited
TRAINED_RATES = {  # where a model is trained on many facts: of SGD, and of Adam
    editing_many.TRAINED_IN_TURN: (3e-4, 3e-3),
    editing_many.TRAINED_AT_ONCE: (3e-4, 1e-3),
}


class RankOne(NamedTuple):
    """A rank-one edit: where, whether with the covariance, whether the subject's rest is kept."""

    layer: int
    position: int
    has_c: bool = True
    keeps: bool = False


class FineTune(NamedTuple):
    """Training on the fact: of which parameters, by which optimiser."""

    what: str
    optimizer: type


UNEDITED = "unedited"
ARMS: dict[str, RankOne | FineTune | None] = {
    UNEDITED: None,
    "FFN 2, answer": RankOne(1, ANSWER),
    "FFN 1, answer": RankOne(0, ANSWER),
    "FFN 1, last name": RankOne(0, LAST_NAME),
    "FFN 1, last name, rest kept": RankOne(0, LAST_NAME, keeps=True),
    "FFN 1, first name": RankOne(0, FIRST_NAME),
    "FFN 2, last name": RankOne(1, LAST_NAME),
    "FFN 2, answer, C = I": RankOne(1, ANSWER, has_c=False),
    "FFN 1, answer, C = I": RankOne(0, ANSWER, has_c=False),
    "FFN 1, last name, C = I": RankOne(0, LAST_NAME, has_c=False),
    "values of FFN 2, SGD": FineTune("values", SGD),
    "all weights, SGD": FineTune("all", SGD),
    "all weights, Adam": FineTune("all", Adam),
}
RATES = dict.fromkeys(ARMS, (0.03, 0.1, 0.3)) | {
    UNEDITED: (0.0,),
    "FFN 2, answer": (0.03, 0.1, 0.3, 1.0, 3.0),
    "FFN 1, answer": (0.1, 0.3, 1.0, 3.0),
    "FFN 1, answer, C = I": (0.1, 0.3, 1.0, 3.0),
    "FFN 1, first name": (0.01, 0.03, 0.1, 0.3),
    "FFN 2, last name": (0.1,),  # nothing is found there at any rate
    "FFN 2, answer, C = I": (0.01, 0.03, 0.1, 0.3),
    "values of FFN 2, SGD": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "all weights, SGD": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1),
    "all weights, Adam": (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2),
}
PUSHED = ("FFN 2, answer", "FFN 2, answer, C = I", "all weights, SGD")


@functools.cache
def new_values(seed, layer, position, keeps, rate, start, stop, until=UNTIL):
    """Keys and values of the edits number start to stop: see find_values.

    Arguments  keeps: whether the other facts of the subject are asked for too, with the old answer
    """
    model, language, facts, objects, _ = bench(seed)
    facts, objects = facts[start:stop], objects[start:stop]
    asked, told = [facts], [objects]
    if keeps:
        for shift in range(1, 4):
            asked.append(facts // 4 * 4 + (facts + shift) % 4)
            told.append(language.objects[asked[-1]])
    prompts = np.concatenate([prompts_of(language, each) for each in asked], axis=1)
    targets = np.repeat(np.stack(told, axis=1), N_PROMPTS, axis=1)
    memory = memories(model)[layer]
    settings = {"rate": rate, "steps": STEPS, "until": until}
    return find_values(model, memory, prompts, position, targets, **settings)


def edited_models(arm, seed, rate, start, stop, until=UNTIL):
    """For each of the edits number start to stop: a context in which the bench's model has it."""
    how, (model, language, facts, objects, c) = ARMS[arm], bench(seed)
    if how is None:
        yield from (nullcontext() for _ in facts[start:stop])
        return
    if isinstance(how, FineTune):
        for fact, new in zip(facts[start:stop], objects[start:stop], strict=True):
            prompts = prompts_of(language, [fact])[0]
            yield fine_tuned(model, how, rate, prompts, new, until=until)
        return
    keys, values = new_values(
        seed, how.layer, how.position, how.keeps, rate, start, stop, until=until
    )
    w = memories(model)[how.layer].layer.down.w
    c = c[how.layer] if how.has_c else np.eye(len(w.data))
    for key, value in zip(keys, values, strict=True):
        yield replaced(w, "data", rank_one_edit(w.data, key, value, c))


@contextmanager
def fine_tuned(model, how, rate, prompts, new, *, until=UNTIL):
    """Inside it, a model is trained on one fact; then it is as it was."""
    before = model.state_dict()
    what = [memories(model)[-1].layer.down.w] if how.what == "values" else model.parameters()
    optimizer = how.optimizer(what, rate)
    try:
        fine_tune(model, optimizer, prompts, int(new), steps=STEPS, until=until)
        yield
    finally:
        model.load_state_dict(before)


def run(arm, seed, rate, *, start=0, stop=N_EDITS, until=UNTIL):
    """Make the edits number start to stop, each on the model as it was, and score each.

    Returns    a dict: arm, seed, rate; value: the share of neighbours that are still right;
               choose: what a bad edit costs, in nats, by which rates are chosen: the surprise at
               neighbours, and log 20, as if one knew nothing, for each share of the prompts that
               is not answered as it should; efficacy, paraphrase, subject, others, neighbour_nats:
               see edit_scores; each: two of these after each edit
    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"editing: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    model, language, facts, objects, _ = bench(seed)
    edits = zip(facts[start:stop], objects[start:stop], strict=True)
    scores = []
    for (fact, new), edited in zip(
        edits, edited_models(arm, seed, rate, start, stop, until), strict=True
    ):
        with edited:
            scores.append(edit_scores(model, language, fact, new))
    means = {name: float(np.mean([s[name] for s in scores])) for name in scores[0]}
    missed = 2 - means["efficacy"] - means["paraphrase"]
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": round(means.pop("neighbours"), 5),
        "choose": round(means["neighbour_nats"] + missed * math.log(N_OBJECTS), 5),
        **{name: round(mean, 5) for name, mean in means.items()},
        "each": {
            name: [round(s[name], 4) for s in scores] for name in ("paraphrase", "neighbour_nats")
        },
    }


def kept(part, runs=None):
    """The runs of a part, "tuning", "edits", "push 0.5", "many" or "tracing", by their arms' names.

    Arguments  runs: in place of those in results/editing.json
    Errors     ValueError if there is no such part
    """
    runs = results.load("editing")["runs"] if runs is None else runs
    named = [(*run["arm"].split(": ", maxsplit=1), run) for run in runs]
    found = [{**run, "arm": arm} for of, arm, run in named if of == part]
    if not found:
        parts = dict.fromkeys(of for of, _, _ in named)
        raise ValueError(f"editing: there is no part {part!r}, only {', '.join(parts)}")
    return found


def main():
    """All parts; keeps the results."""
    keep_freed_memory()
    first, last = TUNING
    plan = [(arm, seed, rate) for arm in ARMS for rate in RATES[arm] for seed in SEEDS]
    tuning = [_short(run(*each, start=first, stop=last)) for each in tqdm(plan, unit="run")]
    rates = results.best_rates(tuning, choose_by="choose")
    plan = [(arm, seed, rates[arm]) for arm in ARMS for seed in SEEDS]
    parts = {"tuning": tuning, "edits": [run(*each) for each in tqdm(plan, unit="run")]}
    plan = [each for each in plan if each[0] in PUSHED]
    for until in PUSHES:
        pushed = [run(*each, stop=N_PUSHED, until=until) for each in tqdm(plan, unit="run")]
        parts[f"push {until}"] = [_short(each) for each in pushed]
    many = dict.fromkeys(editing_many.ARMS, (VALUE_RATE,)) | TRAINED_RATES
    plan = [(arm, seed, rate) for arm, of in many.items() for rate in of for seed in SEEDS]
    parts["many"] = [editing_many.run(*each) for each in tqdm(plan, unit="run")]
    parts["tracing"] = [editing_tracing.run(seed) for seed in SEEDS]
    runs = [{**r, "arm": f"{part}: {r['arm']}"} for part, of in parts.items() for r in of]
    print(results.keep("editing", runs, settings=_settings()))


def _settings():
    """What is true of all runs."""
    model = bench(SEEDS[0]).model
    n_values = memories(model)[-1].values.size
    changed = {arm: model.n_parameters() for arm in ARMS if arm.startswith("all")}
    return {
        "seeds": SEEDS,
        "n_facts": len(bench(SEEDS[0]).facts),
        "n_parameters": dict.fromkeys(ARMS, n_values) | changed,
        "n_edits": N_EDITS,
        "n_tuning": TUNING[1] - TUNING[0],
        "n_pushed": N_PUSHED,
        "prompts of an edit": N_PROMPTS,
        "prompts of the covariance": N_KEYS,
        "most steps": STEPS,
        "until": UNTIL,
        "rates": RATES,
        "noise": editing_tracing.SCALE,
        "value": "share of the neighbours that are still right; of many: of all facts not edited",
        "rates chosen by": "choose, on other facts: nats at neighbours, log 20 a missed prompt",
    }


def _short(run):
    """A run without the list of its edits, in four digits."""
    short = {key: value for key, value in run.items() if key != "each"}
    return {k: round(v, 4) if k not in ("seed", "rate", "arm") else v for k, v in short.items()}


if __name__ == "__main__":
    start("editing", main, __doc__)
