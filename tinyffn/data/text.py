"""Real text without a download: Python's own documentation, or any file of yours."""

import hashlib
import importlib
import importlib.util
import re
from pathlib import Path

import numpy as np

from tinyffn.arguments import as_ids, must_be_positive

DOCUMENTATION_CHARACTERS = 440_000  # a little less than the shortest edition among Python versions

# Modules that all Python versions have, and that change little from one to the next.
SOURCES = ("bisect", "heapq", "queue", "sched", "textwrap", "csv", "calendar", "difflib")
SOURCE_CHARACTERS = 100_000


def documentation():
    """The reference that Python's `help()` shows: about 0.44 million characters of English prose.

    It is read from the module `pydoc_data.topics` that CPython brings along (Python Software
    Foundation License), put in alphabetical order, tidied and cut to one length. Its wording still
    differs a little between Python versions; `fingerprint` tells which one a result is about.

    Errors     RuntimeError if this Python came without it
    """
    try:
        topics = importlib.import_module("pydoc_data.topics").topics
    except ImportError:
        raise RuntimeError(
            "this Python came without its documentation (pydoc_data.topics): "
            "pass a text file of your own, with --text FILE on the command line"
        ) from None
    text = tidy("\n\n".join(topics[name] for name in sorted(topics)))
    return text[:DOCUMENTATION_CHARACTERS]


def source_code():
    """Python source by many hands: 100,000 characters of the standard library.

    A few modules are read where they lie (Python Software Foundation License), put one after the
    other, tidied and cut to one length. As with `documentation`, the versions of Python differ a
    little.

    Errors     RuntimeError if this Python came without the source of its library
    """
    files = [importlib.util.find_spec(name) for name in SOURCES]
    paths = [Path(found.origin or "") for found in files if found]
    if len(paths) < len(SOURCES) or not all(p.suffix == ".py" and p.is_file() for p in paths):
        raise RuntimeError("this Python came without the source of its standard library")
    text = tidy("\n\n".join(path.read_text(encoding="utf-8") for path in paths))
    return text[:SOURCE_CHARACTERS]


def read_text(path):
    """A text file of yours, tidied. It must be UTF-8.

    Errors     FileNotFoundError or IsADirectoryError if there is none; ValueError if it is not
               UTF-8 text, or holds no text at all
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: name a text file in it")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}") from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8"
        ) from None
    if "\0" in text:
        raise ValueError(f"{path} is not text: it holds zero bytes")
    if not text.strip():
        raise ValueError(f"{path} holds no text")
    return tidy(text)


def tidy(text):
    """Line ends as \\n, no tabs, no spaces at line ends, no more than one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = re.sub(r" +\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def fingerprint(text):
    """Eight hexadecimal digits that change when the text does, to print beside a result."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


class Characters:
    """A vocabulary of single characters, in the order of their code points."""

    def __init__(self, text):
        if not text:
            raise ValueError("Characters: the text is empty, so it has no characters")
        self.characters = "".join(sorted(set(text)))
        self._ids = {c: i for i, c in enumerate(self.characters)}

    def __len__(self):
        return len(self.characters)

    def encode(self, text):
        """Text to ids, an int64 array (T).

        Errors     ValueError naming characters that the vocabulary lacks
        """
        unknown = sorted(set(text) - self._ids.keys())
        if unknown:
            raise ValueError(f"encode: the vocabulary has no {''.join(unknown[:10])!r}")
        return np.array([self._ids[c] for c in text], dtype=np.int64)

    def known(self, text):
        """The text without those characters that the vocabulary lacks."""
        return "".join(c for c in text if c in self._ids)

    def decode(self, ids):
        """Ids (T) to text.

        Errors     TypeError if ids are not integers, ValueError if one is not in the vocabulary
        """
        ids = as_ids("decode", ids, n=len(self), is_row=True)
        return "".join(self.characters[i] for i in ids)


def split(ids, *, chunk=2000, every=10):
    """Training and test part of ids (T): every tenth chunk of 2,000 is for the test.

    Interleaved, because the documentation is sorted: its last tenth is about other things.

    Errors     ValueError if ids are too few for one test chunk, or every is below 2
    """
    must_be_positive("split", chunk=chunk, every=every)
    ids = as_ids("split", ids, is_row=True)
    if every < 2:
        raise ValueError("split: every is 1, but must be 2 or above, or nothing is left to train")
    if len(ids) < chunk * every:
        raise ValueError(
            f"split: {len(ids):,} characters are too few: {chunk * every:,} or more are needed"
        )
    is_test = np.arange(len(ids)) // chunk % every == every - 1
    return ids[~is_test], ids[is_test]


def stands_in(ids, others, *, length=50):
    """Which of ids (T) lie in a passage of `length` or more that stands word for word in others.

    Returns    T times True or False
    Errors     ValueError if length is no whole number above 0; TypeError if ids are not integers
    """
    must_be_positive("stands_in", length=length)
    ids = as_ids("stands_in", ids, is_row=True)
    both = np.concatenate([as_ids("stands_in", others, name="others", is_row=True), ids])
    found = np.zeros(len(ids), dtype=bool)
    if min(len(ids), len(both) - len(ids)) < length:
        return found
    number, span = np.unique(both, return_inverse=True)[1], 1
    while span < length:  # number[i] names the passage of `span` ids that begins at i
        further = min(span, length - span)
        n = len(number) - further
        pair = number[:n] * (number.max() + 1) + number[further:]
        number, span = np.unique(pair, return_inverse=True)[1], span + further
    starts = np.isin(number[len(both) - len(ids) :], number[: len(both) - len(ids) - length + 1])
    for i in np.flatnonzero(starts):
        found[i : i + length] = True
    return found
