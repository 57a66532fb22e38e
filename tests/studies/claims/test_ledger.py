"""The ledger: every sentence has a row, every row is complete, every number comes out again.

And the check itself can fail: rows are spoilt one by one, and it names what is wrong.
"""

import dataclasses
import re
from pathlib import Path

import pytest

import tinyffn
from tinyffn import plot
from tinyffn.studies.claims import check
from tinyffn.studies.claims.claim import GRADES, TEXTS, Claim, chosen, ledger, sections
from tinyffn.studies.claims.evidence import Cited, Derived, Measured, evidence, resolved
from tinyffn.studies.claims.references import Reference, references

# How many sentences or bullets stand under the headings of each article, all together.
SENTENCES = {"A": 28, "B": 115}


def test_nothing_is_wrong_with_the_ledger():
    assert check.faults() == []


def test_every_sentence_and_bullet_of_both_texts_has_its_place():
    for text, n in SENTENCES.items():
        assert sum(section.count for section in sections() if section.text == text) == n
    assert {claim.text for claim in ledger()} == set(TEXTS)


def test_lessons_are_those_of_the_course():
    n_lessons = sum(len(titles) for titles in plot.LESSONS.values())
    assert tuple(f"{n:02}" for n in range(1, n_lessons + 1)) == check.LESSONS


def test_the_words_of_an_article_are_few():
    """They are there to find the place; many bullets of the second text are three words long."""
    for text, most in (("A", 5), ("B", 4)):
        words = [len(claim.quote.split()) for claim in chosen(text=text)]
        assert sum(words) / len(words) < most


def test_nobody_is_accused():
    for claim in ledger():
        said = " ".join([claim.right, *(each.says for each in claim.evidence)]).lower()
        assert not re.search(r"\b(fake|fabricat|invent|fraud|lie[sd]?|liar|hallucinat)", said), (
            claim
        )


def test_citations_of_the_encyclopedia_one_right_and_four_with_two_other_works():
    found = [claim.citation for claim in chosen(text="A", form="citation")]
    assert [citation.is_right for citation in found].count(True) == 1
    for citation in found:
        if not citation.is_right:
            assert citation.opens.arxiv == citation.printed.removeprefix("arXiv:")
            assert citation.titled != citation.opens and citation.instead


# What each printed identifier opens, whose title it was given, and works that do say it.
CITATIONS = {
    "A9": ("1706.03762", "1706.03762", []),
    "A15": ("1810.01257", "1207.6076", [""]),  # a proof of three lines; Leshno has no identifier
    "A20": ("1910.01108", "1803.03635", ["1706.03762", "2103.03404", "1912.10077"]),
    "A23": ("2104.05859", "2012.14913", ["2012.14913", "2104.08696"]),
    "A31": ("2305.17333", "2306.00978", ["1511.00363", "2310.11453", "2402.17764", "2402.11295"]),
}


def test_wrong_citations_stand_beside_the_right_ones():
    found = {
        claim.id: (c.opens.arxiv, c.titled.arxiv, [each.arxiv for each in c.instead])
        for claim in chosen(text="A", form="citation")
        if (c := claim.citation)
    }
    assert found == CITATIONS


def test_an_identifier_has_the_same_authors_in_the_whole_library():
    known = {r.arxiv: (r.authors.split()[0], r.year) for r in references().values() if r.arxiv}
    names = r"([A-Z][\w, -]+(?:et al\.|and [A-Z][\w-]+))\s+(\d{4})\s*"
    identifier = r"\([^()]*?arXiv:(\d{4}\.\d{4,5})\)"
    checked = 0
    for path in Path(tinyffn.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for authors, year, arxiv in re.findall(names + identifier, source):
            if arxiv in known:
                checked += 1
                first, its_year = known[arxiv]
                assert first in authors, f"{path.name}: {arxiv} is by {first}"
                assert abs(its_year - int(year)) <= 1, f"{path.name}: {arxiv}"  # preprint or print
    assert checked > 50


# Works that the ledger does not need, by authors who wrote another one of it in the same year.
NAMESAKES = {"2210.07229", "2305.13048"}


def test_a_work_of_the_ledger_has_the_same_identifier_in_code_and_in_lessons():
    known = {}
    for work in references().values():
        known.setdefault(work.who, set()).add(work.arxiv)
    who = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    of_a_work = rf"({who})(?:,? \*[^*]+\*,)? [(\[][^()\[\]]*?arXiv:(\d{{4}}\.\d{{4,5}})"
    checked = set()
    for folder in ("tinyffn", "lessons/src"):
        for path in (Path(__file__).parents[3] / folder).rglob("*.py"):
            source = " ".join(path.read_text(encoding="utf-8").replace("\n#", "\n").split())
            for authors, arxiv in re.findall(of_a_work, source):
                assert arxiv in known[authors] | NAMESAKES, f"{path.name}: {authors} is not {arxiv}"
                checked.add((folder, arxiv))
    assert min([folder for folder, _ in checked].count(f) for f in ("tinyffn", "lessons/src")) > 15


# The check can fail.


def row(**changes):
    """A good row with some of it changed."""
    good = Claim(
        id="A1", section="Title", at=1, quote="a few words", form="statement", kind="derived",
        grade="mixed", needs=("task",), right="It depends.", lesson="09", evidence=(DERIVED,),
    )  # fmt: skip
    return dataclasses.replace(good, **changes)


DERIVED = Derived(
    "tinyffn.studies.claims.rates:before", 20.0, "GB", "what it was", {"now": 10, "cut": 0.5}
)
ARMS = {"arm": "warm-up and cosine", "baseline": "constant"}
MEASURED = Measured("recipe", -0.1402, "bits", "a schedule", given=ARMS, below=-0.03)
CITED = Cited(Reference("a", "A", "T", 2000, "2001.00001"), "what it says")

SPOILT = [
    ({"form": "hint"}, "its form is 'hint'"),
    ({"kind": "guessed"}, "its kind is 'guessed'"),
    ({"grade": "true"}, "its grade is 'true'"),
    ({"needs": ("luck",)}, "it needs 'luck'"),
    ({"needs": ("task", "batch")}, "alphabetical order"),
    ({"needs": ("task", "task")}, "each word once"),
    ({"needs": ()}, "only what is supported may leave nothing out"),
    ({"grade": "unfalsifiable"}, "what is derived cannot be unfalsifiable"),
    ({"kind": "unverifiable", "evidence": ()}, "what is unverifiable cannot be mixed"),
    ({"kind": "measured"}, "nothing among its evidence is measured"),
    ({"kind": "cited"}, "nothing among its evidence is cited"),
    ({"quote": "one two three four five six seven eight nine"}, "its quotation has 9 words"),
    ({"quote": ""}, "its quotation has 0 words"),
    ({"right": "It depends"}, "what is right must be said in a sentence"),
    ({"right": "One. Two. Three."}, "what is right must be said in a sentence, or two"),
    ({"lesson": "20"}, "there is no lesson '20'"),
    ({"form": "citation"}, "a citation says what was printed"),
    (
        {"evidence": (DERIVED, dataclasses.replace(CITED, says="a sentence."))},
        "without a full stop",
    ),
    ({"evidence": (DERIVED, dataclasses.replace(CITED, says=""))}, "must be there"),
]


@pytest.mark.parametrize(("changes", "says"), SPOILT)
def test_a_row_that_is_not_complete_is_named(changes, says):
    assert list(check.row_faults(row())) == []
    assert any(says in fault for fault in check.row_faults(row(**changes)))


WRONG_NUMBERS = [
    (DERIVED, {"gives": 21.0}, "gives 20, and not 21"),
    (DERIVED, {"function": "tinyffn.studies.claims.rates:befor"}, "there is no"),
    (DERIVED, {"function": "tinyffn.studies.claims.rate:before"}, "there is no"),
    (DERIVED, {"function": "os:getcwd"}, "must be 'tinyffn.module:name'"),
    (DERIVED, {"given": {"now": 1}}, "cannot be computed"),
    (MEASURED, {"found": -0.15}, "recipe gives -0.140"),
    (MEASURED, {"below": -0.13}, "not all seeds are between -inf and -0.13"),
    (MEASURED, {"below": -0.1395}, "is too near to"),
    (MEASURED, {"below": None}, "say what its seeds stay above, or below"),
    (MEASURED, {"results": "nothing"}, "there are no results of a study 'nothing'"),
    (MEASURED, {"given": {"arm": "wishful"}}, "recipe has no arm 'wishful'"),
]


@pytest.mark.parametrize(("good", "changes", "says"), WRONG_NUMBERS)
def test_a_number_that_does_not_come_out_again_is_named(good, changes, says):
    assert list(check.number_faults(row(evidence=(good,)))) == []
    spoilt = dataclasses.replace(good, **changes)
    assert any(says in fault for fault in check.number_faults(row(evidence=(spoilt,))))


def test_no_test_says_how_long_something_takes_elsewhere():
    timed = next(e for c in chosen(kind="measured") for e in c.evidence
                 if isinstance(e, Measured) and e.results in check.TIMED)  # fmt: skip
    assert list(check.number_faults(row(evidence=(timed,)))) == []
    spoilt = dataclasses.replace(timed, below=0.9)
    assert any("took time" in fault for fault in check.number_faults(row(evidence=(spoilt,))))


def test_results_must_say_how_they_were_made(monkeypatch):
    content = MEASURED.content()
    spoilt = {
        "fewer than 3 seeds": {"runs": [run for run in content["runs"] if run["seed"] == 1]},
        "with which versions": {"versions": {}},
        "how many steps": {"settings": {"n_parameters": 1}},
        "how many parameters": {"settings": {"steps": 1}},
    }
    values = MEASURED.values()
    for says, part in spoilt.items():
        monkeypatch.setattr(Measured, "content", lambda _, part=part: {**content, **part})
        monkeypatch.setattr(Measured, "values", lambda _: values)
        assert any(says in fault for fault in check.number_faults(row(evidence=(MEASURED,))))


@pytest.mark.parametrize("at", [(1, 2, 4), (1, 2, 3, 4, 5, 6), (2, 1, 3, 4, 5)])
def test_a_place_without_a_row_and_a_row_without_a_place_are_named(at, monkeypatch):
    section = next(s for s in sections() if s.name == "Stability Measures")
    others = [c for c in ledger() if c.section != section.name]
    ours = [row(id="B1", section=section.name, at=n) for n in at]
    monkeypatch.setattr(check, "ledger", lambda: (*others, *ours))
    assert any("Stability Measures" in fault for fault in check.place_faults())


def test_rows_must_be_numbered_in_their_order(monkeypatch):
    monkeypatch.setattr(check, "ledger", lambda: ledger()[::-1])
    assert any("numbered in their order" in fault for fault in check.place_faults())


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (Reference("new", "A", "T", 2000, "2001.00001"), "no claim is held to 'new'"),
        (Reference("new", "A", "T", 2000, "2024.02345"), "a number that cannot exist"),
        (Reference("new", "A", "T", 2000), "a number on arXiv, or else a place"),
    ],
)
def test_works_that_nobody_needs_or_that_cannot_exist_are_named(work, says, monkeypatch):
    monkeypatch.setattr(check, "references", lambda: {**references(), "new": work})
    assert any(says in fault for fault in check.reference_faults())


# Reading it.


def test_claims_are_chosen_by_any_of_their_words():
    assert {claim.grade for claim in chosen(text="B", grade=("mixed", "supported"))} == {
        "mixed",
        "supported",
    }
    assert all("baseline" in claim.needs for claim in chosen(needs="baseline"))
    assert chosen(chosen(text="A"), text="B") == ()
    assert sum(len(chosen(grade=grade)) for grade in GRADES) == len(ledger())
    with pytest.raises(ValueError, match="chosen: a claim has no 'colour', only id, section"):
        chosen(colour="red")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"says": "x"}, "claim A7: evidence has one of"),
        ({"reference": "nobody1900", "says": "x"}, "references.toml has no 'nobody1900'"),
        ({"function": "tinyffn.a:b", "says": "x"}, "claim A7: .*missing"),
        ({"reference": "vaswani2017", "says": "x", "page": 3}, "claim A7: .*page"),
    ],
)
def test_evidence_that_cannot_be_read_says_whose_it_is(bad, says):
    with pytest.raises(ValueError, match=says):
        evidence(bad, "A7")


def test_only_functions_of_this_package_are_resolved():
    assert resolved("tinyffn.studies.claims.rates:before")(5, 0.5) == 10
    with pytest.raises(ValueError, match=r"resolved: 'os:getcwd' must be 'tinyffn.module:name'"):
        resolved("os:getcwd")
