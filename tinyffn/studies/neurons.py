"""Where is a fact? Its knowledge neurons at 0, and doubled, against as many chosen otherwise.

    python -m tinyffn.studies.neurons

trains models of the 1,600 facts (see trained.facts_model), looks for the knowledge neurons of 150
facts in each memory, and keeps what they do in `results/neurons.json`: two minutes on one core.

Neurons are chosen with prompts of one filler, and judged with prompts of another.
"""

import numpy as np
from tqdm import tqdm

from tinyffn.memory import keep_freed_memory
from tinyffn.nn import gated_d_ff
from tinyffn.studies import fact_language, results, trained
from tinyffn.studies.command import start
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.neurons import (
    as_many_at_random,
    chances,
    held_at,
    integrated_gradients,
    knowledge_neurons,
    scaled,
)
from tinyffn.studies.keyvalue.values import added_logits

SEEDS = (1, 2, 3)
RATE, STEPS = 6e-3, 600
N_FACTS = 150
N_SUPPRESSED = 20  # facts whose neurons are suppressed while all facts are asked for
GAP_STEPS = (10, 20, 40)
FILLERS = {"chosen": 0, "judged": 7}
MODELS = {
    "ReLU": {"activation": "relu"},
    "SwiGLU": {"gate_op": "swiglu", "d_ff": gated_d_ff(fact_language.TASKS["roomy"]["d_ff"])},
}
KNOWLEDGE, RANDOM, ACTIVE = "knowledge neurons", "random", "random, active"
LOUDEST, DIRECT = "largest |m| |v|", "largest m v.u"
FOR, WHOLE = "all that are for the answer", "the whole layer"
AGAINST, SOME_FOR = "all that are against it", "random, for the answer"
# KNOWLEDGE is at 0.2.
THRESHOLDS = {0.1: "knowledge neurons at 0.1", 0.4: "knowledge neurons at 0.4"}


def choices(model, k, knowledge, m, targets, *, rng):
    """As many neurons for each fact as it has knowledge neurons, chosen in other ways.

    Arguments  k: which of memories(model); knowledge (n, d_ff), m (n, d_ff): the knowledge neurons
               and the coefficients; targets (n)
    Returns    {name: (n, d_ff)}, True or False: knowledge itself; others at random; others at
               random among those with |m| at least a tenth of the largest; those that add the
               longest vectors m_i v_i; those whose m_i v_i adds most to the target's logit by
               itself, the final norm's scale apart
    """
    values = memories(model)[k].values
    says = added_logits(model, values)[:, targets].T  # (n, d_ff)
    active = np.abs(m) >= 0.1 * np.abs(m).max(axis=-1, keepdims=True)
    n_each = knowledge.sum(axis=-1, keepdims=True)

    def largest(score):
        return (-score).argsort(axis=-1).argsort(axis=-1) < n_each

    return {
        KNOWLEDGE: knowledge,
        RANDOM: as_many_at_random(knowledge, rng=rng),
        ACTIVE: as_many_at_random(knowledge, rng=rng, among=active),
        LOUDEST: largest(np.abs(m) * np.linalg.norm(values, axis=-1)),
        DIRECT: largest(m * says),
    }


def measure(model, language, k, *, seed, n_facts=N_FACTS):
    """What the neurons of one memory do: those of knowledge, as many chosen otherwise, and more.

    More are all whose part of the right answer's lead (see fact_language.lead) is above 0, as many
    of these at random as there are knowledge neurons, all whose part is below 0, and all there are;
    and whoever would be a knowledge neuron with other thresholds.

    Arguments  k: which of memories(model); n_facts: of all, drawn with the seed
    Returns    {name of the choice: a dict}: value, the mean chance of the right answer with the
               chosen neurons at 0; at_mean, the same with each of them at its mean over all
               facts; doubled, with twice their activity; before, as they are; n_neurons of a fact,
               the mean. For the knowledge neurons also each: the chance at 0 of each fact, n_each:
               its number of neurons, and what `shared` and `gaps` say
    """
    rng = np.random.default_rng([seed, 3])
    facts = np.sort(rng.permutation(len(language.objects))[:n_facts])
    targets, memory = language.objects[facts], memories(model)[k]
    asked = {name: _prompts(language, facts, shift) for name, shift in FILLERS.items()}
    attributions = [integrated_gradients(model, memory, ids, targets)[0] for ids in asked["chosen"]]
    m = np.mean([coefficients(model, ids)[k][:, -1] for ids in asked["chosen"]], axis=0)
    knowledge = knowledge_neurons(np.stack(attributions))
    every = _prompts(language, np.arange(len(language.objects)), FILLERS["judged"])
    anyhow = np.mean([coefficients(model, ids)[k][:, -1].mean(axis=0) for ids in every], axis=0)

    def right():
        return np.mean([chances(model, ids, targets) for ids in asked["judged"]], axis=0)

    before, found = right(), {}
    says = added_logits(model, memory.values)
    lead = m * (says[:, targets] - says[:, language.choices[facts]].mean(axis=-1)).T
    arms = choices(model, k, knowledge, m, targets, rng=rng)
    arms |= {FOR: lead > 0, WHOLE: np.ones_like(knowledge), AGAINST: lead < 0}
    arms[SOME_FOR] = as_many_at_random(knowledge, rng=rng, among=lead > 0)
    for threshold, name in THRESHOLDS.items():
        arms[name] = knowledge_neurons(np.stack(attributions), threshold=threshold)
    for name, chosen in arms.items():
        with scaled(memory, chosen, 0):
            suppressed = right()
        with held_at(memory, chosen, anyhow):
            at_mean = right()
        with scaled(memory, chosen, 2):
            doubled = right()
        found[name] = {
            "value": _round(suppressed.mean()),
            "at_mean": _round(at_mean.mean()),
            "doubled": _round(doubled.mean()),
            "before": _round(before.mean()),
            "n_neurons": _round(chosen.sum(axis=-1).mean()),
        }
        if name == KNOWLEDGE:
            each = {"each": _round(suppressed), "n_each": chosen.sum(axis=-1).tolist()}
            found[name] |= each | gaps(model, memory, asked["chosen"][0], targets)
        if name in (KNOWLEDGE, RANDOM):
            found[name] |= shared(model, language, memory, facts, chosen)
    return found


def gaps(model, memory, ids, targets):
    """How far attributions are from complete: {gap: {steps: mean |gap|, ...}}."""
    sizes = {}
    for steps in GAP_STEPS:
        gap = integrated_gradients(model, memory, ids, targets, steps=steps)[1]
        sizes[str(steps)] = float(f"{np.abs(gap).mean():.3g}")
    return {"gap": sizes}


def shared(model, language, memory, facts, chosen):
    """How much a fact's neurons are its own.

    Returns    a dict: used, the share of all neurons that belong to one of the facts at least;
               facts_each: to how many of them such a neuron belongs, the mean; same_answer,
               other_answer: by how much the chance falls, of all other facts that have the same
               answer or another one, when a fact's neurons are suppressed; the mean over
               N_SUPPRESSED facts
    """
    every = np.arange(len(language.objects))
    (ids, *_), targets = _prompts(language, every, FILLERS["judged"]), language.objects
    before = chances(model, ids, targets)
    same, other = [], []
    for fact, its in zip(facts[:N_SUPPRESSED], chosen, strict=False):
        with scaled(memory, its, 0):
            fall = before - chances(model, ids, targets)
        is_same = targets == targets[fact]
        same.append(fall[is_same & (every != fact)].mean())
        other.append(fall[~is_same].mean())
    n_facts = chosen.sum(axis=0)
    return {
        "used": _round(np.mean(n_facts > 0)),
        "facts_each": _round(n_facts[n_facts > 0].mean()),
        "same_answer": _round(np.mean(same)),
        "other_answer": _round(np.mean(other)),
    }


def run(kind, seed, *, steps=STEPS, n_facts=N_FACTS, progress=False):
    """Train one model, one of MODELS, and measure each of its memories.

    Returns    a list of dicts: arm, such as "ReLU, FFN 2: random", seed, rate, n_parameters, and
               what `measure` says
    Errors     ValueError if there is no such kind
    """
    if kind not in MODELS:
        raise ValueError(f"neurons: there is no model {kind!r}, only {', '.join(MODELS)}")
    model, about = trained.facts_model(
        seed=seed, rate=RATE, steps=steps, progress=progress, **MODELS[kind]
    )
    language, runs = trained.facts_of(about), []
    for k in range(len(memories(model))):
        for name, what in measure(model, language, k, seed=seed, n_facts=n_facts).items():
            known = {"seed": seed, "rate": RATE, "n_parameters": model.n_parameters()}
            runs.append({"arm": f"{kind}, FFN {k + 1}: {name}", **known, **what})
    return runs


def main():
    """Both models, all seeds; keeps the results."""
    keep_freed_memory()
    plan = [(kind, seed) for kind in MODELS for seed in SEEDS]
    runs = [each for kind, seed in tqdm(plan, unit="model") for each in run(kind, seed)]
    settings = {
        "models": MODELS,
        "steps": STEPS,
        "n_facts": N_FACTS,
        "n_suppressed": N_SUPPRESSED,
        "value": "mean chance of the right answer with the chosen neurons at 0",
    }
    print(results.keep("neurons", runs, settings=settings))


def kept(kind, k):
    """The runs of one memory that were kept, with the names of the choices as arms.

    Arguments  kind: one of MODELS; k: 0 for the first memory
    Errors     ValueError if there are none
    """
    start = f"{kind}, FFN {k + 1}: "
    runs = results.load("neurons")["runs"]
    of_memory = [
        run | {"arm": run["arm"].removeprefix(start)}
        for run in runs
        if run["arm"].startswith(start)
    ]
    if not of_memory:
        raise ValueError(f"neurons: nothing is kept of {kind}, FFN {k + 1}")
    return of_memory


def _prompts(language, facts, shift):
    """The facts said in three ways: three arrays of ids (n, 4)."""
    fillers = (facts + shift) % 20
    return [language.prompts(facts, paraphrase=p, filler=fillers) for p in range(3)]


def _round(number):
    return np.round(np.asarray(number, float), 4).tolist()


if __name__ == "__main__":
    start("neurons", main, __doc__)
