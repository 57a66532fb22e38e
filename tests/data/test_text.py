"""Text: always the same characters, without a network, each once, and errors that name names."""

import ast
import importlib.util
import os
import re
import socket
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tinyffn import data
from tinyffn.data.text import DOCUMENTATION_CHARACTERS, SOURCE_CHARACTERS

TEXT = "The cat sat.\nÆsop: 中文 — naïve café 🙂\n"


def test_the_documentation_is_long_english_prose_of_one_length():
    text = data.documentation()
    assert len(text) == DOCUMENTATION_CHARACTERS
    assert len(set(text)) < 200 and text.count(" the ") > 3000
    assert text == data.tidy(text)[:DOCUMENTATION_CHARACTERS]


def test_the_documentation_needs_no_network(monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("this opened a connection")

    monkeypatch.setattr(socket, "socket", fail)
    monkeypatch.setattr(socket, "create_connection", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert data.documentation()


def test_the_documentation_is_the_same_whatever_the_hash_seed():
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1])\n"
        "from tinyffn.data import Characters, documentation, fingerprint\n"
        "print(fingerprint(documentation()), Characters(documentation()).characters.encode())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, repr(sys.path)], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, encoding="utf-8", check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert outputs == {
        f"{data.fingerprint(data.documentation())} "
        f"{data.Characters(data.documentation()).characters.encode()}\n"
    }


def test_a_python_without_documentation_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(RuntimeError, match=re.escape("(pydoc_data.topics): pass a text file of")):
        data.documentation()


def test_fingerprints():
    assert data.fingerprint("") == "e3b0c442"  # SHA-256 of nothing
    assert data.fingerprint("a") != data.fingerprint("b")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a\r\nb\rc\n", "a\nb\nc"),
        ("a \t \nb", "a\nb"),
        ("\ta\n\n\n\n\nb\n\n", "    a\n\nb"),
        ("a\n \n \n \nb", "a\n\nb"),
        ("a  b", "a  b"),
    ],
)
def test_tidy(text, expected):
    assert data.tidy(text) == expected
    assert data.tidy(expected) == expected


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
def test_a_text_file_is_read_as_utf8(tmp_path, start):
    path = tmp_path / "story.txt"
    path.write_bytes(start + TEXT.replace("\n", "\r\n").encode("utf-8"))
    assert data.read_text(path) == data.read_text(str(path)) == TEXT.strip()


FILES = {
    "is not UTF-8 text (byte 3)": b"abc\xff\xfe",
    "is not UTF-8 text (byte 0)": "Latin é or UTF-16".encode("utf-16"),
    "is not text: it holds zero bytes": b"text\0" * 50,
    "holds no text": b" \n\t\n",
    "strange.txt holds no text": b"",
}


@pytest.mark.parametrize("message", FILES)
def test_a_file_that_is_no_text_is_refused(tmp_path, message):
    path = tmp_path / "strange.txt"
    path.write_bytes(FILES[message])
    with pytest.raises(ValueError, match=re.escape(message)):
        data.read_text(path)


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.txt"):
        data.read_text(tmp_path / "none.txt")
    with pytest.raises(IsADirectoryError, match="is a folder: name a text file in it"):
        data.read_text(tmp_path)


def test_characters_there_and_back():
    characters = data.Characters(TEXT)
    ids = characters.encode(TEXT)
    assert characters.characters == "".join(sorted(set(TEXT))) and len(characters) == len(set(TEXT))
    assert ids.dtype == np.int64 and ids.shape == (len(TEXT),)
    assert sorted(set(ids.tolist())) == list(range(len(characters)))
    assert characters.decode(ids) == characters.decode(ids.tolist()) == TEXT
    assert characters.decode([]) == "" and characters.encode("").shape == (0,)


def test_the_vocabulary_does_not_depend_on_the_order_of_the_text():
    assert data.Characters(TEXT).characters == data.Characters(TEXT[::-1]).characters


IDS = np.arange(50)
MISTAKES = [
    (lambda: data.Characters(""), ValueError, "Characters: the text is empty"),
    (lambda: data.Characters("abc").encode("a{b}é"), ValueError,
     "encode: the vocabulary has no '{}é'"),
    (lambda: data.Characters("abc").decode([0, 3]), ValueError,
     "decode: ids run from 0 to 3, but must be from 0 to 2"),
    (lambda: data.Characters("abc").decode([0, -1]), ValueError,
     "decode: ids run from -1 to 0, but must be from 0 to 2"),
    (lambda: data.Characters("abc").decode([0.0, 1.0]), TypeError,
     "decode: ids are float64, but must be integers"),
    (lambda: data.Characters("abc").decode(np.ones((2, 3), int)), ValueError,
     "decode: ids (2, 3) must be (T)"),
    (lambda: data.Characters("abc").decode(1), ValueError, "decode: ids () must be (T)"),
    (lambda: data.split(IDS / 2), TypeError, "split: ids are float64, but must be integers"),
    (lambda: data.split(IDS), ValueError,
     "split: 50 characters are too few: 20,000 or more are needed"),
    (lambda: data.split(IDS, chunk=0), ValueError, "split: chunk is 0, but must be a whole number"),
    (lambda: data.split(IDS, every=1), ValueError, "split: every is 1, but must be 2 or above"),
    (lambda: data.split(IDS, every=2.5), ValueError, "split: every is 2.5, but must be a whole"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


@pytest.mark.parametrize("n, chunk, every", [(20, 2, 10), (97, 5, 3), (1000, 7, 4), (12, 1, 2)])
def test_the_split_covers_every_character_once_and_in_order(n, chunk, every):
    ids = np.random.default_rng(2).permutation(n)
    train, test = data.split(ids, chunk=chunk, every=every)
    rest, parts = ids.tolist(), ([], [])
    for i in range(0, n, chunk):
        parts[i // chunk % every == every - 1].extend(rest[i : i + chunk])
    assert (train.tolist(), test.tolist()) == parts
    assert np.array_equal(data.split(ids.tolist(), chunk=chunk, every=every)[0], train)
    assert sorted(parts[0] + parts[1]) == list(range(n))


def test_a_tenth_is_for_the_test():
    train, test = data.split(np.zeros(DOCUMENTATION_CHARACTERS, np.int64))
    assert (len(train), len(test)) == (396_000, 44_000)


def test_source_code_is_of_one_length_and_looks_like_python():
    code = data.source_code()
    assert len(code) == SOURCE_CHARACTERS and code == data.tidy(code)[:SOURCE_CHARACTERS]
    assert code.count("\ndef ") > 30 and code.count("self.") > 100
    ast.parse(code[: code.rindex("\n\nclass ")])


def test_a_python_without_source_says_so(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="without the source of its standard library"):
        data.source_code()
    compiled = SimpleNamespace(origin="bisect.pyc")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: compiled)
    with pytest.raises(RuntimeError, match="without the source of its standard library"):
        data.source_code()


def test_a_vocabulary_tells_which_characters_it_knows():
    characters = data.Characters("abc ")
    assert characters.known("a cabbage!") == "a cabba"
    assert characters.known("é") == ""


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 13])
def test_stands_in_finds_the_passages_that_a_plain_search_finds(length):
    rng = np.random.default_rng(length)
    ids, others = rng.integers(0, 3, 60), rng.integers(0, 3, 70)
    others[20:45] = ids[5:30]
    text, other = ("".join("xyz"[i] for i in part) for part in (ids, others))
    expected = np.zeros(60, bool)
    for i in range(60 - length + 1):
        if text[i : i + length] in other:
            expected[i : i + length] = True
    found = data.stands_in(ids, others, length=length)
    assert np.array_equal(found, expected) and found[5:30].all()


def test_no_passage_is_longer_than_its_text():
    assert not data.stands_in(np.arange(3), np.arange(100), length=5).any()
    assert not data.stands_in(np.arange(100), np.arange(3), length=5).any()
    assert data.stands_in(np.arange(100), np.arange(100), length=100).all()
    with pytest.raises(ValueError, match="stands_in: length is 0"):
        data.stands_in(np.arange(3), np.arange(3), length=0)
