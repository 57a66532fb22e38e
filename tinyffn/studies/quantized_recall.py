"""What does rounding take first: what stands in the context, or what was learnt by heart?

    python -m tinyffn.studies.quantized_recall

trains one transformer on two tasks at once, rounds it in many ways, and asks both again: some
minutes on one core. The results are kept in `results/quantized_recall.json`.

    recall    8 pairs stand in the context, then the keys once more: what followed each? All is new
              in every row, so the weights cannot know it. It is the smallest few-shot task
    facts     the 1,600 facts of data.FactLanguage, four words and an answer: only the weights know

Both are answered by the same weights, so the same damage is asked about twice. The tasks are not
equally hard: by chance 1 of 8 is right in recall (of the values that the row shows), and 1 of 20
in facts (of the objects of the relation). So scores are compared as shares of the way from there to
all right.

Rounded are feed-forward layers, attention's projections, or both, a scale for each column: after
training, or by training on in signs for 300 steps. The map to the words stays.
"""

import functools
import itertools
from functools import partial

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import random_recall
from tinyffn.data.facts import FILLERS
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.models import LanguageModel
from tinyffn.ops.loss import IGNORED
from tinyffn.optim import Adam, warmup_cosine
from tinyffn.studies import fact_language, results
from tinyffn.studies.command import start
from tinyffn.studies.knowledge_per_bit_arms import AFTER
from tinyffn.studies.latent import rounded_after_training
from tinyffn.train import fit

SEEDS = (1, 2, 3)
RECALL = {"n_pairs": 8, "n_keys": 16, "n_values": 16, "batch_size": 32}
ROW = 3 * RECALL["n_pairs"]
D_MODEL, D_FF, N_HEADS, N_LAYERS = 64, 256, 4, 2
STEPS, RATE = 500, 0.006  # of the model in float32, which then does both tasks without a mistake
MORE_STEPS, MORE_RATES = 300, (0.001, 0.003, 0.01, 0.03)  # in signs
WHICH = ("ffn", "attention", "all")
WHOLE = "float32"
AFTER_ARMS = {f"{s} after, {w}": (scheme, w) for s, scheme in AFTER.items() for w in WHICH}
DURING_ARMS = {f"sign in training, {w}": (AFTER["sign"], w) for w in WHICH}
CHANCE = {"recall": 1 / RECALL["n_pairs"], "facts": 1 / 20}


def make_model(language, seed):
    """The model before training: a token shift, then two blocks. Its ids are words, then recall's.

    A token shift gives each token a part of the one before, so that a value knows its key.
    """
    rng = np.random.default_rng([seed, 2])
    small = partial(nn.init.scaled_residual, n_layers=N_LAYERS, std=D_MODEL**-0.5)
    blocks = [
        nn.TransformerBlock(
            D_MODEL,
            nn.MultiHeadAttention(D_MODEL, N_HEADS, rng=rng, init_output=small),
            nn.FeedForward(D_MODEL, D_FF, rng=rng, activation=ops.relu, init_down=small),
            rng=rng,
        )
        for _ in range(N_LAYERS)
    ]
    vocab_size = len(language) + RECALL["n_keys"] + RECALL["n_values"]
    return LanguageModel(vocab_size, ROW, D_MODEL, [nn.TokenShift(D_MODEL), *blocks], rng=rng)


def train(model, language, *, seed, rate, steps, stop=None):
    """Train a model on both tasks, a batch of each in every step: Adam, warm-up and cosine.

    Errors     as train.fit
    """
    rngs = [np.random.default_rng([seed, i]) for i in (1, 3)]
    facts = language.random_prompts(batch_size=fact_language.BATCH_SIZE, rng=rngs[0])
    rows = recall_rows(language, rng=rngs[1])

    def loss(facts, rows):
        return ops.cross_entropy(model(facts[0])[:, -1], targets=facts[1]) + model.loss(*rows)

    fit(
        model,
        loss,
        zip(facts, rows, strict=True),
        Adam(model.parameters(), rate),
        steps=stop or steps,
        schedule=warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps),
        max_norm=1.0,
        progress=False,
    )


def recall_rows(language, *, rng):
    """Endless batches (ids, targets) of recall, with ids behind the words of a language."""
    for ids, targets in random_recall(**RECALL, rng=rng):
        yield ids + len(language), np.where(targets == IGNORED, IGNORED, targets + len(language))


def scores(model, language, seed, *, n_batches=16):
    """How a model does at both tasks, recall on so many new batches: a dict.

    Returns    recall, facts: shares right; recall_way, facts_way: the share of the way from chance
               to all right: 0 at chance, 1 if none is wrong; recall_nats, facts_nats: mean surprise
    Errors     ValueError if n_batches is no whole number above 0
    """
    must_be_positive("scores", n_batches=n_batches)
    every = np.arange(len(language.objects))
    prompts = language.prompts(every, paraphrase=0, filler=every % len(FILLERS))
    targets = np.full(prompts.shape, IGNORED)
    targets[:, -1] = language.objects
    rows = recall_rows(language, rng=np.random.default_rng([seed, 4]))
    found = {}
    for task, batches in {
        "facts": [(prompts, targets)],
        "recall": list(itertools.islice(rows, n_batches)),
    }.items():
        right, nats = zip(*(_asked(model, *batch) for batch in batches), strict=True)
        share = float(np.mean(np.concatenate(right)))
        found[task] = share
        found[f"{task}_way"] = (share - CHANCE[task]) / (1 - CHANCE[task])
        found[f"{task}_nats"] = float(np.mean(np.concatenate(nats)))
    return found


def _asked(model, ids, targets):
    """Of all targets of a batch: which are hit, and how surprising they are, in nats."""
    with no_grad():
        z = model(ids).data.astype(np.float64)
    counts = targets != IGNORED
    z, answers = z[counts], targets[counts]
    z -= z.max(axis=-1, keepdims=True)
    nats = np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), answers]
    return z.argmax(axis=-1) == answers, nats


@functools.cache
def trained(seed):
    """The model in float32 of a seed and its language. Whoever changes the model takes a copy."""
    language = fact_language.make_language("roomy", seed)
    model = make_model(language, seed)
    train(model, language, seed=seed, rate=RATE, steps=STEPS)
    return model.eval(), language


def run(arm, seed, rate, *, stop=None):
    """Round the trained model as an arm says, or train it on in signs, and ask both tasks.

    Arguments  rate: of the training in signs, else that of the model; stop: after so many steps
    Returns    a dict: arm, seed, rate; value: the share of recall that is right; what `scores`
               returns; choose: for rates, the sum of both surprises on other rows of recall
    Errors     ValueError if there is no such arm, or rate is not above 0
    """
    must_be_above("run", 0, rate=rate)
    if arm not in (arms := rates()):
        raise ValueError(f"quantized_recall: there is no arm {arm!r}, only {'; '.join(arms)}")
    model, language = trained(seed)
    if arm != WHOLE:
        scheme, which = (AFTER_ARMS | DURING_ARMS)[arm]
        model = rounded_after_training(model, scheme, which=which)
    if arm in DURING_ARMS:
        train(model, language, seed=seed + 100, rate=rate, steps=MORE_STEPS, stop=stop)
    model.eval()
    found = scores(model, language, seed)
    other = scores(model, language, seed + 1000, n_batches=4)
    found = {key: round(number, 5) for key, number in found.items()}
    choose = round(other["recall_nats"] + other["facts_nats"], 5)
    named = {"arm": arm, "seed": seed, "rate": rate, "value": found.pop("recall")}
    return named | found | {"choose": choose}


def rates():
    """The rates of each arm: {arm: rates}."""
    fixed = dict.fromkeys((WHOLE, *AFTER_ARMS), (RATE,))
    return fixed | dict.fromkeys(DURING_ARMS, MORE_RATES)


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    keep([run(*each) for each in tqdm(plan(), unit="run")])


def plan():
    """All runs of the study, in order: [(arm, seed, rate), ...]."""
    return [(arm, seed, rate) for seed in SEEDS for arm, of in rates().items() for rate in of]


def keep(runs):
    """Write what all runs found, with what they share."""
    model = trained(SEEDS[0])[0]
    settings = {
        "recall": RECALL,
        "facts": len(trained(SEEDS[0])[1].objects),
        "n_parameters": model.n_parameters(),
        "d_model": D_MODEL,
        "d_ff": D_FF,
        "n_layers": N_LAYERS,
        "steps": STEPS,
        "rate": RATE,
        "steps in signs": MORE_STEPS,
        "rates in signs": MORE_RATES,
        "chance": CHANCE,
        "value": "share of recall that is right",
        "rates chosen by": "choose, the sum of both surprises in nats, on other rows of recall",
    }
    print(results.keep("quantized_recall", runs, settings=settings))


if __name__ == "__main__":
    start("quantized_recall", main, __doc__)
