"""The article written anew: every sentence rests on claims, and on those of the ledger."""

import html
import re

import numpy as np
import pytest

from tinyffn.studies.claims import losses, sizes
from tinyffn.studies.claims.claim import chosen
from tinyffn.studies.claims.corrected import Page, sentences, text
from tinyffn.studies.claims.measured import peak

IDS = {claim.id for claim in chosen(text="A")}


def test_every_sentence_has_a_mark_and_every_mark_a_row():
    for sentence in sentences():
        assert sentence.ids and set(sentence.ids) <= IDS, sentence
        assert sentence.text.endswith(".") and sentence.text[0].isupper(), sentence
        assert ". " not in sentence.text, f"two sentences with marks of one: {sentence.text}"


def test_it_is_as_long_as_an_article_and_rests_on_most_of_the_ledger():
    assert 400 <= sum(len(sentence.text.split()) for sentence in sentences()) <= 600
    named = {id for sentence in sentences() for id in sentence.ids}
    left_out = {claim.id for claim in chosen(text="A", grade="unfalsifiable")}
    left_out |= {claim.id for claim in chosen(text="A", form="citation")}
    assert named <= IDS and len(IDS - left_out - named) <= 5


def test_every_bracket_is_a_mark():
    marks = re.findall(r"\[([^\]]*)\]", text())
    assert len(marks) == len(sentences())


def test_its_numbers_stand_in_the_rows_that_it_names():
    """Each number of a sentence is in what its rows say, or in their evidence."""
    rows = {claim.id: claim for claim in chosen(text="A")}
    for sentence in sentences():
        said = " ".join(
            " ".join([rows[id].right, rows[id].quote, *(e.told() for e in rows[id].evidence)])
            for id in sentence.ids
        )
        for number in re.findall(r"(?<![\w-])\d[\d,.]*\d|(?<![\w-])\d", sentence.text):
            assert number in said, f"{number} of {sentence.text!r}"


NAMES = [model.name for model in sizes.MODELS]
RATIOS = [sizes.ffn_to_attention(name) for name in NAMES]
WIDTHS = [sizes.expansion(name) for name in NAMES]
# What the article says in words or digits: numbers computed anew, how they are rounded, and they
# must stand so in the text.
SAID = [
    ([sizes.ffn_share("GPT-2 small")], 2, [0.67], "hold two thirds of the parameters of a block"),
    ([sizes.ffn_share("Qwen3-8B")], 2, [0.78], "and 78 percent in Qwen3-8B"),
    ([min(RATIOS), max(RATIOS)], 0, [2, 4], "two to about four times as many as attention has"),
    ([sizes.attention_overtakes("Qwen3-8B")], 0, [13_312], "more from 13,312 tokens on"),
    ([min(WIDTHS), max(WIDTHS)], 1, [2.7, 4], "2.7 to 4 times as wide as the model"),
    ([sizes.equal_expansion(4) / 4], 2, [0.67], "a gated one is two thirds as wide"),
    ([sizes.bits_per_weight(2, group=128)], 3, [1.125], "groups of 128 this makes 1.125 bits"),
    ([sizes.gigabytes(8_190_735_360, 1.125)], 2, [1.15], "and 1.15 GB in place of 16.4"),
    ([sizes.gigabytes(8_190_735_360, 16)], 1, [16.4], "and 1.15 GB in place of 16.4"),
    ([losses.sign_error()], 2, [0.36], "Signs lose 36 percent of Gaussian weights' squares"),
    ([losses.gates_flipped()], 1, [0.2], "on random inputs flip a fifth of gates"),
    ([np.mean(peak("capacity", kind)) for kind in ("ReLU", "gated")], 0, [2, 3],
     "a weight held at most two to three bits"),
    ([79 - 70.5], 1, [8.5],
     "it averages 70.5 on six tests, about nine points less than is reported, second-hand, of"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "digits", "rounded", "words"), SAID, ids=[s[3] for s in SAID])
def test_its_numbers_are_those_that_come_out(values, digits, rounded, words):
    assert [round(value, digits) for value in values] == rounded
    assert words in " ".join(text().split())


def test_the_page_shows_every_heading_and_every_sentence_with_its_rows():
    page = Page()
    as_text, as_html = " ".join(str(page).split()), html.unescape(page._repr_html_())
    for sentence in sentences():
        marked = f"[{', '.join(sentence.ids)}]"
        assert f"{sentence.text} {marked}" in as_text
        assert f"{sentence.text}\N{NO-BREAK SPACE}<small>{marked}</small>" in as_html
        assert as_html.count(f"<h4>{sentence.heading}</h4>") == 1
    assert str(page).startswith(sentences()[0].heading)
    assert max(map(len, str(page).splitlines())) <= 100
    assert f"{len(sentences())} sentences" in repr(page)
