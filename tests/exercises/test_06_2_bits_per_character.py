"""The reference of exercise 6.2 against products of probabilities and a text cut in two ways."""

import math

import numpy as np
import pytest

from tinyffn.ops import cross_entropy


@pytest.fixture
def answer(part):
    return part("6.2", "reference")


def draw(seed):
    rng = np.random.default_rng(seed)
    tokens = [str(t) for t in rng.choice(["a", "be", "café", "", "中文", " long one"], size=9)]
    counted = rng.uniform(size=9) < 0.6
    tokens[0], counted[0] = "first", True
    return rng.uniform(0.05, 0.9, size=9), tokens, counted


def test_it_is_the_logarithm_of_the_whole_text_s_probability(answer, seeds):
    for seed in seeds:
        p, tokens, counted = draw(seed)
        whole = math.prod(p[counted])
        said = "".join(t for t, c in zip(tokens, counted, strict=True) if c)
        bits = answer.bits_per_character(np.log(p), tokens, counted)
        assert whole == pytest.approx(0.5 ** (bits * len(said)))
        bits = answer.bits_per_byte(np.log(p), tokens, counted)
        assert whole == pytest.approx(0.5 ** (bits * len(said.encode("utf-8"))))


def test_cutting_the_text_in_another_way_changes_nothing(answer, seeds):
    for seed in seeds:
        p, tokens, _ = draw(seed)
        log_p = np.log(p)
        merged = [a + b for a, b in zip(tokens[:8:2], tokens[1:8:2], strict=True)]
        pairs = log_p[:8:2] + log_p[1:8:2]
        one = answer.bits_per_character(log_p[:8], tokens[:8], np.ones(8, bool))
        other = answer.bits_per_character(pairs, merged, np.ones(4, bool))
        assert one == pytest.approx(other)
        perplexity = math.exp(-log_p[:8].mean())
        expected = math.exp(-pairs.mean())
        assert answer.perplexity_in_other_tokens(perplexity, 8, 4) == pytest.approx(expected)


def test_tokens_of_one_character_give_the_library_s_loss_in_bits(answer):
    rng = np.random.default_rng(0)
    logits, ids = rng.normal(size=(5, 7)), rng.integers(0, 7, 5)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    bits = answer.bits_per_character(log_p[range(5), ids], list("abcde"), np.ones(5, bool))
    assert bits == pytest.approx(cross_entropy(logits, targets=ids).item() / math.log(2))


def test_bytes_and_characters_are_alike_in_plain_english(answer):
    log_p, tokens, counted = np.array([-1.0, -2.0]), ["plain", " text"], np.array([True, False])
    bits = answer.bits_per_byte(log_p, tokens, counted)
    assert bits == answer.bits_per_character(log_p, tokens, counted)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("6.2").hints[:2]:
        assert not any(code in hint for code in ("sum(", "encode", "np.", "exp("))
