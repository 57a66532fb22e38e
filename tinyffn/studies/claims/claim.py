"""A claim and what became of it: one row of the ledger."""

import functools
from dataclasses import dataclass, fields

from tinyffn.studies.claims.evidence import Cited, Derived, Measured, evidence
from tinyffn.studies.claims.references import Reference, load, references

# What a claim is made of. A bullet that only names a technique is read kindly: as "there is such a
# technique, and it does what its name says". Whether an article's own model has it, is not judged.
FORMS = {
    "number": "a figure",
    "statement": "a sentence that could be wrong",
    "name": "the name of a technique, and nothing said of it",
    "citation": "a reference",
}
# By what it is judged, first of all.
KINDS = {
    "measured": "an experiment of this course",
    "derived": "arithmetic or a proof, computed anew by a function",
    "cited": "a published work",
    "unverifiable": "nothing: it does not say enough, or shows nothing, so that one could look",
}
GRADES = {
    "supported": "it holds as it stands",
    "mixed": "it holds under a condition that it does not name, or half of it holds",
    "contradicted": "it does not hold",
    "unfalsifiable": "as it stands, nothing that one could see would show it wrong",
}
# What a claim leaves out.
NEEDS = {
    "amount": "how much, or how often",
    "baseline": "compared with what, and was that done as well as one can",
    "batch": "how many texts at once",
    "condition": "when it holds, and when not",
    "context": "how long a text",
    "definition": "what a word means here",
    "hardware": "which machine, which program, which precision",
    "model": "anything to look at: code, weights, or a description that one could build",
    "protocol": "how it was measured: prompts, seeds, which part of the data",
    "sizes": "how many parameters, how wide, how deep",
    "source": "who found it, and where that is written",
    "task": "on which data, at which task",
}
TEXTS = {"A": "encyclopedia.toml", "B": "architecture.toml"}


@dataclass(frozen=True)
class Citation:
    """A reference as an article prints it, and what it turns out to be.

    printed   the identifier, or the place, that is given
    names     the authors that are named, or ""
    opens     what the identifier opens: a Reference, or None if nothing was found
    titled    the work that has the printed title: a Reference, or None if nothing was found
    instead   References that do exist, and say it or something near it; none are needed where the
              printed one is right
    """

    printed: str
    names: str
    opens: Reference | None
    titled: Reference | None
    instead: tuple[Reference, ...]

    @property
    def is_right(self):
        """Whether identifier and title belong to one work."""
        return self.opens is not None and self.opens == self.titled


@dataclass(frozen=True)
class Claim:
    """One claim of an article: a few of its words, and what was found.

    id        a letter for the text, and a number
    section   the heading that it stands under
    at        the number of the sentence, or of the bullet, under that heading
    quote     a few of its words
    form, kind, grade, needs     keys of FORMS, KINDS, GRADES and NEEDS
    right     what can be said instead, in a sentence; of an unverifiable claim, what it would take
    lesson    where it is treated: two digits
    evidence  Measured, Derived and Cited, what weighs most first
    citation  of the form "citation": a Citation, else None
    """

    id: str
    section: str
    at: int
    quote: str
    form: str
    kind: str
    grade: str
    needs: tuple[str, ...]
    right: str
    lesson: str
    evidence: tuple[Measured | Derived | Cited, ...]
    citation: Citation | None = None

    @property
    def text(self):
        """The letter of the text that it is taken from, a key of TEXTS."""
        return self.id[0]


@dataclass(frozen=True)
class Section:
    """What stands under a heading: so many sentences or bullets, some of which claim nothing."""

    text: str
    name: str
    count: int
    silent: tuple[int, ...]


@functools.cache
def ledger():
    """All claims of both texts, in their order: a tuple of Claim.

    Errors     ValueError if a row lacks a part or has an unknown one, or names an unknown work
    """
    return tuple(
        _claim(row, section["name"])
        for name in TEXTS.values()
        for section in load(name).get("section", ())
        for row in section.get("claim", ())
    )


@functools.cache
def sections():
    """The headings of both texts, in their order: a tuple of Section."""
    return tuple(
        Section(text, section["name"], section["count"], tuple(section.get("silent", ())))
        for text, name in TEXTS.items()
        for section in load(name).get("section", ())
    )


def chosen(claims=None, **wanted):
    """The claims that agree in all that is named: chosen(kind="derived", grade="contradicted").

    Arguments  claims: where to look, by default the whole ledger; wanted: attributes of a Claim,
               and `text`; of `needs`, one that is among them. A tuple of values is any of them
    Errors     ValueError if a claim has no such attribute
    """
    claims = ledger() if claims is None else claims
    attributes = (*(field.name for field in fields(Claim)), "text")
    for name in wanted:
        if name not in attributes:
            raise ValueError(f"chosen: a claim has no {name!r}, only {', '.join(attributes)}")
    return tuple(c for c in claims if all(_is(getattr(c, n), v) for n, v in wanted.items()))


def _is(value, wanted):
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    return bool(set(value) & set(wanted)) if isinstance(value, tuple) else value in wanted


def _claim(row, section):
    row = dict(row)
    row["evidence"] = tuple(evidence(each, row.get("id")) for each in row.get("evidence", ()))
    row["needs"] = tuple(row.get("needs", ()))
    if "citation" in row:
        row["citation"] = _citation(row["citation"], row.get("id"))
    try:
        return Claim(section=section, **row)
    except TypeError as error:
        raise ValueError(f"claim {row.get('id')}: {error}") from None


def _citation(row, id):
    unknown = {*row} - {"printed", "names", "opens", "titled", "instead"}
    named = [row[key] for key in ("opens", "titled") if key in row] + row.get("instead", [])
    unknown |= {key for key in named if key not in references()}
    if unknown:
        raise ValueError(f"claim {id}: its citation has an unknown {sorted(unknown)[0]!r}")
    opens, titled = (references()[row[k]] if k in row else None for k in ("opens", "titled"))
    instead = tuple(references()[key] for key in row.get("instead", ()))
    return Citation(row["printed"], row.get("names", ""), opens, titled, instead)
