"""A small transformer on real text, beside the count models that it has to beat.

`tinyffn train-lm` is this study on the command line.
"""

import math
from dataclasses import dataclass

import numpy as np

from tinyffn.data import Characters, random_windows, split
from tinyffn.models import LanguageModel, load_model, save_model, transformer
from tinyffn.optim import AdamW, is_matrix, warmup_cosine
from tinyffn.studies.counts import bigram_bits, witten_bell_bits
from tinyffn.studies.held_out import held_out_bits
from tinyffn.train import History, fit

SIZES = {"context": 64, "d_model": 64, "n_heads": 4, "d_ff": 256, "n_layers": 2}
STEPS = 1500
BATCH_SIZE = 16
PEAK_RATE = 8e-3
BIGRAM = "bigram, add-one smoothing"


@dataclass
class TextStudy:
    """A text cut into two parts, a model for it, and what has happened to the model so far."""

    characters: Characters
    train: np.ndarray
    test: np.ndarray
    model: LanguageModel
    sizes: dict
    rng: np.random.Generator
    history: History


def prepare(text, *, seed=0, sizes=SIZES):
    """Set up the study of a text: vocabulary, training and test part, a new model.

    Errors     ValueError if the text is too short to be split
    """
    characters = Characters(text)
    train, test = split(characters.encode(text))
    rng = np.random.default_rng(seed)
    model = transformer(len(characters), rng=rng, **sizes)
    return TextStudy(characters, train, test, model, dict(sizes), rng, History())


def baselines(study, *, context=6):
    """Bits per character of the honest baselines on the test part: a dict of name -> bits."""
    vocab_size = len(study.characters)
    counts = witten_bell_bits(study.train, study.test, vocab_size, context=context)
    bits = {
        f"any of {vocab_size} characters alike": math.log2(vocab_size),
        BIGRAM: bigram_bits(study.train, study.test, vocab_size),
    }
    for n, bits_n in enumerate(counts):
        bits[f"counts after {n} character{'' if n == 1 else 's'} (Witten-Bell)"] = bits_n
    return bits


def train(
    study, *, steps=STEPS, rate=PEAK_RATE, stop=None, evaluate_every=250, progress=True
):
    """Train the study's model with AdamW, warm-up and cosine; `study.history` tells how it went.

    Called again, it goes on with the model, and with a new warm-up and cosine.

    Arguments  rate: the peak; stop: end after so many of the steps, as if interrupted
    """
    model, done = study.model, len(study.history.step)
    schedule = warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps, final=rate / 20)
    batches = random_windows(
        study.train, batch_size=BATCH_SIZE, length=model.context, rng=study.rng
    )
    fit(
        model,
        model.loss,
        batches,
        AdamW(model.parameters(), rate, betas=(0.9, 0.99), weight_decay=0.1, decays=is_matrix),
        steps=steps if stop is None else stop,
        schedule=lambda step: schedule(step - done),
        max_norm=1.0,
        evaluate=lambda: held_out_bits(model, study.test[:8000]) * math.log(2),
        evaluate_every=evaluate_every,
        history=study.history,
        progress=progress,
    )


def save(study, path):
    """Save the model and its vocabulary to one .npz file, from which `load` takes both."""
    save_model(path, study.model, characters=study.characters.characters, sizes=study.sizes)


def load(path):
    """The (model, characters) that `save` wrote.

    Errors     ValueError if the file is damaged or something else
    """

    def build(about):
        rng = np.random.default_rng(0)  # its draws are overwritten
        return transformer(len(about["characters"]), rng=rng, **about["sizes"])

    model, about = load_model(path, build)
    return model.eval(), Characters(about["characters"])
