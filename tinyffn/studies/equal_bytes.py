"""Which way of storing holds most facts, if all layers take the same memory?

    python -m tinyffn.studies.equal_bytes

gives each way of storing as many neurons as fit into the memory of 64 neurons in int4, from 16 in
float16 to 265 in signs, and fills these layers as knowledge_per_bit.py does: with more and more
facts, at several rates, on three seeds. It takes an hour on one core, and keeps bits of facts for
each bit of memory in `results/equal_bytes.json`.

All are trained in the form in which they are stored. A layer with fewer neurons than its 64 inputs
and outputs has matrices of low rank: that, too, is what wide numbers cost.
"""

from tqdm import tqdm

from tinyffn.memory import keep_freed_memory
from tinyffn.studies import knowledge_per_bit, results
from tinyffn.studies.command import start
from tinyffn.studies.knowledge_per_bit_arms import Training

LOW, MIDDLE = (0.0005, 0.001, 0.002, 0.004), (0.0025, 0.005, 0.01, 0.02)
HIGH = (0.04, 0.08, 0.16, 0.32)


def _layers(d_ff, scheme, facts, rates, per="column", **settings):
    return Training(scheme, dict.fromkeys(facts, rates), per, {"d_ff": d_ff, **settings})


# One more neuron would not fit.
TRAININGS = {
    "float16": _layers(16, None, (600, 750, 900, 1050), HIGH),
    "int8": _layers(31, "int8", (1500, 1700, 1900), HIGH),
    "int4": _layers(64, "int4", (2000, 2500, 3000), HIGH[1:]),
    "ternary": _layers(150, "ternary", (2200, 3000, 4000, 5000), MIDDLE),
    "sign": _layers(229, "sign", (1800, 2300, 2800, 3300, 4000), (*LOW[1:], 0.008)),
    "int4, one scale": _layers(68, "int4", (2000, 2500, 3000, 3500), HIGH, "tensor"),
    "ternary, one scale": _layers(167, "ternary", (2200, 3000, 4000, 5000), MIDDLE, "tensor"),
    "sign, one scale": _layers(265, "sign", (2300, 3000, 3800, 4800), LOW, "tensor"),
}
# Do wide layers only want more training? Four times as much, each at one number of facts.
LONG = {
    "int4": _layers(64, "int4", (2500,), HIGH[1:], exposures=4000),
    "ternary, one scale": _layers(
        167, "ternary", (3000,), (0.0006, 0.00125, 0.0025, 0.005), "tensor", exposures=4000
    ),
    "sign, one scale": _layers(
        265, "sign", (3800,), (0.00025, 0.0005, 0.001), "tensor", exposures=4000
    ),
}
TRAININGS |= {f"{name}, 4000 exposures": of for name, of in LONG.items()}


def main():
    """All ways, numbers of facts, rates and seeds; keeps the results, and says what came out."""
    keep_freed_memory()
    plan = tqdm(knowledge_per_bit.plan(TRAININGS), unit="run")
    runs = [row for each in plan for row in knowledge_per_bit.run(*each, TRAININGS)]
    print(results.keep("equal_bytes", runs, settings=settings()))
    print(knowledge_per_bit.told(results.load("equal_bytes")))


def settings():
    """What all runs share, the neurons of each way of storing, and the bits that a weight takes."""
    widths = {name: (of.settings or {})["d_ff"] for name, of in TRAININGS.items()}
    return knowledge_per_bit.settings(TRAININGS) | {"d_ff": widths}


if __name__ == "__main__":
    start("equal_bytes", main, __doc__)
