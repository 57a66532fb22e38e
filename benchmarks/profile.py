"""Where the milliseconds of our own step go: per op, forward and backward, and what is left.

Every op is replaced from outside by one that keeps time; the library knows nothing of it. One
thread, and processor time throughout: what other programs do at the moment does not count.
"""

import argparse
import time
from collections import Counter, defaultdict
from statistics import median

from benchmarks import harness, report, worker
from benchmarks.workloads import WORKLOADS, builder, load


class Profile:
    """Seconds and calls under each name, and the matrix products that were asked for."""

    def __init__(self):
        self.seconds, self.calls, self.products = defaultdict(float), Counter(), Counter()

    def timed(self, name, function):
        """The same function; its time is added under this name."""

        def keep_time(*args, **settings):
            start = time.process_time()
            result = function(*args, **settings)
            self.seconds[name] += time.process_time() - start
            self.calls[name] += 1
            return result

        return keep_time

    def timed_op(self, name, pair):
        """The same op; its forward and backward are timed, its matrix products noted."""
        from tinyffn.tensor import op

        forward = self.timed((name, "forward"), pair)

        def watched(*args, **settings):
            self.products.update(PRODUCTS[name](*args) if name in PRODUCTS else ())
            y, backward = forward(*args, **settings)
            return y, self.timed((name, "backward"), backward)

        watched.__name__ = name
        return op(watched)

    def replace_ops(self):
        """Put timed ops in the place of all ops, and time the optimiser."""
        from tinyffn import ops, optim, tensor

        for name in ops.__all__:
            timed = self.timed_op(name, getattr(ops, name).pair)
            setattr(ops, name, timed)
            if hasattr(tensor, name):  # where Python's operators look
                setattr(tensor, name, timed)
        optim.Optimizer.step = self.timed(("optimizer", "step"), optim.Optimizer.step)


def linear_products(x, w, b):
    """The shapes (a, b) of the matrix products a @ b that `linear` takes, there and back."""
    n, (d_in, d_out) = x.size // x.shape[-1], w.shape
    return [((n, d_in), (d_in, d_out)), ((n, d_out), (d_out, d_in)), ((d_in, n), (n, d_out))]


def attention_products(q, k, v):
    """The same for `attention`: scores, y; dp, dv, dq, dk. No part is skipped for a mask."""
    *lead, T, d_head = q.shape
    S, d_v = v.shape[-2:]
    pairs = [(T, d_head, S), (T, S, d_v), (T, d_v, S), (S, T, d_v), (T, S, d_head), (S, T, d_head)]
    return [((*lead, n, k), (*lead, k, m)) for n, k, m in pairs]


PRODUCTS = {"linear": linear_products, "attention": attention_products}


def bare_seconds(products):
    """Seconds that NumPy takes for nothing but these products: the floor under the step."""
    import numpy as np

    total = 0.0
    for (a, b), count in products.items():
        a, b = np.ones(a, np.float32), np.ones(b, np.float32)
        out = a @ b
        total += count * median(timed(lambda a=a, b=b, out=out: np.matmul(a, b, out), 0.1))
    return total


def timed(step, seconds):
    """Processor seconds of each call."""
    return worker.time_calls(step, seconds, clock=time.process_time)


def page_faults():
    """Pages mapped in so far; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def run(workload, seconds):
    """Profile a workload; prints as it goes."""
    from tinyffn.memory import keep_freed_memory

    module = load(workload)
    data = module.data()
    print(module.TITLE, flush=True)
    step = builder(workload, "tinyffn")(data)
    whole(step, "memory as the C library likes", seconds)
    if keep_freed_memory():
        whole(step, "memory kept", seconds)

    profile = Profile()
    profile.replace_ops()
    step = builder(workload, "tinyffn")(data)  # built anew, so that it finds the timed ops
    step()
    for counted in (profile.seconds, profile.calls, profile.products):
        counted.clear()
    times = timed(step, 3 * seconds)
    print(table(profile, sum(times), len(times)))
    for shapes in profile.products:
        profile.products[shapes] //= len(times)
    floor = bare_seconds(profile.products) if profile.products else 0.0
    print(f"  bare matrix products of a call: {1e3 * floor:.3f} ms\n")


def whole(step, label, seconds):
    """Print the time and the page faults of a call, unwatched."""
    timed(step, seconds / 2)
    before = page_faults()
    times = timed(step, 2 * seconds)
    faults = "" if before is None else f", {(page_faults() - before) / len(times):.0f} page faults"
    print(f"  {label}: {1e3 * median(times):.3f} ms a call{faults}", flush=True)


def table(profile, total, n_calls):
    """The lines of the profile: milliseconds a call, most expensive first."""
    names = {name for name, _ in profile.seconds}
    rows = []
    for name in names:
        parts = [1e3 * profile.seconds[name, d] / n_calls for d in ("forward", "backward", "step")]
        calls = max(profile.calls[name, d] for d in ("forward", "step")) / n_calls
        rows.append((sum(parts), name, calls, parts[0], parts[1]))
    rows.sort(reverse=True)
    lines = [f"  {'op':16}{'calls':>7}{'forward':>10}{'backward':>10}{'ms':>10}{'share':>8}"]
    rest = 1e3 * total / n_calls - sum(row[0] for row in rows)
    for ms, name, calls, forward, backward in [*rows, (rest, "engine and rest", 0, 0, 0)]:
        share = ms * n_calls / total / 10
        lines.append(
            f"  {name:16}{calls:7.0f}{forward:10.3f}{backward:10.3f}{ms:10.3f}{share:7.1f}%"
        )
    return "\n".join(lines)


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks profile", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="name", help=", ".join(WORKLOADS))
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args(arguments)
    harness.limit_threads(1)
    cores = harness.cores_for(1)
    worker.bind(cores)
    print(report.headline(report.conditions(1, cores)))
    for workload in options.workloads or ["lm"]:
        run(workload, options.seconds)
    return 0
