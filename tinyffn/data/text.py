"""Real text without a download: Python's own documentation, or any file of yours."""

import hashlib
import importlib
import re
from pathlib import Path

import numpy as np

from tinyffn.arguments import as_ids, must_be_positive

DOCUMENTATION_CHARACTERS = 440_000  # a little less than the shortest edition among Python versions


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
