"""Models that ship trained: small, whole, as good as they say, made by the command they name."""

import shutil

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.data import Characters, documentation, fingerprint, split
from tinyffn.studies import results, trained
from tinyffn.studies.fact_language import share_right
from tinyffn.studies.held_out import held_out_bits

NAMES = list(trained.MAKERS)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_says_how_it_was_made(name):
    assert (results.FOLDER / f"{name}.npz").stat().st_size < 1_000_000
    model, about = trained.load(name)
    assert not model.training
    assert about["command"] == f"python -m tinyffn.studies.trained {name}"
    assert {"steps", "rate", "seed"} <= set(about["training"]) and about["versions"]["python"]


def test_the_model_of_the_documentation_scores_what_it_says():
    """On the text that it was made with; another edition, of which it has read parts, is near."""
    model, about = trained.load("documentation")
    characters = Characters(about["characters"])
    test = split(characters.encode(characters.known(documentation())))[1][:8000]
    is_same_text = fingerprint(documentation()) == about["text"]
    assert len(characters) == about["model"]["vocab_size"] == model.head.w.shape[1]
    assert abs(held_out_bits(model, test) - about["bits"]) < (0.3 if is_same_text else 0.5)
    assert about["bits"] < about["bits_new"] < 2


def test_the_model_of_the_facts_knows_what_it_says():
    model, about = trained.load("facts")
    facts = trained.facts_of(about)
    every = np.arange(len(facts.objects))
    shares = [share_right(model, facts, every, paraphrase=p) for p in range(3)]
    assert np.mean(shares) == pytest.approx(about["known"], abs=1e-3) and about["known"] > 0.99


def test_a_facts_model_can_be_gated():
    model, about = trained.facts_model(steps=20, progress=False, gate_op="swiglu", n_layers=1)
    assert isinstance(model.blocks[0].feed_forward, nn.GatedFeedForward)
    assert about["model"]["gate_op"] == "swiglu" and 0 < about["known"] < 0.9


@pytest.mark.slow
def test_a_model_is_made_in_two_steps_kept_and_loaded(tmp_path, monkeypatch, capsys):
    made = []

    def quick():
        made.append(trained.documentation_model(steps=2, progress=False))
        return made[0]

    text = documentation()[:40_000]
    monkeypatch.setattr(trained, "documentation", lambda: text)
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setitem(trained.MAKERS, "documentation", quick)
    trained.main(["documentation"])
    assert "documentation.npz" in capsys.readouterr().out
    model, about = trained.load("documentation", folder=tmp_path)
    ids = np.arange(10)[None]
    assert np.array_equal(model(ids).data, made[0][0](ids).data)
    assert about.items() >= made[0][1].items() and about["training"]["steps"] == 2


def test_what_does_not_exist_or_is_damaged_is_named(tmp_path):
    with pytest.raises(ValueError, match="load: there is no trained model 'novel', only docum"):
        trained.load("novel")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        trained.load("documentation", folder=tmp_path)
    path = shutil.copy(results.FOLDER / "documentation.npz", tmp_path)
    with open(path, "r+b") as file:
        file.truncate(10_000)
    with pytest.raises(ValueError, match="is not a whole"):
        trained.load("documentation", folder=tmp_path)
