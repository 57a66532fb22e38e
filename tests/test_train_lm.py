"""`tinyffn train-lm`: small runs end to end, and every refusal before anything is trained."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tinyffn.studies import language

ROOT = Path(__file__).parent.parent
SENTENCE = "the feed forward layer of a block widens bends and narrows again so it is said"


@pytest.fixture
def text_file(tmp_path):
    """A file of 25,000 characters or so: seeded sentences of a few words."""
    rng = np.random.default_rng(3)
    path = tmp_path / "mine.txt"
    path.write_text(" ".join(rng.choice(SENTENCE.split(), 5600)), encoding="utf-8")
    return path


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "tinyffn", "train-lm", *map(str, arguments)],
        cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "OPENBLAS_NUM_THREADS": "1",
             "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_a_short_run_says_how_it_went_saves_and_samples(tmp_path, text_file):
    done = run(tmp_path, "--text", text_file, "--steps", 3)
    assert done.returncode == 0, done.stderr
    assert re.search(r"> +\d+\.\d+  this transformer, 3 steps", done.stdout)
    for baseline in [language.BIGRAM, "counts after 6 characters", "characters alike"]:
        assert baseline in done.stdout
    model, characters = language.load(tmp_path / "language-model.npz")
    assert set(characters.characters) == set(text_file.read_text(encoding="utf-8"))
    assert f"{model.n_parameters():,} parameters" in done.stdout
    assert len(done.stdout.split("Sample")[1]) > 400


def test_a_second_run_leaves_the_first_model_alone(tmp_path, text_file):
    run(tmp_path, "--text", text_file, "--steps", 1)
    first = (tmp_path / "language-model.npz").read_bytes()
    run(tmp_path, "--text", text_file, "--steps", 2)
    assert (tmp_path / "language-model.npz").read_bytes() == first
    assert (tmp_path / "language-model-2.npz").exists()


def test_the_loaded_model_is_the_saved_one(tmp_path):
    rng = np.random.default_rng(0)
    study = language.prepare("".join(rng.choice(list("abcd \n"), 21_000)))
    language.save(study, tmp_path / "m.npz")
    model, characters = language.load(tmp_path / "m.npz")
    ids = characters.encode("a bad cab")[None]
    np.testing.assert_array_equal(model(ids).data, study.model.eval()(ids).data)


REFUSALS = {
    "no such text": (["--text", "none.txt"], "there is no file none.txt"),
    "a folder": (["--text", "."], "is a folder: name a text file in it"),
    "too short": (["--text", "short.txt"], "5 characters are too few: 20,000 or more are needed"),
    "not text": (["--text", "binary.bin"], "is not UTF-8 text (byte 0): save it as UTF-8"),
    "no steps": (["--steps", "0"], "--steps is 0, but must be 1 or above"),
    "out is taken": (["--out", "short.txt"], "short.txt exists already: name another file"),
    "out is nowhere": (["--out", "no/where.npz"], "there is no folder no"),
}


@pytest.mark.parametrize("arguments, sentence", REFUSALS.values(), ids=REFUSALS)
def test_refuses_in_one_sentence(tmp_path, arguments, sentence):
    (tmp_path / "short.txt").write_text("short", encoding="utf-8")
    (tmp_path / "binary.bin").write_bytes(b"\xff\xfe\x00")
    before = sorted(p.name for p in tmp_path.iterdir())
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == before


@pytest.mark.slow
def test_learns_real_text_half_a_bit_below_the_bigram(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    below = float(re.search(r"That is (-?\d+\.\d+) bits below the bigram", done.stdout)[1])
    assert below >= 0.5
