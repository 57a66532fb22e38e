"""Run one workload on every peer: a process each, the same cores, in turn, round after round."""

import multiprocessing
import os

from tqdm import tqdm

from benchmarks import worker
from benchmarks.workloads import OURS, load

AGREES = 1e-4  # relative: float32 rounding through a model and three updates


def limit_threads(n_threads):
    """Tell the libraries of all processes to come how many threads to use."""
    for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR"):
        os.environ[f"{name}_NUM_THREADS"] = str(n_threads)
    os.environ["VECLIB_MAXIMUM_THREADS"] = str(n_threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    if n_threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"


def cores_for(n_threads):
    """The cores that every peer is bound to: as many as it has threads."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))[-n_threads:]
    return list(range(os.cpu_count() or 1))[-n_threads:]


def run(workload, peers, rounds, seconds, n_threads):
    """Measure a workload; returns plain data, one entry a peer, ours first."""
    module, cores = load(workload), cores_for(n_threads)
    processes = {}
    bar = tqdm(total=len(peers) * (rounds + 1), desc=workload, leave=False)
    for peer in peers:
        processes[peer] = _Process(workload, peer, n_threads, cores)
        bar.update()
    for _ in range(rounds):
        for process in processes.values():
            process.run(seconds)
            bar.update()
    bar.close()
    results = [p.finish(module.UNITS_PER_CALL) for p in processes.values()]
    compare(results)
    return {"workload": workload, "title": module.TITLE, "unit": module.UNIT, "peers": results}


class _Process:
    """The parent's side of one worker. After an error it does nothing more."""

    def __init__(self, workload, peer, n_threads, cores):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (theirs, workload, peer, n_threads, cores)
        self.process = context.Process(target=worker.serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()
        self.peer, self.rounds, self.about = peer, [], {}
        self.about = self._receive() or {}

    def run(self, seconds):
        if "error" not in self.about:
            self.connection.send(seconds)
            measured = self._receive()
            if measured:
                self.rounds.append(measured)

    def finish(self, units_per_call):
        result = {"peer": self.peer, **self.about}
        if "error" not in self.about:
            self.connection.send(None)
            result["peak_bytes"] = self._receive()
            result["seconds"] = [t / units_per_call for t, _ in self.rounds]
            result["cpu_seconds"] = [t / units_per_call for _, t in self.rounds]
        self.process.join()
        return result | self.about

    def _receive(self):
        try:
            answer = self.connection.recv()
        except EOFError:
            answer = {"error": "the process died"}
        if isinstance(answer, dict) and "error" in answer:
            self.about = answer
            return None if self.rounds else answer
        return answer


def compare(results):
    """Add to each peer its ratios to our times, round by round, and whether its values agree."""
    done = [r for r in results if "error" not in r]
    ours = next((r for r in done if r["peer"] == OURS), None)
    for r in done if ours else []:
        r["ratios"] = _ratios(r["seconds"], ours["seconds"])
        r["cpu_ratios"] = _ratios(r["cpu_seconds"], ours["cpu_seconds"])
        r["agrees"] = all(
            abs(a - b) <= AGREES * max(1.0, abs(b))
            for a, b in zip(r["values"], ours["values"], strict=True)
        )


def _ratios(times, ours):
    return [t / own for t, own in zip(times, ours, strict=True)]
