"""The ledger to look at: as a table on a page, as text, and counted."""

import html
import textwrap
from dataclasses import dataclass

from tinyffn.studies.claims.claim import FORMS, GRADES, KINDS, NEEDS, TEXTS, Claim, chosen, ledger

WIDTH = 100
STYLE = 'style="text-align:left; vertical-align:top"'
WORDS = {"form": FORMS, "kind": KINDS, "grade": GRADES, "needs": NEEDS, "text": TEXTS}
# A mark beside the word, so that a grade can be told without colours.
MARKS = {"supported": "●", "mixed": "◐", "contradicted": "○", "unfalsifiable": "?"}


@dataclass(frozen=True, repr=False)
class Table:
    """Claims as rows. It shows itself in a notebook; print it for plain text.

    claims     a tuple of Claim
    evidence   whether each row also tells what the claim was held to
    folded     if not "", all that a page shows at first: a click on it unfolds the table
    """

    claims: tuple[Claim, ...]
    evidence: bool = False
    folded: str = ""

    def __repr__(self):
        return f"<a table of {len(self.claims)} claims: print it to read it as text>"

    def __str__(self):
        return "\n\n".join(as_text(claim, evidence=self.evidence) for claim in self.claims)

    def _repr_html_(self):
        names = ("", "claim", "grade", "judged by", "left out", "what can be said")
        head = "".join(f"<th {STYLE}>{name}</th>" for name in names)
        rows = "".join(self._row(claim) for claim in self.claims)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        if not self.folded:
            return table
        return f"<details><summary>{html.escape(self.folded)}</summary>{table}</details>"

    def _row(self, claim):
        quote, right = html.escape(claim.quote), html.escape(claim.right)
        said = [_citation(claim.citation)] if claim.citation else []
        said += [each.told() for each in claim.evidence]
        told = [html.escape(each) for each in said] if self.evidence else []
        listed = f"<ul>{''.join(f'<li>{each}</li>' for each in told)}</ul>" if told else ""
        cells = (
            claim.id,
            f"“{quote}”<br><small>{html.escape(claim.section)}, {claim.at}</small>",
            f"{MARKS[claim.grade]}&nbsp;{claim.grade}",
            claim.kind,
            ", ".join(claim.needs),
            f"{right}{listed}",
        )
        shown = "".join(f"<td {STYLE}>{cell}</td>" for cell in cells)
        return f"<tr>{shown}</tr>"


def table(*, evidence=False, folded="", **wanted):
    """The rows of the ledger that agree in all that is named: table(text="A", grade="mixed").

    Arguments  evidence, folded: see Table
    Errors     as for `chosen`
    """
    return Table(chosen(**wanted), evidence, folded)


def as_text(claim, *, evidence=True):
    """A claim in a few lines: where, what, how it was judged, and what can be said."""
    head = f"{claim.id:5}“{claim.quote}”  ({claim.section}, {claim.at})"
    left_out = f"; left out: {', '.join(claim.needs)}" if claim.needs else ""
    lines = [head, f"{MARKS[claim.grade]} {claim.grade}, {claim.kind}{left_out}", claim.right]
    if claim.citation is not None:
        lines.append(_citation(claim.citation))
    lines += [f"- {each.told()}" for each in claim.evidence if evidence]
    wrapped = [textwrap.fill(line, WIDTH, initial_indent="     ", subsequent_indent="       ")
               for line in lines[1:]]  # fmt: skip
    return "\n".join([head, *wrapped])


def counts(claims=None, *, rows="form", columns="grade"):
    """How many claims there are of each two words: {row: {column: number}}, in the words' order.

    A claim that leaves out several things is counted for each of them.

    Arguments  claims: by default all; rows, columns: "form", "kind", "grade", "needs" or "text"
    Errors     ValueError if rows or columns is another word
    """
    claims = ledger() if claims is None else claims
    for name, word in (("rows", rows), ("columns", columns)):
        if word not in WORDS:
            raise ValueError(f"counts: {name} is {word!r}, but must be one of {', '.join(WORDS)}")
    return {
        row: {column: len(chosen(of_row, **{columns: column})) for column in WORDS[columns]}
        for row in WORDS[rows]
        for of_row in [chosen(claims, **{rows: row})]
    }


def _citation(citation):
    names = f" ({citation.names})" if citation.names else ""
    said = f"printed: {citation.printed}{names}; "
    if citation.is_right:
        return f"{said}identifier and title are those of {citation.opens}"
    if citation.opens or citation.titled:
        opens = f"the identifier opens {citation.opens}" if citation.opens else "it opens nothing"
        said += (
            f"{opens}; the title is that of {citation.titled or 'nothing that was found'}; cite: "
        )
    else:
        said += "no trace was found; on the same subject: "
    return said + "; ".join(str(work) for work in citation.instead)
