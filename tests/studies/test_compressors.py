"""Compressors as rivals: they know what they have read by heart, and pay for what is new."""

import random

import pytest

from tinyffn.studies.compressors import compressed_bits


def _letters(n, seed):
    draw = random.Random(seed)
    return "".join(draw.choice("abcdefgh") for _ in range(n))


def test_what_was_read_before_costs_next_to_nothing_and_what_is_new_costs_its_bits():
    text = _letters(20_000, seed=1)
    again, new = compressed_bits(text, text), compressed_bits(text, _letters(20_000, seed=2))
    for name in ("zlib", "bz2", "lzma"):
        assert new[name] > 2.9  # three bits for one of eight letters
    assert again["lzma"] < 0.1 and again["zlib"] < 0.2


def test_zlib_has_forgotten_what_lies_far_back():
    text = _letters(60_000, seed=1)
    bits = compressed_bits(text, text[:20_000])
    assert bits["zlib"] > 2.9 and bits["lzma"] < 0.1


def test_characters_are_counted_and_not_bytes():
    text = _letters(5000, seed=1)
    accented = text.translate(str.maketrans("abcdefgh", "àáâãäåæç"))
    plain, longer = (compressed_bits("", t)["lzma"] for t in (text, accented))
    assert longer == pytest.approx(plain, rel=0.25)


def test_no_text_has_no_bits():
    with pytest.raises(ValueError, match="compressed_bits: test is empty"):
        compressed_bits("abc", "")
