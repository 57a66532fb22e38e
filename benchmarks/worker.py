"""One peer at work in a process of its own: builds a workload, then runs it whenever asked.

Nothing here is imported before the thread counts are in the environment (see harness.py), because
the libraries read them once, when they are loaded.
"""

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

N_CHECKED = 3  # calls whose values must agree between peers: a wrong update shows in the second


def serve(connection, workload, peer, n_threads, cores):
    """Answer requests until the parent hangs up; whatever goes wrong is told to it."""
    try:
        bind(cores)
        step, about = _prepare(workload, peer, n_threads)
        connection.send(about)
        while (seconds := connection.recv()) is not None:
            connection.send(measure(step, seconds))
        connection.send(memory("VmHWM") - about["baseline_bytes"] if memory("VmHWM") else None)
    except Exception as error:
        connection.send({"error": f"{type(error).__name__}: {error}"})


def time_calls(step, seconds, clock=time.perf_counter):
    """Seconds of each call by a clock, for so many seconds and at least one call."""
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = clock()
        step()
        times.append(clock() - start)
    return times


def measure(step, seconds):
    """The median time of a call, and the processor time of all calls shared among them.

    Where other programs want the same cores, the first grows and the second hardly does.
    """
    start = time.process_time()
    times = time_calls(step, seconds)
    return median(times), (time.process_time() - start) / len(times)


def memory(field):
    """Bytes resident now (VmRSS) or at most since they were last reset (VmHWM); 0 if unknown."""
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return 1024 * int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)[1])
    return 0


def _prepare(workload, peer, n_threads):
    """Import the peer, make the data, note the memory, build the work and check its first calls."""
    import importlib

    from benchmarks.workloads import OURS, PEERS, builder, load
    from tinyffn.memory import keep_freed_memory

    module = load(workload)
    library = importlib.import_module(PEERS[peer])
    if PEERS[peer] == "torch":
        import torch

        torch.set_num_threads(n_threads)
    kept = peer == OURS and keep_freed_memory()
    data = module.data()
    baseline_bytes = memory("VmRSS")
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # resets VmHWM
    step = builder(workload, peer)(data)
    value = getattr(module, "value", float)
    about = {
        "values": [value(step()) for _ in range(N_CHECKED)],
        "version": _version(library),
        "baseline_bytes": baseline_bytes,
        "keeps_freed_memory": kept,
    }
    return step, about


def _version(library):
    from importlib.metadata import version

    return getattr(library, "__version__", None) or version(library.__name__)


def bind(cores):
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
