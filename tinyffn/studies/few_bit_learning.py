"""Can a model in few bits still learn? New facts are taught to models in float32 and in few bits.

    python -m tinyffn.studies.few_bit_learning

teaches 52 new facts, about 13 new subjects, to models that know 1,600 others, some minutes on one
core, and keeps the results in `results/few_bit_learning.json`. The models are those of the studies
`editing` and, in few bits, few_bit_facts.py: all know their facts.

    float32                    all weights are trained
    sign, latent kept          trained behind a straight-through estimator, as before
    ternary, latent kept       the same
    sign, latent lost          the same, but from the values that are stored: each is its scale away
                               from a change of sign
    sign, the rest trained     the signs stay as they are, all else is trained

Each is taught with the new facts alone, or with as many old ones in each step. All arms of a seed
see the same prompts. What is learnt and what is kept pull against each other, so the rate is chosen
by the sum of both surprises, asked in other words than those reported.
"""

import copy
from functools import partial

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import FactLanguage
from tinyffn.memory import keep_freed_memory
from tinyffn.optim import Adam
from tinyffn.studies import fact_language, results
from tinyffn.studies.command import start
from tinyffn.studies.editing_bench import bench
from tinyffn.studies.few_bit_facts import SCHEMES, read_back, trained_on
from tinyffn.studies.keyvalue.scores import told
from tinyffn.train import fit

SEEDS = (1, 2, 3)
N_NEW = 13  # subjects, with four facts each
STEPS, ASKED_AT = 200, (10, 25, 50, 100, 200)
RATES = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
BATCH_SIZE = 64  # of the new facts, and of the old ones where there are any
FLOAT, LOST, REST = "float32", "sign, latent lost", "sign, the rest trained"
ARMS = (FLOAT, "sign, latent kept", "ternary, latent kept", LOST, REST)
LESSONS = ("alone", "with old ones")


def language_of(seed):
    """The language of a seed with N_NEW more subjects behind the old ones, whose facts stay."""
    n_subjects = fact_language.TASKS["roomy"]["n_subjects"] + N_NEW
    return FactLanguage(n_subjects, rng=np.random.default_rng(seed))


def model_of(arm, seed):
    """A copy of the model of an arm, and the parameters that are trained.

    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"few_bit_learning: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    if arm == FLOAT:
        model = copy.deepcopy(bench(seed).model)
    else:
        model = copy.deepcopy(trained_on(seed, arm.split(",")[0]))
    if arm in (LOST, REST):
        model = read_back(model)
    if arm == LOST:
        nn.replace_linears(model, partial(nn.QuantizedLinear.from_linear, scheme=SCHEMES["sign"]))
    signs = {f"blocks.{i}.feed_forward.{part}.w" for i in (0, 1) for part in ("up", "down")}
    parameters = [p for name, p in model.named_parameters() if arm != REST or name not in signs]
    return model, parameters


def run(arm, seed, rate, *, stop=STEPS):
    """Teach one arm, a model and a lesson such as "float32: alone", with Adam at one rate.

    Arguments  stop: after this many steps
    Returns    a dict: arm, seed, rate; value: the mean of the two shares at the end, right of the
               new and right of the old facts; new, old: these shares after each of ASKED_AT steps;
               new_otherwise: right of the new ones with paraphrase 2, which no lesson has; choose:
               the surprises at new and at old facts, in nats, with paraphrase 1; n_trained: numbers
    Errors     ValueError if there is no such arm or lesson, or rate is not above 0
    """
    must_be_above("run", 0, rate=rate)
    must_be_positive("run", stop=stop)
    name, _, lesson = arm.partition(": ")
    if lesson not in LESSONS:
        raise ValueError(f"few_bit_learning: there is no lesson {lesson!r}, only {LESSONS}")
    model, parameters = model_of(name, seed)
    language, n_old = language_of(seed), len(bench(seed).facts)
    prompts = lessons(language, n_old, lesson, rng=np.random.default_rng([seed, 6]))
    optimizer, done, new, old = Adam(parameters, rate), 0, [], []
    for at in (*(at for at in ASKED_AT if at < stop), stop):
        fit(
            model,
            lambda ids, targets: ops.cross_entropy(model(ids)[:, -1], targets=targets),
            prompts,
            optimizer,
            steps=at - done,
            progress=False,
        )
        done = at
        is_right, _ = told(model, language)
        new.append(round(float(np.mean(is_right[n_old:])), 5))
        old.append(round(float(np.mean(is_right[:n_old])), 5))
    _, nats = told(model, language, paraphrase=1)
    otherwise, _ = told(model, language, paraphrase=2)
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        "value": round((new[-1] + old[-1]) / 2, 5),
        "new": new,
        "old": old,
        "new_otherwise": round(float(np.mean(otherwise[n_old:])), 5),
        "choose": round(float(np.mean(nats[n_old:]) + np.mean(nats[:n_old])), 5),
        "n_trained": sum(p.data.size for p in parameters),
    }


def lessons(language, n_old, lesson, *, rng):
    """Endless batches of prompts and objects: new facts in paraphrases 0 and 1, and old ones."""
    n_facts = len(language.objects)
    while True:
        facts = rng.integers(n_old, n_facts, size=BATCH_SIZE)
        others = rng.integers(n_old, size=BATCH_SIZE)
        if lesson == LESSONS[1]:
            facts = np.concatenate([facts, others])
        ways = rng.integers(2, size=len(facts)), rng.integers(20, size=len(facts))
        yield (
            language.prompts(facts, paraphrase=ways[0], filler=ways[1]),
            language.objects[facts],
        )


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    keep([run(*each) for each in tqdm(plan(), unit="run")])


def plan():
    """All runs of the study, in order: [(arm, seed, rate), ...]."""
    return [
        (f"{arm}: {lesson}", seed, rate)
        for seed in SEEDS
        for arm in ARMS
        for lesson in LESSONS
        for rate in RATES
    ]


def keep(runs):
    """Write what all runs found, with what they share."""
    settings = {
        "new facts": 4 * N_NEW,
        "old facts": len(bench(SEEDS[0]).facts),
        "steps": STEPS,
        "asked at": ASKED_AT,
        "rates": RATES,
        "batch_size": BATCH_SIZE,
        "value": "mean of the shares right of new and of old facts, at the end",
        "rates chosen by": "choose, the surprises at new and old facts, in other words",
    }
    print(results.keep("few_bit_learning", runs, settings=settings))


if __name__ == "__main__":
    start("few_bit_learning", main, __doc__)
