"""The encyclopedia article written anew, in our words, each sentence with what it rests on."""

import functools
import html
import itertools
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

MARKS = re.compile(r"\s*\[((?:[AB]\d+)(?:, [AB]\d+)*)\]\s*")


@dataclass(frozen=True)
class Sentence:
    """A sentence, the heading that it stands under, and the ids of the claims that it rests on."""

    heading: str
    text: str
    ids: tuple[str, ...]


def text():
    """The article as Markdown, its marks among the sentences: "... [A17, A42]"."""
    return Path(__file__).with_name("corrected.md").read_text(encoding="utf-8")


@functools.cache
def sentences():
    """The article's sentences in their order, headings left out: a tuple of Sentence.

    Errors     ValueError if the last of a paragraph has no marks
    """
    found, heading = [], ""
    for paragraph in text().strip().split("\n\n"):
        if paragraph.startswith("#"):
            heading = paragraph.lstrip("# ")
            continue
        *parts, rest = MARKS.split(paragraph)
        if rest.strip():
            raise ValueError(f"corrected.md: no evidence is named for {rest.strip()!r}")
        for said, ids in zip(parts[::2], parts[1::2], strict=True):
            found.append(Sentence(heading, " ".join(said.split()), tuple(ids.split(", "))))
    return tuple(found)


class Page:
    """The article to read: it shows itself in a notebook; print it for plain text."""

    def __repr__(self):
        return f"<an article of {len(sentences())} sentences: print it to read it as text>"

    def __str__(self):
        lines = textwrap.TextWrapper(100, break_on_hyphens=False)  # Qwen3-8B stays one word
        return "\n".join(
            f"\n{heading}\n" + "\n".join(lines.fill(f"{s.text} {_mark(s)}") for s in group)
            for heading, group in _by_heading()
        ).lstrip()

    def _repr_html_(self):
        return "".join(
            f"<h4>{html.escape(heading)}</h4><p>"
            + " ".join(f"{html.escape(s.text)}&nbsp;<small>{_mark(s)}</small>" for s in group)
            + "</p>"
            for heading, group in _by_heading()
        )


def _by_heading():
    return itertools.groupby(sentences(), key=lambda sentence: sentence.heading)


def _mark(sentence):
    return f"[{', '.join(sentence.ids)}]"
