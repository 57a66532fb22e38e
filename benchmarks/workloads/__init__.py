"""The workloads, one a file. Each holds every peer's version side by side, to be compared.

A workload is a module with

    TITLE                       what is done, with its sizes, in one line
    UNIT, UNITS_PER_CALL        what is timed ("step"), and how many of it one call does
    data()                      inputs and initial weights as arrays, the same for every peer
    with_tinyffn(data), with_pytorch(data), ...
                                build the work in one library; return a function that does it
                                once and returns what all must agree on: the loss
    value(result)               makes a number of it where it is none (optional, not timed)

A peer for which a workload has no function is left out there.
"""

import importlib
import importlib.util

WORKLOADS = ("scalar", "mlp", "ffn", "lm", "generate", "signs", "eight_bits", "ffn_8b")

# What we are compared with, and the module by which each is known to be installed. Our own library
# comes twice: as a program that trains uses it, and with memory managed as the C library likes.
PEERS = {
    "tinyffn": "tinyffn",
    "tinyffn, no keep": "tinyffn",
    "numpy": "numpy",
    "pytorch": "torch",
    "jax": "jax",
    "autograd": "autograd",
    "mygrad": "mygrad",
    "micrograd": "micrograd",
}
OURS = "tinyffn"


def load(workload):
    """The module of a workload."""
    return importlib.import_module(f"benchmarks.workloads.{workload}")


def builder(workload, peer):
    """The function with which a peer does a workload; None if it has none."""
    return getattr(load(workload), f"with_{peer.split(',')[0]}", None)


def installed(peer):
    """Whether a peer can be imported here."""
    return importlib.util.find_spec(PEERS[peer]) is not None
