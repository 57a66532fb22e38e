"""Which part of a perception block earns its place? All parts on, then each one off in turn.

    python -m tinyffn.studies.perception_parts

makes all runs, some ten minutes on one core, and keeps them in `results/perception_parts.json`.

The task is text, character by character. All arms hold as many parameters as the one with all
parts, within 2 %: where a part is left out, the block is made wider. Arms of one seed share the
batches. Each arm's rate is chosen on a validation part, which neither trains a model nor scores it.
"""

import contextlib

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import documentation, fingerprint, random_windows
from tinyffn.memory import keep_freed_memory
from tinyffn.models import perception
from tinyffn.optim import AdamW, warmup_cosine
from tinyffn.studies import results
from tinyffn.studies.ablations import material
from tinyffn.studies.activations import matched_width, n_parameters
from tinyffn.studies.command import start
from tinyffn.studies.held_out import held_out_bits
from tinyffn.train import History, fit

SEEDS = (1, 2, 3)
RATES = (0.008, 0.016, 0.032, 0.064)
# Arms that do best at one end of these rates are tried beyond it.
EXTRA_RATES = {"the gate alone": (0.004,), "no residual": (0.004,), "no routing": (0.128,)}
STEPS = 400
BATCH_SIZE = 16
EVALUATE_EVERY = STEPS // 10
N_LAYERS = 2
CONTEXT, D_MODEL, D_FF = 32, 32, 128
N_SCORED = 8000  # characters
BALANCE = 0.01  # how much the balance of the experts counts in the loss
FULL = "all parts"
PARTS = {
    "n_heads": 4, "gate": True, "n_experts": 4, "d_expert": 32, "activation": nn.AconC,
    "d_scale": 8, "dropout": 0.1, "residual": True, "norm": nn.LayerNorm,
}  # fmt: skip
# What each arm changes in PARTS.
ARMS = {
    FULL: {},
    "one head": {"n_heads": 1},
    "no gate": {"gate": False},
    "no routing": {"n_experts": 0, "d_expert": None},
    "fixed activation": {"activation": ops.gelu},
    "no scale": {"d_scale": 0},
    "no dropout": {"dropout": 0.0},
    "no residual": {"residual": False},
    "no norm": {"norm": None},
    "the gate alone": {
        "n_heads": 1, "n_experts": 0, "d_expert": None, "activation": ops.gelu, "d_scale": 0,
        "dropout": 0.0,
    },
}  # fmt: skip


def rates(arm):
    """The rates at which an arm is tried, from low to high."""
    return tuple(sorted((*RATES, *EXTRA_RATES.get(arm, ()))))


def make_model(arm, *, rng):
    """The model of an arm, before training, as large as the one with all parts.

    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"make_model: there is no arm {arm!r}, only {', '.join(ARMS)}")
    vocab_size = len(material()[0])

    def build(eighth, rng, arm=arm):
        sizes = vocab_size, CONTEXT, D_MODEL, 8 * eighth, N_LAYERS  # 4 heads and 2 halves divide it
        return perception(*sizes, rng=rng, **PARTS | ARMS[arm])

    n = n_parameters(build(D_FF // 8, np.random.default_rng(0), arm=FULL))
    return build(matched_width(lambda e: build(e, np.random.default_rng(0)), n), rng)


def run(arm, seed, rate, *, stop=None, progress=False):
    """Train one arm with AdamW, warm-up and cosine.

    Arguments  stop: after this many steps, at most STEPS
    Returns    a dict: arm, seed, rate, value and validation (bits per character at the end on the
               test part and the validation part, the first N_SCORED characters of each, or None if
               the numbers grew infinite), curve: value after every EVALUATE_EVERY steps
    Errors     ValueError if there is no such arm, rate is not above 0, or stop no whole number from
               1 to STEPS
    """
    must_be_above("run", 0, rate=rate)
    stop = STEPS if stop is None else stop
    must_be_positive("run", stop=stop)
    if stop > STEPS:
        raise ValueError(f"run: stop is {stop}, but the runs have {STEPS} steps")
    model = make_model(arm, rng=np.random.default_rng(seed))
    train, validation, test = material()[1]
    has_experts = bool((PARTS | ARMS[arm])["n_experts"])

    def loss(ids, targets):
        nats = model.loss(ids, targets)
        return nats + BALANCE * nn.balance_loss(model) if has_experts else nats

    batches = random_windows(
        train, length=CONTEXT, batch_size=BATCH_SIZE, rng=np.random.default_rng([seed, 1])
    )
    history, bits = History(), {"value": None, "validation": None}
    with contextlib.suppress(FloatingPointError), np.errstate(over="ignore", invalid="ignore"):
        fit(
            model,
            loss,
            batches,
            AdamW(model.parameters(), rate),
            steps=stop,
            schedule=warmup_cosine(rate, warmup_steps=STEPS // 10, total_steps=STEPS),
            max_norm=1.0,
            evaluate=lambda: held_out_bits(model, test[:N_SCORED]),
            evaluate_every=EVALUATE_EVERY,
            history=history,
            progress=progress,
        )
        scored = {"value": test, "validation": validation}
        bits = {k: round(held_out_bits(model, part[:N_SCORED]), 4) for k, part in scored.items()}
    curve = [round(bits, 3) for bits in history.eval_loss]
    return {"arm": arm, "seed": seed, "rate": rate, **bits, "curve": curve}


def keep(runs):
    """Keep all runs of the study; of their curves those of seed 1."""
    for each in runs:
        if each["seed"] > 1:  # curves of one seed are enough to see that it comes out again
            del each["curve"]
    named = {key: getattr(part, "__name__", part) for key, part in PARTS.items()}
    settings = {
        "parts": named,
        "steps": STEPS,
        "batch_size": BATCH_SIZE,
        "evaluate_every": EVALUATE_EVERY,
        "rates": {arm: rates(arm) for arm in ARMS},
        "context, d_model, d_ff of the one with all parts, n_layers": [
            CONTEXT, D_MODEL, D_FF, N_LAYERS
        ],
        "balance": BALANCE,
        "text": fingerprint(documentation()),
        "n_parameters": {
            arm: n_parameters(make_model(arm, rng=np.random.default_rng(0))) for arm in ARMS
        },
        "value": "bits per character on the test part",
    }  # fmt: skip
    return results.keep("perception_parts", runs, settings=settings)


def main():
    """Make all runs and keep them."""
    keep_freed_memory()
    plan = [(arm, seed, rate) for arm in ARMS for seed in SEEDS for rate in rates(arm)]
    print(keep([run(*each) for each in tqdm(plan, unit="run")]))


if __name__ == "__main__":
    start("perception_parts", main, __doc__)
