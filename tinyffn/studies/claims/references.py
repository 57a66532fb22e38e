"""The works that claims are held to."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reference:
    """A published work: authors, title; its number on arXiv, or else where it appeared.

    The year is None for pages that are kept up to date.
    """

    key: str
    authors: str
    title: str
    year: int | None = None
    arxiv: str = ""
    where: str = ""

    def __str__(self):
        return f"{self.who}, {self.title}, {self.place}"

    @property
    def who(self):
        """Authors and year."""
        return self.authors if self.year is None else f"{self.authors} {self.year}"

    @property
    def place(self):
        """Where it is found."""
        return f"arXiv:{self.arxiv}" if self.arxiv else self.where

    @property
    def short(self):
        """As one says it in a sentence: authors, year, and where it is found."""
        return f"{self.who} ({self.place})"


def load(name):
    """The content of a file of this folder, as tomllib reads it."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@functools.cache
def references():
    """All works of references.toml: {key: Reference}.

    Errors     ValueError if one lacks a part, or has an unknown one
    """
    found = {}
    for key, row in load("references.toml").items():
        try:
            found[key] = Reference(key, **row)
        except TypeError as error:
            raise ValueError(f"references.toml: {key}: {error}") from None
    return found
