"""Models that ship trained, for lessons that have no time to train them.

    python -m tinyffn.studies.trained NAME

trains one of MAKERS again and writes `results/NAME.npz`: its parameters, how it is built, and what
it was made with and how it scored.
"""

import argparse

import numpy as np

from tinyffn import nn, ops
from tinyffn.data import Characters, documentation, fingerprint, split, stands_in
from tinyffn.memory import keep_freed_memory
from tinyffn.models import load_model, save_model, transformer
from tinyffn.studies import fact_language, language, results
from tinyffn.studies.held_out import held_out_surprises
from tinyffn.studies.made_with import made_with
from tinyffn.train import History


def documentation_model(*, steps=1500, rate=0.0113, seed=1, progress=True):
    """A transformer of four blocks on Python's documentation, characters as tokens.

    Its feed-forward layers have ReLU, so that one can say of each hidden number whether it is on.

    Returns    (model, about): about["bits"] and about["bits_new"] are its bits per character on
               the test part, and on what is new in it; see data.stands_in
    """
    text = documentation()
    characters = Characters(text)
    train, test = split(characters.encode(text))
    sizes = {"context": 128, "d_model": 64, "n_heads": 4, "d_ff": 256, "n_layers": 4}
    about = {
        "characters": characters.characters,
        "model": {"vocab_size": len(characters), **sizes, "activation": "relu"},
        "training": {"steps": steps, "rate": rate, "batch_size": language.BATCH_SIZE, "seed": seed},
        "text": fingerprint(text),
        "versions": made_with(),
    }
    model = build(about, seed=seed)
    rng = np.random.default_rng([seed, 1])
    study = language.TextStudy(characters, train, test, model, sizes, rng, History())
    language.train(study, steps=steps, rate=rate, progress=progress)
    each = held_out_surprises(model, test)
    is_new = ~stands_in(test, train)[1:]
    scores = {"bits": each.mean(), "bits_new": each[is_new].mean()}
    about |= {name: round(float(bits), 4) for name, bits in scores.items()}
    return model.eval(), about


def facts_model(*, steps=600, rate=6e-3, seed=1, progress=True, **options):
    """A transformer of two blocks that knows the 1,600 facts of `facts_of(about)`.

    Its norm is RMSNorm, which moves nothing and only scales; its feed-forward layers have ReLU.

    Arguments  options: of models.transformer, in place of these, such as gate_op="swiglu"
    Returns    (model, about): about["known"] is the share of the facts that it answers right, each
               said in three ways, one of them never shown for a fifth of the facts
    """
    task = fact_language.TASKS["roomy"]
    sizes = {"context": 4, "d_model": task["d_model"], "n_heads": 4, "d_ff": task["d_ff"]}
    parts = {"n_layers": 2, "activation": "relu", "norm": "RMSNorm"} | options
    training = {
        "steps": steps,
        "rate": rate,
        "batch_size": fact_language.BATCH_SIZE,
        "seed": seed,
    }
    facts = fact_language.make_language("roomy", seed)
    about = {
        "model": {"vocab_size": len(facts), **sizes, **parts},
        "training": training,
        "versions": made_with(),
    }
    model = build(about, seed=seed)
    fact_language.learn(model, facts, seed=seed, rate=rate, steps=steps, progress=progress)
    every = np.arange(len(facts.objects))
    shares = [fact_language.share_right(model, facts, every, paraphrase=p) for p in range(3)]
    return model.eval(), about | {"known": round(float(np.mean(shares)), 4)}


def facts_of(about):
    """The FactLanguage that a `facts_model` was trained on."""
    return fact_language.make_language("roomy", about["training"]["seed"])


MAKERS = {"documentation": documentation_model, "facts": facts_model}
PARTS = {"activation": ops, "gate_op": ops, "norm": nn}  # settings that are written as a name


def build(about, *, seed=0):
    """A model as `about` says, before training."""
    settings = dict(about["model"])
    settings |= {name: getattr(PARTS[name], settings[name]) for name in PARTS.keys() & settings}
    return transformer(**settings, rng=np.random.default_rng(seed))


def load(name, *, folder=results.FOLDER):
    """A model that ships trained, ready to be used, and what was written down about it.

    Returns    (model, about)
    Errors     ValueError if there is none of this name, or its file is damaged
    """
    _must_be_known("load", name)
    model, about = load_model(folder / f"{name}.npz", build)
    return model.eval(), about


def main(arguments=None):
    """Train one of MAKERS again, and keep it."""
    parser = argparse.ArgumentParser(prog="python -m tinyffn.studies.trained")
    parser.add_argument("name", choices=list(MAKERS))
    name = parser.parse_args(arguments).name
    keep_freed_memory()
    model, about = MAKERS[name]()
    path = results.FOLDER / f"{name}.npz"
    save_model(path, model, command=f"python -m tinyffn.studies.trained {name}", **about)
    print(f"{path}: {path.stat().st_size:,} bytes")


def _must_be_known(owner, name):
    if name not in MAKERS:
        raise ValueError(f"{owner}: there is no trained model {name!r}, only {', '.join(MAKERS)}")


if __name__ == "__main__":
    main()
