"""How much does a language model say about the next character, the deeper one reads it?

    python -m tinyffn.studies.lens_depth

trains the three small models of the study `after_training`, about a minute on one core, reads each
with the logit lens (lens.py) after every sublayer, and keeps the results in
`results/lens_depth.json`. An arm is a depth, and the last one is the model as it is.
"""

from tqdm import tqdm

from tinyffn.data import documentation, fingerprint
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import after_training, results
from tinyffn.studies.ablations import material
from tinyffn.studies.command import start
from tinyffn.studies.lens import depths, lens_bits


def read(seed):
    """The runs of one model, from the embedding on: a list of dicts.

    Returns    in each arm, a name of `lens.depths`; seed; rate, that of training; value, the bits
               per character on the front of the test part that after_training takes
    """
    model = after_training.small_model(seed)
    test = material()[1][2][: after_training.N_TEST]
    same = {"seed": seed, "rate": after_training.RATE}
    return [
        {"arm": depth, **same, "value": round(bits, 3)}
        for depth, bits in zip(depths(model), lens_bits(model, test), strict=True)
    ]


def main():
    """Reads all models; keeps the results."""
    keep_freed_memory()
    runs = [run for seed in tqdm(after_training.SEEDS, unit="model") for run in read(seed)]
    settings = {
        **after_training.SIZES,
        "activation": "relu",
        "steps": after_training.STEPS,
        "characters": after_training.N_TEST,
        "text": fingerprint(documentation()),
        "value": "bits per character on the test part",
    }
    print(results.keep("lens_depth", runs, settings=settings))


if __name__ == "__main__":
    start("lens_depth", main, __doc__)
