"""What a long study measured, kept as plain data, so that a lesson can draw it without waiting.

`python -m tinyffn.studies.NAME` makes the runs and keeps them in `results/NAME.json`:

    study, command, versions    what was run, how to run it again, and with which Python and NumPy
    settings                    what all runs share: sizes, steps, data
    runs                        a list of {arm, seed, rate, value, ...}, one for each run

`value` is what arms are compared by. All else in a run (n_parameters, steps, a curve) is the
study's own.
"""

import json
import os
import platform
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "results"
NEEDED = ("arm", "seed", "rate", "value")
LARGEST_BYTES = 100_000


def keep(study, runs, *, settings, folder=FOLDER):
    """Write the runs of a study to `folder`/STUDY.json: all of it, or nothing.

    Arguments  runs: dicts with arm, seed, rate, value and whatever else; settings: a dict
    Returns    the path
    Errors     ValueError if there are no runs, one lacks a part, two are the same arm, seed and
               rate, a number is not finite, or the text is longer than 100,000 bytes
    """
    _check_runs(f"keep {study}", runs)
    content = {
        "study": study,
        "command": f"python -m tinyffn.studies.{study}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "settings": settings,
    }
    head = json.dumps(content, indent=1, allow_nan=False, default=_as_number)
    lines = ",\n".join(json.dumps(run, allow_nan=False, default=_as_number) for run in runs)
    text = f'{head[:-2]},\n "runs": [\n{lines}\n]}}\n'  # one run a line: changes can be read
    if len(text.encode()) > LARGEST_BYTES:
        raise ValueError(
            f"keep {study}: {len(text.encode()):,} bytes are more than {LARGEST_BYTES:,}: "
            "keep fewer points of each curve, with fewer digits"
        )
    path = Path(folder) / f"{study}.json"
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)
    return path


def load(study, *, folder=FOLDER):
    """What `keep` wrote: a dict with study, command, versions, settings and runs.

    Errors     FileNotFoundError if the study has no results; ValueError if the file is damaged
    """
    path = Path(folder) / f"{study}.json"
    if not path.is_file():
        raise FileNotFoundError(
            f"there are no results of a study {study!r}: python -m tinyffn.studies.{study} makes "
            "them"
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        _check_runs(path.name, content["runs"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} is damaged ({error}): make it again with "
            f"python -m tinyffn.studies.{study}"
        ) from None
    return content


def best_rates(runs, *, best=min):
    """The learning rate at which each arm did best on average over its seeds: {arm: rate}.

    Arguments  best: min where a lower value is better (a loss), max where a higher one is
    """
    means = {}
    for run in runs:
        means.setdefault(run["arm"], {}).setdefault(run["rate"], []).append(run["value"])
    return {
        arm: best(by_rate, key=lambda rate: float(np.mean(by_rate[rate])))
        for arm, by_rate in means.items()
    }


def at_best_rate(runs, *, best=min):
    """The value of each arm and seed at the arm's own best rate: {arm: {seed: value}}.

    Errors     ValueError if arms have different seeds there: they could not be paired
    """
    rates = best_rates(runs, best=best)
    values = {arm: {} for arm in rates}
    for run in runs:
        if run["rate"] == rates[run["arm"]]:
            values[run["arm"]][run["seed"]] = run["value"]
    seeds = {arm: sorted(by_seed) for arm, by_seed in values.items()}
    if len({tuple(s) for s in seeds.values()}) > 1:
        raise ValueError(f"at_best_rate: the arms have different seeds: {seeds}")
    return {arm: {seed: values[arm][seed] for seed in seeds[arm]} for arm in values}


def paired_differences(values, baseline):
    """Each arm's values less the baseline's, seed by seed: {arm: [difference, ...]}.

    Arguments  values: {arm: {seed: value}}, as at_best_rate gives; baseline: the name of an arm
    Errors     ValueError if there is no such arm
    """
    if baseline not in values:
        raise ValueError(f"paired_differences: there is no arm {baseline!r}, only {list(values)}")
    base = values[baseline]
    return {
        arm: [by_seed[seed] - base[seed] for seed in base]
        for arm, by_seed in values.items()
        if arm != baseline
    }


def _check_runs(owner, runs):
    if not runs:
        raise ValueError(f"{owner}: there are no runs")
    seen = set()
    for i, run in enumerate(runs):
        if missing := [part for part in NEEDED if part not in run]:
            raise ValueError(f"{owner}: run {i} has no {missing[0]}")
        name = (run["arm"], run["seed"], run["rate"])
        if name in seen:
            raise ValueError(
                f"{owner}: two runs are arm {name[0]!r}, seed {name[1]}, rate {name[2]}"
            )
        seen.add(name)


def _as_number(value):
    """A NumPy number as a Python one, which JSON knows."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"keep: {value!r} is a {type(value).__name__}, which JSON cannot hold")
