"""What does each half of a block add? Attention, feed-forward layers and both, on stored facts.

    python -m tinyffn.studies.fact_language

makes all runs, half an hour on one core, and keeps them in `results/fact_language.json`.

The task: a prompt of four words such as "today Ada Haddad lives-in", and the one word that is true,
see data.FactLanguage. The loss is that of this word alone, so only the last position counts. In the
roomy task the model has many more parameters than it needs, in the crowded one it must store four
times the facts in about a third of the weights.

All arms of a seed share the facts, the batches in their order, and the first values of the
embeddings and of the map to the words.
"""

import numpy as np
from tqdm import tqdm

from tinyffn import ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import FactLanguage
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.models import transformer
from tinyffn.optim import Adam, warmup_cosine
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.train import History, fit

TASKS = {
    "roomy": {"n_subjects": 400, "d_model": 64, "d_ff": 256},
    "crowded": {"n_subjects": 1600, "d_model": 32, "d_ff": 128},
}
STEPS = {"roomy": 600, "crowded": 2000}
RATES = {"roomy": (3e-3, 6e-3, 1.2e-2, 2.4e-2), "crowded": (4e-3, 8e-3, 1.6e-2)}
SEEDS = (1, 2, 3)
BATCH_SIZE = 256
SHARED = ("token.table", "position", "head.w")
WHOLE = "both"

# The arms: what each has in place of the options of the whole model, which has two blocks.
ARMS = {
    WHOLE: {},
    "linear FFN": {"activation": ops.identity},
    "attention only": {"feed_forward": False},
    "attention only, 6 layers": {"feed_forward": False, "n_layers": 6},  # as many parameters
    "FFN only": {"attention": False},
}


def make_language(task, seed):
    """The facts of a task.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, TASKS)
    return FactLanguage(TASKS[task]["n_subjects"], rng=np.random.default_rng(seed))


def make_model(task, arm, seed):
    """The model of an arm before training.

    Errors     ValueError if there is no such task or arm
    """
    language = make_language(task, seed)
    _must_be_one_of("arm", arm, ARMS)
    model, whole = (_build(task, name, len(language), seed) for name in (arm, WHOLE))
    first = dict(whole.named_parameters())
    for name, parameter in model.named_parameters():
        if name in SHARED:
            parameter.data[:] = first[name].data
    return model


def share_right(model, language, facts, *, paraphrase):
    """The share of facts (n), said with this paraphrase, that the model answers right."""
    prompts = language.prompts(facts, paraphrase=paraphrase, filler=facts % 20)
    with no_grad():
        answers = model(prompts).data[:, -1].argmax(axis=-1)
    return float(np.mean(answers == language.objects[facts]))


def best_without_names(language):
    """The largest share of the facts that can be right if one sees the last word alone.

    It tells the relation, and nothing else: so one says the relation's most frequent object. No
    model without attention can do better, however many parameters it has.
    """
    right = 0
    for relation in np.unique(language.relations):
        right += np.bincount(language.objects[language.relations == relation]).max()
    return float(right / len(language.objects))


def lead(language, scores):
    """How far the right word of each fact is ahead of the other answers of its relation.

    Arguments  scores (n_facts, n_words): for each fact, in their order, a number for each word
    Returns    (n_facts): the score of the right word less the mean score of the nineteen others
    """
    each = np.arange(len(scores))
    right = scores[each, language.objects]
    answers = scores[each[:, None], language.choices]
    return right - (answers.sum(axis=1) - right) / (answers.shape[1] - 1)


def learn(model, language, *, seed, rate, steps, stop=None, **settings):
    """Train a model to answer the prompts of a language: Adam, with warm-up and cosine.

    Only the last position counts, and every prompt is as likely: see data.FactLanguage.

    Arguments  steps: for which the rate is planned; stop: after this many of them; settings: more
               of `train.fit`
    Errors     as train.fit
    """
    fit(
        model,
        lambda prompts, objects: ops.cross_entropy(model(prompts)[:, -1], targets=objects),
        language.random_prompts(batch_size=BATCH_SIZE, rng=np.random.default_rng([seed, 1])),
        Adam(model.parameters(), rate),
        steps=steps if stop is None else stop,
        schedule=warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps),
        **settings,
    )


def run(task, arm, seed, rate, *, stop=None, progress=False):
    """Train one arm: Adam, with warm-up and cosine over STEPS[task] steps.

    Arguments  stop: after this many steps, at most STEPS[task]
    Returns    a dict: arm, seed, rate;
               value: facts right at the end, in percent, said as they were in training;
               held_out: right among those whose paraphrase 2 was never shown, said with it;
               loss: mean nats over the last tenth of the steps, by which rates are chosen;
               curve: `value` after each tenth of the steps; losses: the mean loss of each
               twentieth; n_parameters
    Errors     ValueError if task or arm is unknown, rate is not above 0, or stop no whole number
               from 1 to STEPS[task]
    """
    must_be_above("run", 0, rate=rate)
    language, model = make_language(task, seed), make_model(task, arm, seed)
    steps = STEPS[task]
    stop = steps if stop is None else stop
    must_be_positive("run", stop=stop)
    if stop > steps:
        raise ValueError(f"run: stop is {stop}, but the runs of {task!r} have {steps} steps")
    facts, kept_back = np.arange(len(language.objects)), np.flatnonzero(language.held_out)
    history = History()
    learn(
        model,
        language,
        seed=seed,
        rate=rate,
        steps=steps,
        stop=stop,
        evaluate=lambda: share_right(model, language, facts, paraphrase=0),
        evaluate_every=steps // 10,
        history=history,
        progress=progress,
    )
    each = steps // 20
    losses = [float(np.mean(history.loss[i : i + each])) for i in range(0, stop, each)]
    return {
        "arm": f"{task}: {arm}",
        "seed": seed,
        "rate": rate,
        "value": _percent(history.eval_loss[-1]),
        "held_out": _percent(share_right(model, language, kept_back, paraphrase=2)),
        "loss": round(float(np.mean(history.loss[-steps // 10 :])), 5),
        "curve": [_percent(share) for share in history.eval_loss],
        "losses": [round(nats, 4) for nats in losses],
        "n_parameters": model.n_parameters(),
    }


def main():
    """All arms, rates and seeds on both tasks; keeps the results."""
    keep_freed_memory()
    plan = [
        (task, arm, seed, rate)
        for task in TASKS
        for arm in ARMS
        for rate in RATES[task]
        for seed in SEEDS
    ]
    runs = [run(*each) for each in tqdm(plan, unit="run")]
    sizes = {each["arm"]: each.pop("n_parameters") for each in runs}
    settings = {
        "tasks": TASKS,
        "n_layers": 2,
        "n_heads": 4,
        "steps": STEPS,
        "rates": RATES,
        "batch_size": BATCH_SIZE,
        "n_parameters": sizes,
        "value": "facts right at the end, in percent",
        "rates chosen by": "loss, the mean of the last tenth of the steps, in nats",
    }
    print(results.keep("fact_language", runs, settings=settings))


def kept(task):
    """The runs of a task that were kept, with the bare names of their arms.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, TASKS)
    named = [(*run["arm"].split(": "), run) for run in results.load("fact_language")["runs"]]
    return [{**run, "arm": arm} for of, arm, run in named if of == task]


def _build(task, arm, n_words, seed):
    sizes = {name: TASKS[task][name] for name in ("d_model", "d_ff")}
    options = {"n_layers": 2, **sizes, **ARMS[arm]}
    return transformer(n_words, 4, n_heads=4, rng=np.random.default_rng([seed, 2]), **options)


def _percent(share):
    return round(100 * share, 2)


def _must_be_one_of(name, given, known):
    if given not in known:
        raise ValueError(f"fact_language: there is no {name} {given!r}, only {', '.join(known)}")


if __name__ == "__main__":
    start("fact_language", main, __doc__)
