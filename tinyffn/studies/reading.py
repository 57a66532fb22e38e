"""Can feed-forward layers be read as memories: do their values say what their keys wait for?

    python -m tinyffn.studies.reading

trains the models, a quarter of an hour on one core, and keeps what was read in
`results/reading.json`: a run for each layer and seed. No model is compared by how well it does, and
so each kind has one rate: all of the facts know nearly every fact.

Each memory is held to the places where its coefficient is largest, its triggers. Of the best one
the token that follows is known: in the facts language the object of the fact, in a text what stands
there. A layer that is gated is read with canonical signs: see keyvalue.symmetries.
"""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tinyffn.arguments import must_be_positive
from tinyffn.data import Characters, documentation, fingerprint, split
from tinyffn.memory import keep_freed_memory
from tinyffn.nn import gated_d_ff
from tinyffn.studies import fact_language, results, trained
from tinyffn.studies.command import start
from tinyffn.studies.keyvalue.agreement import (
    active_fraction,
    agreement_rate,
    composition,
    is_active,
    others_rates,
    permuted_rates,
)
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.symmetries import canonical_sign
from tinyffn.studies.keyvalue.triggers import chance_purity, purity, trigger_examples
from tinyffn.studies.keyvalue.values import token_ranks, value_logits, value_tokens

SEEDS = (1, 2, 3)
N_TRIGGERS = 25
N_PERMUTATIONS = 200
N_WINDOWS = 128  # of held-out text
# The models of the facts, by what they have in place of the options of trained.facts_model.
# The gated layers are narrower, and so have as many parameters as those with ReLU.
FACTS = {
    "facts, ReLU": {},
    "facts, gated": {"gate_op": "swiglu", "d_ff": gated_d_ff(fact_language.TASKS["roomy"]["d_ff"])},
    "facts, tied": {"tied": True},
}
TEXT = "documentation, ReLU"
ON = {"facts, gated": 0.1}  # the least of a coefficient that is on, a share of its largest; else 0


class Material(NamedTuple):
    """What a model reads, and what is asked about it: all arrays are (B, T)."""

    ids: np.ndarray
    next_tokens: np.ndarray  # what follows each place
    among: np.ndarray  # True where places count
    groups: np.ndarray  # a number for each place: values are held to those of their group too


def facts_material(language):
    """Every fact of a FactLanguage, said in three ways. The last place counts.

    Groups are the four relations: a value that knows the relation alone is right once in twenty.
    """
    facts = np.tile(np.arange(len(language.objects)), 3)
    said = np.repeat(np.arange(3), len(language.objects))
    ids = language.prompts(facts, paraphrase=said, filler=facts % 20)
    last = np.zeros(ids.shape, bool)
    last[:, -1] = True
    objects, relations = (np.repeat(of[facts][:, None], 4, axis=1) for of in
                          (language.objects, language.relations))  # fmt: skip
    return Material(ids, objects, last, relations)


def text_material(characters, *, length, n=N_WINDOWS):
    """The first n windows of `length` characters of held-out documentation. All places count.

    Groups are the characters that stand at the places: a value that knows the frequencies of pairs
    of characters alone is as good as another one of its group.

    Errors     ValueError if n is no whole number above 0, or there is not so much text
    """
    must_be_positive("text_material", n=n, length=length)
    test = split(characters.encode(characters.known(documentation())))[1]
    if len(test) <= n * length:
        raise ValueError(
            f"text_material: {n} windows of {length} characters are too many for {len(test):,}"
        )
    ids, following = (test[i : i + n * length].reshape(n, length) for i in (0, 1))
    return Material(ids, following, np.ones(ids.shape, bool), ids)


def read_layers(model, material, *, least=0.0, rng):
    """What can be read in each feed-forward layer: a list of dicts, from the first to the last.

    Memories that are on nowhere are left out, but in `never`. In percent, if nothing else is said:

        value                    agreement of top tokens with the tokens that follow best triggers
        as_they_stand            the same without canonical signs
        null, null_range         agreement if values are permuted: mean, [lowest, highest]
        value_in_groups          the same as value, of memories that have others in their group
        null_in_groups           their agreement with the value of another memory of their group
        uniform                  agreement if each token were as likely: too low a bar
        median_rank              a rank: of the token that follows, in its value; 1 is the top
        active                   coefficients that are on
        composition              places whose layer says what none of its active memories says
        purity, chance_purity    triggers that end in the most frequent token; groups at random
        never                    memories that are on nowhere

    The layer says the top token of Σ_i m_i v_i, without its bias, which is no memory's.

    Arguments  least: see agreement.is_active; rng: draws permutations and groups
    """
    return [
        _read_layer(model, memory.values, m, material, least, rng)
        for memory, m in zip(memories(model), coefficients(model, material.ids), strict=True)
    ]


def run(arm, seed):
    """Read all layers of a model: a list of runs, with "layer 1" and so on behind the arm's name.

    The models of seed 1 with ReLU are those that ship: see studies.trained. All others are trained.

    Returns    a list of dicts: arm, seed, rate; n_parameters of the whole model; steps it was
               trained for; `known`, the facts that it knows, in percent, if it is of the facts;
               and what `read_layers` gives
    Errors     ValueError if there is no such arm
    """
    model, about, material = _model_and_material(arm, seed)
    rng = np.random.default_rng([seed, 3])
    layers = read_layers(model, material, least=ON.get(arm, 0.0), rng=rng)
    shared = {"seed": seed, **{name: about["training"][name] for name in ("rate", "steps")}}
    shared["n_parameters"] = model.n_parameters()
    if "known" in about:
        shared["known"] = _percent(about["known"])
    return [
        {"arm": f"{arm}, layer {number}", **shared, **layer}
        for number, layer in enumerate(layers, start=1)
    ]


def main():
    """All models of all seeds; keeps what was read."""
    keep_freed_memory()
    plan = [(arm, seed) for arm in (*FACTS, TEXT) for seed in SEEDS]
    runs = [layer for each in tqdm(plan, unit="model") for layer in run(*each)]
    settings = {
        "facts": FACTS,
        "text": fingerprint(documentation()),
        "windows of text": N_WINDOWS,
        "triggers": N_TRIGGERS,
        "permutations": N_PERMUTATIONS,
        "on above this share of a memory's largest coefficient": {TEXT: 0.0, **ON},
        "value": "agreement of the values' top tokens with what follows best triggers, in percent",
    }
    print(results.keep("reading", runs, settings=settings))


def _model_and_material(arm, seed):
    if arm == TEXT:
        model, about = _trained("documentation", trained.documentation_model, seed)
        characters = Characters(about["characters"])
        return model, about, text_material(characters, length=about["model"]["context"])
    if arm not in FACTS:
        raise ValueError(f"run: there is no arm {arm!r}, only {', '.join(FACTS)}, {TEXT}")
    if FACTS[arm]:
        model, about = trained.facts_model(seed=seed, progress=False, **FACTS[arm])
    else:
        model, about = _trained("facts", trained.facts_model, seed)
    return model, about, facts_material(trained.facts_of(about))


def _trained(name, make, seed):
    """The model of seed 1, which ships; or one that is trained now."""
    return trained.load(name) if seed == 1 else make(seed=seed, progress=False)


def _read_layer(model, values, m, material, least, rng):
    ids, next_tokens, among, groups = material
    counting = m[among]
    sign = canonical_sign(counting)
    triggers = trigger_examples(m * sign, N_TRIGGERS, among=among)
    is_on = triggers.m[:, 0] > 0
    best = triggers.rows[is_on, 0], triggers.positions[is_on, 0]
    following = next_tokens[best]
    logits = value_logits(model, sign[:, None] * values)[is_on]
    top = logits.argmax(axis=1)
    # As if there were no signs: the trigger is where m is largest, and v is what is said.
    plain = value_tokens(model, values)[:, 0][is_on]
    after_plain = next_tokens[among][counting.argmax(axis=0)][is_on]
    null = permuted_rates(top, following, rng=rng, n=N_PERMUTATIONS)
    in_groups, counted = others_rates(top, following, groups[best], rng=rng, n=N_PERMUTATIONS)
    ends = ids[triggers.rows, triggers.positions][is_on]
    return {
        "value": _percent(agreement_rate(top, following)),
        "as_they_stand": _percent(agreement_rate(plain, after_plain)),
        "null": _percent(null.mean()),
        "null_range": [_percent(null.min()), _percent(null.max())],
        "value_in_groups": _percent(agreement_rate(top[counted], following[counted])),
        "null_in_groups": _percent(in_groups.mean()),
        "uniform": _percent(1 / logits.shape[1]),
        "median_rank": float(np.median(token_ranks(logits, following))),
        "active": _percent(active_fraction(counting, least=least)),
        "composition": _percent(_composition(model, values, counting, least)),
        "purity": _percent(purity(ends).mean()),
        "chance_purity": _percent(chance_purity(ids[among], N_TRIGGERS, rng=rng).mean()),
        "never": _percent(np.mean(~is_on)),
    }


def _composition(model, values, counting, least):
    active = is_active(counting, least=least)
    both = np.concatenate([active & (counting > 0), active & (counting < 0)], axis=1)
    tops = value_tokens(model, np.concatenate([values, -values]))[:, 0]
    layer_tokens = value_tokens(model, counting @ values)[:, 0]
    return composition(layer_tokens, tops, both)


def _percent(share):
    return round(100 * float(share), 2)


if __name__ == "__main__":
    start("reading", main, __doc__)
