"""The ledger as text, as a page, and counted."""

import dataclasses
import subprocess
import sys

import pytest

from tinyffn.studies.claims.__main__ import main, summary
from tinyffn.studies.claims.claim import chosen, ledger
from tinyffn.studies.claims.table import Table, as_text, counts, table


def test_a_table_has_a_row_for_each_claim_and_says_what_can_be_said():
    shown = table(text="A", grade="contradicted")
    page = shown._repr_html_()
    assert page.count("<tr>") == 1 + len(shown.claims) > 4
    for claim in shown.claims:
        assert claim.id in page and claim.id in str(shown)
        assert claim.grade in page and claim.kind in page
    assert repr(shown).startswith(f"<a table of {len(shown.claims)} claims")
    assert "<ul>" not in page and "<ul>" in table(id="A43", evidence=True)._repr_html_()


def test_a_folded_table_shows_a_line_until_it_is_opened():
    plain, folded = (table(text="A", folded=words)._repr_html_() for words in ("", "All & more"))
    head = "<details><summary>All &amp; more</summary>"
    assert folded == f"{head}{plain}</details>"


def test_large_numbers_can_be_read():
    told = str(table(id=("A37", "B38", "A28"), evidence=True))
    assert "= 8,190,735,360 parameters" in told and "flops_per_token=1.8e+09) = 900,000,000" in told
    assert "gigabytes(n_parameters=8_190_735_360, bits=1.125) = 1.152 GB" in told


def test_a_citation_is_told_on_a_page_too():
    page = table(id="A15", evidence=True)._repr_html_()
    assert "the identifier opens Nachum" in page and "cite: Leshno" in page


def test_texts_are_escaped_on_a_page():
    bad = dataclasses.replace(chosen(id="A1")[0], quote="<b>&", right="1 < 2.")
    page = Table((bad,))._repr_html_()
    assert "&lt;b&gt;&amp;" in page and "1 &lt; 2." in page and "<b>" not in page


def test_a_claim_as_text_tells_its_evidence_with_ranges_over_seeds():
    told = as_text(chosen(id="B16")[0])
    assert "3 seeds" in told and "recipe.json" in told and "arXiv:1608.03983" in told
    assert max(len(line) for line in told.splitlines()) <= 100
    assert "recipe.json" not in as_text(chosen(id="B16")[0], evidence=False)
    wrong, lost = as_text(chosen(id="A15")[0]), as_text(chosen(id="B114")[0])
    assert "the identifier opens Nachum" in wrong and "that of Sejdinovic" in " ".join(
        wrong.split()
    )
    assert "no trace was found; on the same subject: Liu" in lost
    assert "are those of Vaswani" in as_text(chosen(id="A9")[0])


def test_each_claim_is_counted_once_in_a_grade_and_for_each_thing_that_it_leaves_out():
    by_grade = counts()
    assert sum(n for of in by_grade.values() for n in of.values()) == len(ledger())
    left_out = counts(rows="needs", columns="grade")
    total = sum(n for of in left_out.values() for n in of.values())
    assert total == sum(len(claim.needs) for claim in ledger())
    some = chosen(text="A", form="citation")
    assert counts(some)["citation"]["contradicted"] == 4
    with pytest.raises(ValueError, match="counts: rows is 'colour', but must be one of form, kind"):
        counts(rows="colour")
    with pytest.raises(ValueError, match="counts: columns is 'id'"):
        counts(columns="id")


def test_counting_by_one_word_twice_is_counting_by_it():
    assert counts(rows="grade", columns="grade")["mixed"]["mixed"] == len(chosen(grade="mixed"))
    assert counts(rows="grade", columns="grade")["mixed"]["supported"] == 0


def test_the_command_prints_all_or_what_is_asked_for(capsys):
    main(["A43"])
    one = capsys.readouterr().out
    assert "despite having fewer parameters" in one and "B1 " not in one
    main(["unfalsifiable"])
    assert "A43" not in capsys.readouterr().out
    main([])
    everything = capsys.readouterr().out
    assert all(claim.id in everything for claim in ledger())
    assert everything.endswith(summary() + "\n")


def test_the_command_refuses_what_is_neither_a_claim_nor_a_grade(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["A43", "A99"])
    said = capsys.readouterr()
    assert stop.value.code == 2 and not said.out
    assert "neither a claim nor a grade: A99. Ids are such as A1, grades are supported" in said.err


@pytest.mark.slow
def test_the_module_is_a_command():
    run = [sys.executable, "-m", "tinyffn.studies.claims", "B9"]
    out = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert out == str(table(id="B9", evidence=True)) + "\n"
