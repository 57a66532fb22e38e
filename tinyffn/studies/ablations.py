"""What does each part of a transformer add? The same small model with parts changed or left out.

    python -m tinyffn.studies.ablations

makes all runs, about a quarter of an hour on one core, and keeps them in `results/ablations.json`.

All arms but one hold as many parameters, within 1 %: where a part is left out, the rest is made
deeper. "no FFN" alone is what is left when one takes the part away and puts nothing in its place.
Arms of one seed share the batches and the first values of embeddings and head. Each arm's rate is
chosen on a validation part, which neither trains a model nor scores it.
"""

import contextlib
import functools
import math

import numpy as np
from tqdm import tqdm

from tinyffn import ops
from tinyffn.data import Characters, documentation, fingerprint, split, stands_in
from tinyffn.memory import keep_freed_memory
from tinyffn.models import transformer
from tinyffn.nn.init import unit_normal, xavier
from tinyffn.studies import language, results
from tinyffn.studies.command import start
from tinyffn.studies.held_out import held_out_bits, held_out_surprises
from tinyffn.train import History

SEEDS = (1, 2, 3)
HIGH, LOW = (0.016, 0.0226, 0.032), (0.0113, 0.016, 0.0226)
STEPS = 600
EVALUATE_EVERY = STEPS // 20
SIZES = {"context": 64, "d_model": 64, "n_heads": 4}
BASE = "GELU"
UNMATCHED = "no FFN"

# What differs between the arms: settings of models.transformer. A gated layer has three matrices
# and no biases, so 172 hidden numbers hold what 256 do; six layers without FFN hold what two do.
ARMS = {
    "ReLU": {"n_layers": 2, "d_ff": 256, "activation": ops.relu},
    "GELU": {"n_layers": 2, "d_ff": 256, "activation": ops.gelu},
    "SwiGLU": {"n_layers": 2, "d_ff": 172, "gate_op": ops.swiglu},
    "linear FFN": {"n_layers": 2, "d_ff": 256, "activation": ops.identity},
    "no FFN": {"n_layers": 2, "d_ff": 256, "feed_forward": False},
    "no FFN, 6 layers": {"n_layers": 6, "d_ff": 256, "feed_forward": False},
    "no attention, 3 layers": {"n_layers": 3, "d_ff": 256, "attention": False},
}
RATES: dict[str, tuple[float, ...]] = {
    arm: HIGH if arm in ("ReLU", "GELU", "SwiGLU") else LOW for arm in ARMS
}
RATES["no FFN, 6 layers"] = (0.0057, 0.008, *LOW)  # the deepest arm asks for lower ones


@functools.cache
def material():
    """The vocabulary, and the ids of three parts of the text: (characters, (train, chosen, test)).

    The test part is that of all lessons. Every twentieth chunk of the rest chooses the rates.
    """
    text = documentation()
    characters = Characters(text)
    rest, test = split(characters.encode(text))
    train, validation = split(rest, every=20)
    return characters, (train, validation, test)


@functools.cache
def is_new():
    """Which characters of the test part, but the first, stand in no passage that was trained on."""
    train, _, test = material()[1]
    return ~stands_in(test, train)[1:]


def new_model(arm, seed, vocab_size):
    """The model of an arm before training.

    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"new_model: there is no arm {arm!r}, only {', '.join(ARMS)}")
    model = transformer(vocab_size, rng=np.random.default_rng([seed, 2]), **SIZES, **ARMS[arm])
    rng = np.random.default_rng(seed)  # what all arms have, they begin with alike
    shared = {"token.table": unit_normal, "position": unit_normal, "head.w": xavier}
    parameters = dict(model.named_parameters())
    for name, init in shared.items():
        parameters[name].data[...] = init(rng, parameters[name].shape)
    return model


def run(arm, rate, seed, *, stop=None, progress=False):
    """Train one arm at one rate on one seed, or the first `stop` of its STEPS steps.

    Returns    {arm, seed, rate, value, new, validation, n_parameters, curve}: bits per character
               after the last step on the test part, on what is new in it, and on the validation
               part, or None if the numbers grew infinite; curve has them on the test part's first
               8,000 characters, after every EVALUATE_EVERY steps
    """
    characters, (train, validation, test) = material()
    model, history = new_model(arm, seed, len(characters)), History()
    rng = np.random.default_rng([seed, 1])
    study = language.TextStudy(characters, train, test, model, SIZES, rng, history)
    bits = dict.fromkeys(("value", "new", "validation"))
    with contextlib.suppress(FloatingPointError), np.errstate(over="ignore", invalid="ignore"):
        language.train(
            study, steps=STEPS, rate=rate, stop=stop, evaluate_every=EVALUATE_EVERY,
            progress=progress,
        )  # fmt: skip
        each = held_out_surprises(model, test)
        bits = {
            "value": each.mean(),
            "new": each[is_new()].mean(),
            "validation": held_out_bits(model, validation),
        }
    return {
        "arm": arm,
        "seed": seed,
        "rate": rate,
        **{key: None if b is None else round(float(b), 4) for key, b in bits.items()},
        "n_parameters": model.n_parameters(),
        "curve": [round(nats / math.log(2), 3) for nats in history.eval_loss],
    }


def keep(runs):
    """Keep these runs, with what is true of all of them."""
    characters, parts = material()
    settings = {
        **SIZES,
        "arms": {
            arm: {key: getattr(value, "__name__", value) for key, value in settings.items()}
            for arm, settings in ARMS.items()
        },
        "steps": STEPS,
        "batch_size": language.BATCH_SIZE,
        "evaluate_every": EVALUATE_EVERY,
        "rates": RATES,
        "text": fingerprint(documentation()),
        "characters": [len(part) for part in parts],
        "vocab_size": len(characters),
        "value": "bits per character on the test part",
    }
    return results.keep("ablations", runs, settings=settings)


def main():
    """Make all runs and keep them."""
    keep_freed_memory()
    plan = [(arm, rate, seed) for arm in ARMS for rate in RATES[arm] for seed in SEEDS]
    print(keep([run(*each) for each in tqdm(plan, unit="run")]))


if __name__ == "__main__":
    start("ablations", main, __doc__)
