"""How long does a product with a matrix in signs take, packed and not, for one token and for many?

    python -m tinyffn.studies.packed_speed

times all programs on SEEDS draws of a matrix (4096, 4096), a few minutes on one core, and
keeps the milliseconds in `results/packed_speed.json`. All of them use the same signs, with a scale
for each GROUP of rows:

    float32, BLAS            the weight as float32, and NumPy's @
    unpacked for each call   the packed weight made float32, all of it, and NumPy's @
    unpacked tile by tile    bits/unpacked.py, inputs as they are
    look-up tables           bits/tables.py, inputs of 8 bits
    bit planes               bits/planes.py, inputs of 8 bits
    XNOR                     bits/popcount.py, inputs in signs
    XNOR, scale per column   the same with one scale for each column, so that one count is enough

and besides how fast the machine can read and multiply: see roofline.py. Milliseconds say something
of one machine, and ratios within a run a little more; neither says anything of compiled kernels.
"""

import os

import numpy as np
from tqdm import tqdm

from tinyffn.bits.planes import plane_product
from tinyffn.bits.popcount import xnor_product
from tinyffn.bits.schemes import binary, signs
from tinyffn.bits.tables import table_product
from tinyffn.bits.uniform import absmax_tokens
from tinyffn.bits.unpacked import unpacked_product
from tinyffn.bits.words import sign_words
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import results
from tinyffn.studies.clock import in_turn
from tinyffn.studies.command import start
from tinyffn.studies.roofline import measured_bandwidth, measured_peak

SHAPE, GROUP = (4096, 4096), 128
N_TOKENS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SEEDS = (1, 2, 3, 4, 5)
CALLS = 5
BLAS, XNOR, PLANES, TABLES = "float32, BLAS", "XNOR", "bit planes", "look-up tables"
TILES, EACH_CALL, COLUMNS = (
    "unpacked tile by tile",
    "unpacked for each call",
    "XNOR, scale per column",
)
ARMS = (BLAS, EACH_CALL, TILES, TABLES, PLANES, XNOR, COLUMNS)
MEMORY, ARITHMETIC = "memory", "arithmetic"  # of the machine: bytes and operations a second


class Programs:
    """The programs on one draw of a matrix: `.of(x)` gives {name: a function of nothing}.

    Attributes exact: the weight in float32; size_bytes: {name: bytes that a call reads}
    """

    def __init__(self, rng, *, shape=SHAPE, group=GROUP):
        w = rng.standard_normal(shape).astype(np.float32)
        quantized = binary(w, per=group)
        self.packed = sign_words(quantized, scale_dtype=np.float16)
        half = self.packed.scale.astype(np.float32)
        self.exact = quantized._replace(scale=half).values()
        self.of_columns = sign_words(binary(w), scale_dtype=np.float16)
        small = self.packed.size_bytes
        self.size_bytes = dict.fromkeys(ARMS, small)
        self.size_bytes |= {BLAS: self.exact.nbytes, COLUMNS: self.of_columns.size_bytes}

    def unpacked(self):
        """The packed weight made float32: the float16 scales first, so that no product is float16.

        Processors without arithmetic in 16 bits take several times as long for those.
        """
        quantized = self.packed.quantized()
        return quantized._replace(scale=quantized.scale.astype(np.float32)).values()

    def of(self, x):
        """For inputs x (n_tokens, d_in), float32; their 8 bits and their signs are made before."""
        codes, _ = absmax_tokens(x)
        x_signs = signs(x)
        return {
            BLAS: lambda: x @ self.exact,
            EACH_CALL: lambda: x @ self.unpacked(),
            TILES: lambda: unpacked_product(x, self.packed),
            TABLES: lambda: table_product(codes, self.packed),
            PLANES: lambda: plane_product(codes, self.packed),
            XNOR: lambda: xnor_product(x_signs, self.packed),
            COLUMNS: lambda: xnor_product(x_signs, self.of_columns),
        }


def milliseconds(programs, n_tokens, rng, *, calls=CALLS):
    """Milliseconds of the quickest of some calls for n_tokens inputs: {name: milliseconds}."""
    d_in = len(programs.exact)
    x = rng.standard_normal((n_tokens, d_in)).astype(np.float32)
    taken = in_turn(programs.of(x), calls=calls)
    return {name: 1e3 * min(seconds) for name, seconds in taken.items()}


def run(seed, *, n_tokens=N_TOKENS, progress=False, **sizes):
    """All programs on one draw: a list of runs. `value` is for one token."""
    rng = np.random.default_rng(seed)
    programs = Programs(rng, **sizes)
    taken = [milliseconds(programs, n, rng) for n in tqdm(n_tokens, disable=not progress)]
    runs = []
    for arm, size_bytes in programs.size_bytes.items():
        ms = [float(f"{each[arm]:.4g}") for each in taken]
        runs.append({"arm": arm, "seed": seed, "rate": None, "value": ms[0], "ms": ms,
                     "bytes": size_bytes})  # fmt: skip
    for arm, measure in ((MEMORY, measured_bandwidth), (ARITHMETIC, measured_peak)):
        runs.append({"arm": arm, "seed": seed, "rate": None, "value": float(f"{measure():.4g}")})
    return runs


def times_as_fast(runs, arm, n=0):
    """BLAS's time over an arm's, one number for each seed; n: for N_TOKENS[n] tokens."""
    ms = {(run["arm"], run["seed"]): run["ms"][n] for run in runs if "ms" in run}
    return [ms[BLAS, seed] / ms[arm, seed] for seed in sorted({seed for _, seed in ms})]


def main():
    """All seeds."""
    keep_freed_memory()
    runs = [each for seed in SEEDS for each in run(seed, progress=True)]
    settings = {
        "shape": SHAPE,
        "group": GROUP,
        "n_tokens": N_TOKENS,
        "calls": CALLS,
        "clock": f"process time, OPENBLAS_NUM_THREADS={os.environ.get('OPENBLAS_NUM_THREADS')}",
        "value": "milliseconds for one token; of the machine: bytes, operations a second",
    }
    print(results.keep("packed_speed", runs, settings=settings))


if __name__ == "__main__":
    start("packed_speed", main, __doc__)
