"""What the harness measured, as aligned text; and what it was measured on."""

import importlib.metadata
import os
import platform
from contextlib import suppress
from pathlib import Path
from statistics import median

HEAD = (
    "",
    "time",
    "spread",
    "x ours",
    "range",
    "cpu x ours",
    "peak MB",
    "value 1",
    "value 3",
    "agree",
)


def table(result):
    """One workload's table: medians over rounds, and ratios to ours taken within each round.

    "cpu" is processor time. Peak memory is counted from what is in use after imports.
    """
    lines = [(*HEAD[:1], f"per {result['unit']}", *HEAD[2:])]
    failed = []
    for r in result["peers"]:
        if "error" in r:
            failed.append(f"  {r['peer']}: {r['error'].splitlines()[0]}")
        else:
            lines.append(_row(r))
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    aligned = [
        "  " + "  ".join([line[0].ljust(widths[0]), *_right(line[1:], widths[1:])])
        for line in lines
    ]
    return "\n".join([result["title"], *aligned, *failed, ""])


def _row(r):
    times = r["seconds"]
    unit, factor = ("ms", 1e3) if median(times) >= 1e-3 else ("µs", 1e6)
    ratios = r.get("ratios")
    return (
        r["peer"],
        f"{_digits(median(times) * factor)} {unit}",
        f"{_digits(min(times) * factor)}..{_digits(max(times) * factor)}",
        _digits(median(ratios)) if ratios else "-",
        f"{_digits(min(ratios))}..{_digits(max(ratios))}" if ratios else "-",
        _digits(median(r["cpu_ratios"])) if ratios else "-",
        f"{r['peak_bytes'] / 1e6:.0f}" if r["peak_bytes"] is not None else "-",
        f"{r['values'][0]:.6f}",
        f"{r['values'][-1]:.6f}",
        {True: "yes", False: "NO", None: "-"}[r.get("agrees")],
    )


def _digits(value):
    """Three digits, or all before the point."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _right(cells, widths):
    return [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]


def conditions(n_threads, cores):
    """The machine and the settings, as plain data."""
    return {
        "cpu": _cpu(),
        "cores": cores,
        "threads": n_threads,
        "load_before": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "system": platform.system(),
        "libc": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
        "numpy": importlib.metadata.version("numpy"),
    }


def headline(about):
    """The conditions in one line."""
    load = f", load {about['load_before'][0]:.1f}" if about["load_before"] else ""
    return (
        f"{about['cpu']}, bound to cores {about['cores']}, {about['threads']} thread(s){load}; "
        f"{about['system']}, Python {about['python']}, NumPy {about['numpy']}"
    )


def versions(results):
    """The versions of the peers, in one line."""
    peers = [r for result in results for r in result["peers"] if "version" in r]
    found = {r["peer"]: r["version"] for r in peers}
    return ", ".join(f"{peer} {version}" for peer, version in found.items())


def _cpu():
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
