"""What all edits of a seed share: a model that knows its facts, what is to be changed, the keys."""

import functools
from typing import NamedTuple

import numpy as np

from tinyffn.data import FactLanguage
from tinyffn.data.facts import N_OBJECTS
from tinyffn.models import LanguageModel
from tinyffn.studies import trained
from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.memories import coefficients

FIRST_NAME, LAST_NAME, ANSWER = 1, 2, 3  # positions of a prompt
N_PROMPTS = 5  # with which a fact is edited: paraphrase 0 and the first fillers
N_KEYS = 4800  # random prompts, of whose four positions the covariances are made
STEPS, UNTIL = 200, 0.95  # of find_values and fine_tune


class Bench(NamedTuple):
    """A model and its edits: number i makes objects[i] the object of fact number facts[i]."""

    model: LanguageModel
    language: FactLanguage
    facts: np.ndarray  # (n_facts), all facts in random order
    objects: np.ndarray  # (n_facts), other objects of the same relation
    c: list[np.ndarray]  # the covariance (d_ff, d_ff) of each memory


@functools.cache
def bench(seed):
    """The Bench of a seed. Whoever changes the model must put it back."""
    model, about = trained.facts_model(seed=seed, progress=False)
    language = trained.facts_of(about)
    rng = np.random.default_rng([seed, 3])
    facts = rng.permutation(len(language.objects))
    choices = language.choices[facts]
    old = np.nonzero(choices == language.objects[facts][:, None])[1]
    new = (old + rng.integers(1, N_OBJECTS, size=len(facts))) % N_OBJECTS
    prompts, _ = next(language.random_prompts(batch_size=N_KEYS, rng=rng))
    return Bench(
        model,
        language,
        facts,
        choices[np.arange(len(facts)), new],
        [covariance(m) for m in coefficients(model, prompts)],
    )


def prompts_of(language, facts):
    """The prompts with which facts (n) are edited: ids (n, N_PROMPTS, 4)."""
    ways = [language.prompts(facts, paraphrase=0, filler=way) for way in range(N_PROMPTS)]
    return np.stack(ways, axis=1)
