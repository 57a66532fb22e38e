"""What a long study measured, kept as plain data, so that a lesson can draw it without waiting.

`python -m tinyffn.studies.NAME` makes the runs and keeps them in `results/NAME.json`:

    study, command, versions    what was run, how to run it again, and with what: see made_with.py
    settings                    what all runs share: sizes, steps, data
    runs                        a list of {arm, seed, rate, value, ...}, one for each run

`value` is what arms are compared by. A number of a run that is not finite is kept as None: the run
diverged. All else in a run (n_parameters, steps, a curve) is the study's own.

Each arm is tried at every rate of its grid, at each rate on the same seeds: a mean over other seeds
would compare luck. The rate is best chosen by a number that is not the one reported, measured on
examples set aside for it; name its key in `choose_by`.
"""

import json
import math
import os
from pathlib import Path

import numpy as np

from tinyffn.studies.made_with import made_with

FOLDER = Path(__file__).parent / "results"
NEEDED = ("arm", "seed", "rate", "value")
LARGEST_BYTES = 100_000


def keep(study, runs, *, settings, folder=FOLDER):
    """Write the runs of a study to `folder`/STUDY.json: all of it, or nothing.

    Arguments  runs: dicts with arm, seed, rate, value and whatever else; settings: a dict
    Returns    the path
    Errors     ValueError if there are no runs, one lacks a part, two are the same arm, seed and
               rate, seeds are missing, a setting is not finite, or the text is longer than 100,000
               bytes; TypeError for what JSON cannot hold
    """
    _check_runs(f"keep {study}", runs)
    content = {
        "study": study,
        "command": f"python -m tinyffn.studies.{study}",
        "versions": made_with(),
        "settings": _plain(settings),
    }
    try:
        head = json.dumps(content, indent=1, allow_nan=False, default=_refuse)
    except ValueError as error:
        raise ValueError(f"keep {study}: a setting is not finite: {settings}") from error
    lines = ",\n".join(json.dumps(_plain(run, finite=True), default=_refuse) for run in runs)
    text = f'{head[:-2]},\n "runs": [\n{lines}\n]}}\n'  # one run a line: changes can be read
    if len(text.encode()) > LARGEST_BYTES:
        raise ValueError(
            f"keep {study}: {len(text.encode()):,} bytes are more than {LARGEST_BYTES:,}: "
            "keep fewer points of each curve, with fewer digits"
        )
    path = Path(folder) / f"{study}.json"
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
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


def best_rates(runs, *, best=min, choose_by="value"):
    """The learning rate at which each arm did best on average over its seeds: {arm: rate}.

    Arguments  best: min where a lower number is better (a loss), max where a higher one is
               choose_by: the key of the number in each run. A run that diverged, with a number
               that is None or not finite, is worse than any other
    Errors     ValueError if a run lacks that number, seeds are missing, or an arm has a run that
               diverged at each of its rates
    """
    return {
        arm: best(means, key=means.__getitem__)
        for arm, means in _means("best_rates", runs, best, choose_by).items()
    }


def runs_at_best_rate(runs, *, best=min, choose_by="value"):
    """The runs of each arm at its own best rate, one for each seed, in order: {arm: [run, ...]}.

    Arguments  best, choose_by: as for best_rates
    Errors     as best_rates
    """
    rates = best_rates(runs, best=best, choose_by=choose_by)
    chosen = {arm: [] for arm in rates}
    for run in sorted(runs, key=lambda run: run["seed"]):
        if run["rate"] == rates[run["arm"]]:
            chosen[run["arm"]].append(run)
    return chosen


def at_best_rate(runs, *, best=min, choose_by="value"):
    """The value of each arm and seed at the arm's own best rate: {arm: {seed: value}}.

    Arguments  best, choose_by: as for best_rates
    Errors     as best_rates; ValueError if the arms have different seeds
    """
    chosen = runs_at_best_rate(runs, best=best, choose_by=choose_by)
    values = {arm: {run["seed"]: run["value"] for run in of} for arm, of in chosen.items()}
    seeds = {arm: list(by_seed) for arm, by_seed in values.items()}
    if len({tuple(of_arm) for of_arm in seeds.values()}) > 1:
        raise ValueError(f"at_best_rate: arms with the seeds {seeds}: they could not be paired")
    return values


def at_end_of_grid(runs, *, best=min, choose_by="value"):
    """The arms that did best at the lowest or the highest of their rates: [arm, ...].

    Such an arm may do better still beyond: give it more rates before it is compared.

    Arguments  best, choose_by: as for best_rates
    Errors     as best_rates
    """
    means = _means("at_end_of_grid", runs, best, choose_by)
    return [
        arm
        for arm, by_rate in means.items()
        if best(by_rate, key=by_rate.__getitem__) in (min(by_rate), max(by_rate))
    ]


def conditions(runs, *, steps, n_parameters=None, best=min, choose_by="value"):
    """What each arm was given, to be printed beside what came out: a text, a line for each arm.

    Arguments  steps: of each run; n_parameters: {arm: number}, where runs do not hold it themselves
               best, choose_by: as for best_rates
    Returns    in each line the numbers of parameters, seeds, steps and rates, the lowest and the
               highest rate, and the best
    Errors     as best_rates; ValueError if the parameters of an arm are not known
    """
    rows = []
    for arm, best_rate in best_rates(runs, best=best, choose_by=choose_by).items():
        of_arm = [run for run in runs if run["arm"] == arm]
        n = of_arm[0].get("n_parameters") if n_parameters is None else n_parameters.get(arm)
        if n is None:
            raise ValueError(f"conditions: the number of parameters of arm {arm!r} is not known")
        seeds = len({run["seed"] for run in of_arm})
        rates = {run["rate"] for run in of_arm}
        grid = f"of {len(rates)} rates, {min(rates):g} to {max(rates):g}, best {best_rate:g}"
        rows.append((arm, f"{n:9,} parameters, {seeds} seeds, {steps:,} steps; {grid}"))
    width = max(len(arm) for arm, _ in rows)
    return "\n".join(f"{arm:{width}}{told}" for arm, told in rows)


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


def _means(owner, runs, best, key):
    """The mean of each arm over its seeds, at each rate: {arm: {rate: mean}}."""
    _check_runs(owner, runs, needed=(*NEEDED, key))
    worst = -best(-math.inf, math.inf)
    numbers = {}
    for run in runs:
        is_whole = all(n is not None and math.isfinite(n) for n in (run["value"], run[key]))
        by_rate = numbers.setdefault(run["arm"], {})
        by_rate.setdefault(run["rate"], []).append(run[key] if is_whole else worst)
    means = {arm: {r: float(np.mean(v)) for r, v in at.items()} for arm, at in numbers.items()}
    for arm, by_rate in means.items():
        if not any(math.isfinite(mean) for mean in by_rate.values()):
            raise ValueError(f"{owner}: arm {arm!r} has a run that diverged at each of its rates")
    return means


def _check_runs(owner, runs, needed=NEEDED):
    if not runs:
        raise ValueError(f"{owner}: there are no runs")
    seeds = {}
    for i, run in enumerate(runs):
        if missing := [part for part in needed if part not in run]:
            raise ValueError(f"{owner}: run {i} has no {missing[0]}")
        arm, seed, rate = run["arm"], run["seed"], run["rate"]
        if seed in seeds.setdefault((arm, rate), []):
            raise ValueError(f"{owner}: two runs are arm {arm!r}, seed {seed}, rate {rate}")
        seeds[arm, rate].append(seed)
    for (arm, rate), found in seeds.items():
        expected = next(at_first for (other, _), at_first in seeds.items() if other == arm)
        if set(found) != set(expected):
            raise ValueError(
                f"{owner}: arm {arm!r} has seeds {sorted(found)} at rate {rate}, but "
                f"{sorted(expected)} at another: a lucky seed must not decide"
            )


def _plain(value, *, finite=False):
    """NumPy's numbers as Python's, which JSON knows; if so told, None for what is not finite."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dict):
        return {key: _plain(part, finite=finite) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, finite=finite) for part in value]
    if finite and isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _refuse(value):
    raise TypeError(f"keep: {value!r} is a {type(value).__name__}, which JSON cannot hold")
