"""The article written anew: every sentence rests on claims, and on those of the ledger."""

import html
import re

from tinyffn.studies.claims.claim import chosen
from tinyffn.studies.claims.corrected import Page, sentences, text

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
