"""Checks of exercise 12.3. Some tokens are far more frequent than others, as in text."""

import numpy as np

from tinyffn.lab.checks import check

VOCAB_SIZE = 12


def drawn(rng, n, k):
    """What n values say, k different tokens each, and next tokens; frequent ones are the same."""
    rare = np.arange(1, VOCAB_SIZE + 1)
    top, following = (rng.exponential(size=(n, VOCAB_SIZE)) * rare for _ in range(2))
    return top.argsort(axis=1)[:, :k], following.argmin(axis=1)


def dealt(rng, n, k):
    """The same, and a permutation whose rate is neither that of its inverse nor that of none.

    Nor is any of them the rate of the first tokens alone, if there are more.
    """
    while True:
        top, following = drawn(rng, n, k)
        permutation = rng.permutation(n)
        orders = permutation, np.argsort(permutation), np.arange(n)
        counts = [(top == following[order][:, np.newaxis]).any(axis=1).sum() for order in orders]
        counts += [(top[:, 0] == following[permutation]).sum()] * (k > 1)
        if len(set(counts)) == len(counts) and 0 not in counts:
            return top, following, permutation


def undecided(rng, n, k):
    """What values say and next tokens, such that wrong means and deviations are far from right."""
    while True:
        top, following = drawn(rng, n, k)
        hit = (top[:, np.newaxis] == following[:, np.newaxis]).any(axis=2)
        n_tokens = len(set(top.ravel()) | set(following))
        rates = [hit.mean(), (hit.sum() - np.trace(hit)) / (n * (n - 1)), k / n_tokens]
        rest = hit - hit.mean(axis=0) - hit.mean(axis=1, keepdims=True) + hit.mean()
        variances = (rest**2).sum() / (n - 1) / n**2, hit.mean() * (1 - hit.mean()) / n
        distances = [abs(a - b) for i, a in enumerate(rates) for b in rates[:i]]
        if min(distances) > 2e-3 and abs(np.diff(np.sqrt(variances))) > 1e-3:
            return top, following


def rates(task, rng, k):
    return {f"rate ({n} values)": task.agreement_rate(*dealt(rng, n, k)) for n in (12, 30)}


def chances(task, rng, which):
    found = {}
    for k in (1, 3):
        for n in (6, 30):
            chance = task.chance_agreement(*undecided(rng, n, k))
            found[f"{which} ({n} values, k = {k})"] = chance
    return found


@check("values where they stood", points=1)
def stood(task, rng):
    found = {}
    for n in (12, 30):
        top, following, _ = dealt(rng, n, 1)
        found[f"rate ({n} values)"] = task.agreement_rate(top, following, np.arange(n))
    return found


@check("values dealt anew", points=2, after="values where they stood")
def anew(task, rng):
    return rates(task, rng, 1)


@check("values that say k tokens", points=2, after="values dealt anew")
def many(task, rng):
    return rates(task, rng, 3)


@check("the mean over all permutations, exactly", points=3)
def mean(task, rng):
    return {name: chance[0] for name, chance in chances(task, rng, "mean").items()}


@check("the standard deviation", points=4, after="the mean over all permutations, exactly")
def deviation(task, rng):
    found = chances(task, rng, "standard deviation")
    return {name: chance[1] for name, chance in found.items()}
