"""The encyclopedia article written anew, in our words, each sentence with what it rests on."""

import functools
import re
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
