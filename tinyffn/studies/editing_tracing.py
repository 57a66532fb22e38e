"""Does causal tracing say where to edit? Effects of the facts that are edited, place by place.

Runs of `python -m tinyffn.studies.editing`, kept in `results/editing.json`.
"""

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.studies.editing_bench import FIRST_NAME, LAST_NAME, bench
from tinyffn.studies.keyvalue.tracing import causal_trace

N_FACTS, N_DRAWS = 40, 5
SCALE = 3.0  # of the noise, in standard deviations of the embeddings' entries
ROWS = ("attention 1", "FFN 1", "attention 2", "FFN 2")
PLACES = {"FFN 1, answer": (1, 3), "FFN 1, last name": (1, 2), "FFN 2, answer": (3, 3)}


def run(seed, *, n_facts=N_FACTS, n_draws=N_DRAWS):
    """Trace the first facts of a bench, those that are edited, with noise on both names.

    Returns    a dict: arm, seed, rate: the scale of the noise; value, total: the mean total effect;
               indirect: the mean indirect effects, a row for each of ROWS, a column for each
               position; each: {place: the indirect effect there for every fact, a mean over draws}
    Errors     ValueError if n_facts or n_draws is no whole number above 0
    """
    must_be_positive("editing_tracing.run", n_facts=n_facts, n_draws=n_draws)
    model, language, facts, _, _ = bench(seed)
    facts = facts[:n_facts]
    prompts = np.repeat(language.prompts(facts, paraphrase=0), n_draws, axis=0)
    answers = np.repeat(language.objects[facts], n_draws)
    table = model.token.table.data
    rng = np.random.default_rng([seed, 4])
    noise = np.zeros((*prompts.shape, table.shape[1]), np.float32)
    names = slice(FIRST_NAME, LAST_NAME + 1)
    noise[:, names] = SCALE * table.std() * rng.normal(size=noise[:, names].shape)
    total, indirect = causal_trace(model, prompts, answers, noise)
    by_fact = indirect.reshape(len(facts), n_draws, *indirect.shape[1:]).mean(axis=1)
    mean = float(np.mean(total))
    return {
        "arm": "tracing",
        "seed": seed,
        "rate": SCALE,
        "value": round(mean, 4),
        "total": round(mean, 4),
        "indirect": np.round(indirect.mean(axis=0), 4).tolist(),
        "each": {
            place: np.round(by_fact[:, row, position], 4).tolist()
            for place, (row, position) in PLACES.items()
        },
    }


def rank_correlation(a, b):
    """Spearman's: the correlation of the ranks of two rows of numbers (n); equal ones share theirs.

    Errors     ValueError if they are not two rows of one length, or all numbers of one are equal
    Source     Spearman 1904 (The proof and measurement of association between two things)
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 1 or a.shape != b.shape or min(np.ptp(a), np.ptp(b)) == 0:
        raise ValueError(
            f"rank_correlation: a {a.shape} and b {b.shape} must be of one length (n), and neither "
            "of equal numbers alone"
        )
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(numbers):
    """The mean of the first and the last place that a number has among all, sorted."""
    ordered = np.sort(numbers)
    sides = [np.searchsorted(ordered, numbers, side) for side in ("left", "right")]
    return np.mean(sides, axis=0)
