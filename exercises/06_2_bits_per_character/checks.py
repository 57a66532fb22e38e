"""Checks of exercise 6.2. Tokens have from none to ten characters, some of them of many bytes."""

import numpy as np

from tinyffn.lab.checks import check

PLAIN = ["the", " quick", " br", "own", " fox", " ", "j", "umps", " over", " it", "self", ", again"]
FOREIGN = ["na", "ï", "ve", " café", "s", " in", " 中文", ": ", "€", "5", " 🙂", " each"]


def text(rng, tokens, share_counted=1.0):
    """log_p, tokens in a random order, and which count: the first token does not, if not all do."""
    tokens = [str(token) for token in rng.permutation(tokens)]
    counted = rng.uniform(size=len(tokens)) < share_counted
    if share_counted < 1:
        counted[:4] = [False, True, True, False]
    return rng.uniform(-4, -0.3, size=len(tokens)), tokens, counted


@check("tokens that all count", points=2)
def all_count(task, rng):
    """Two texts in one check: no single number is right for both."""
    return {
        f"bits per character (text {i})": task.bits_per_character(*text(rng, PLAIN[: 6 * i]))
        for i in (1, 2)
    }


@check("tokens that do not count", points=2, after="tokens that all count")
def some_count(task, rng):
    return {"bits per character": task.bits_per_character(*text(rng, PLAIN, 0.5))}


@check("a token without a character", points=1, after="tokens that do not count")
def empty(task, rng):
    log_p, tokens, counted = text(rng, PLAIN, 0.5)
    tokens, counted = [*tokens, ""], np.append(counted, True)
    return {"bits per character": task.bits_per_character(np.append(log_p, -2.5), tokens, counted)}


@check("bytes", points=2, after="tokens that do not count")
def of_bytes(task, rng):
    """The tokens of more than a byte a character stand once among the counted, once not."""
    return {
        "bits per byte": task.bits_per_byte(*text(rng, FOREIGN)),
        "bits per byte (some count)": task.bits_per_byte(*text(rng, FOREIGN, 0.5)),
    }


@check("an é is one character", points=1, after="tokens that do not count")
def of_characters(task, rng):
    return {"bits per character": task.bits_per_character(*text(rng, FOREIGN, 0.5))}


@check("perplexity in other tokens", points=2)
def other_tokens(task, rng):
    n = int(rng.integers(900, 1100))
    others = {"longer": n // 2 - int(rng.integers(50, 120)), "shorter": 2 * n + 100}
    return {
        f"perplexity ({name} tokens)": task.perplexity_in_other_tokens(rng.uniform(3, 30), n, other)
        for name, other in others.items()
    }
