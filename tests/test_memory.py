"""Keeping freed memory: says whether it took effect, and does not disturb a program."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource
import sys
import numpy as np
from tinyffn.memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for n in range(2_000_000, 3_000_000, 50_000):  # no array fits where the one before it lay
        a, b = np.ones(n, np.float32), np.ones(n, np.float32)
        del a, b
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

usual, took_effect = faults(), keep_freed_memory()
faults()  # the first time over, memory is still new
print(int(took_effect), usual, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_memory_is_faulted_in_once_and_kept():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    took_effect, usual, kept = map(int, done.stdout.split())
    assert took_effect
    assert kept < usual / 10


def test_elsewhere_it_does_nothing(monkeypatch):
    from tinyffn import memory

    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    assert memory.keep_freed_memory() is False
