"""`tinyffn train-lm`: a transformer of our own layers learns real text, told line by line."""

import itertools
import os
import time
from pathlib import Path

import numpy as np

from tinyffn.data import documentation, fingerprint, read_text
from tinyffn.memory import keep_freed_memory
from tinyffn.models import generate
from tinyffn.studies import language
from tinyffn.studies.held_out import held_out_bits

SAMPLE_CHARACTERS = 400
SAMPLE_SEED = 0
TEMPERATURE = 0.8


def train_lm(text_file, steps, out, say):
    """Train the language model on a text, compare it with count models, save it and sample.

    Interrupting (Ctrl-C) ends the training early; what was learnt until then is kept.

    Arguments  text_file: a path, or None for Python's documentation; out: a path that does not
               exist yet, or None for a free name in this folder; say: prints a line
    Errors     those of data.read_text, data.split and `_place`, before anything is trained
    """
    if steps < 1:
        raise ValueError(f"--steps is {steps}, but must be 1 or above")
    place = _place(out)
    text = documentation() if text_file is None else read_text(text_file)
    keep_freed_memory()
    study = language.prepare(text)
    sizes = language.SIZES
    say(f"Text      {text_file or 'the documentation of this Python'}: {len(text):,} characters, "
        f"{len(study.characters)} different, fingerprint {fingerprint(text)}")  # fmt: skip
    say(f"          every tenth chunk of 2,000 is for the test: {len(study.test):,} characters")
    say(f"Model     {sizes['n_layers']} blocks, d_model {sizes['d_model']}, d_ff {sizes['d_ff']}, "
        f"{sizes['n_heads']} heads, context {sizes['context']}: "
        f"{study.model.n_parameters():,} parameters")  # fmt: skip
    say("          the losses below are in nats per character; 1 nat is 1.44 bits")
    start = time.perf_counter()
    try:
        language.train(study, steps=steps)
    except KeyboardInterrupt:
        say("          stopped early, before the learning rate had come down: more was to gain")
    seconds = time.perf_counter() - start
    study.model.eval()
    _save(study, place, say)
    bits = held_out_bits(study.model, study.test)
    _compare(bits, language.baselines(study), len(study.history.step), seconds, say)
    _sample(study, say)


def _save(study, place, say):
    language.save(study, place)
    say(f"Saved     {place} ({place.stat().st_size / 1e6:.1f} MB); to use it in Python:")
    say("          from tinyffn.studies.language import load")
    say(f"          model, characters = load({str(place)!r})")


def _compare(bits, baselines, n_steps, seconds, say):
    """The model's line among those of the baselines, the worst first."""
    ours = f"this transformer, {n_steps:,} steps, {seconds:.0f} s"
    say("Bits per character on the test part, fewer are better:")
    for name, value in sorted({**baselines, ours: bits}.items(), key=lambda row: -row[1]):
        say(f"  {'>' if name == ours else ' '} {value:6.3f}  {name}")
    better = [name for name, value in baselines.items() if value < bits]
    say(f"That is {baselines[language.BIGRAM] - bits:.2f} bits below the bigram. "
        f"Not beaten: {', '.join(better) or 'none of them'}.")  # fmt: skip


def _sample(study, say):
    prompt = study.test[: study.model.context // 2]
    say(
        f"Sample    temperature {TEMPERATURE}, seed {SAMPLE_SEED}, after the start of the test part"
    )
    tokens = generate(
        study.model,
        prompt[None],
        SAMPLE_CHARACTERS,
        rng=np.random.default_rng(SAMPLE_SEED),
        temperature=TEMPERATURE,
    )
    text = study.characters.decode([token[0] for token in tokens])
    say(f"[{study.characters.decode(prompt)}]{text}")


def _place(out):
    """Where to save: the path given, or the first free one of language-model.npz, -2.npz, ...

    Errors     FileExistsError if the path is taken; NotADirectoryError or PermissionError if
               nothing can be written there
    """
    if out is None:
        names = (f"language-model{'' if n == 1 else f'-{n}'}.npz" for n in itertools.count(1))
        place = next(path for path in map(Path, names) if not path.exists())
    else:
        place = Path(out)
        if place.exists():
            raise FileExistsError(f"{place} exists already: name another file with --out")
    if not place.absolute().parent.is_dir():
        raise NotADirectoryError(f"there is no folder {place.parent} to save the model in")
    if not os.access(place.absolute().parent, os.W_OK):
        raise PermissionError(f"the folder {place.absolute().parent} cannot be written to")
    return place
