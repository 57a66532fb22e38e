"""Numbers that claims are held to, read off from kept results: one for each seed.

Each function takes the name of a study first. Arms are compared at their own best rates, seed by
seed, as lessons do.
"""

import numpy as np

from tinyffn.studies import capacity, knowledge_per_bit, latency, recipe, results

# How the best rate of an arm is found: see results.best_rates.
WAYS = {
    "ablations": (min, "validation"),
    "activations": (max, "value"),
    "after_training": (min, "validation"),
    "editing": (max, "value"),
    "editing_one_bit": (min, "choose"),
    "fact_language": (min, "loss"),
    "few_bit_learning": (min, "choose"),
    "norm_place": (min, "choose"),
    "perception_parts": (min, "validation"),
    "product": (min, "to_choose_by"),
    "quantized_digits": (max, "choose"),
    "quantized_recall": (min, "choose"),
    "quantized_training": (min, "choose"),
    "recipe": (min, "value"),
    "scaling": (min, "value"),
    "skip_depth": (min, "choose"),
    "windows": (min, "value"),
}


def difference(study, arm, baseline=None):
    """The values of an arm less those of another, seed by seed; or its values alone.

    Errors     ValueError if the study has no such arm
    """
    runs = _of_arms(study, arm, *([] if baseline is None else [baseline]))
    best, choose_by = _way(study, arm)
    values = results.at_best_rate(runs, best=best, choose_by=choose_by)
    if baseline is None:
        return list(values[arm].values())
    return results.paired_differences(values, baseline)[arm]


def number(study, arm, key):
    """Another number of the runs of an arm that has one rate only, by its key.

    Errors     ValueError if the study has no such arm
    """
    return [run[key] for run in _of_arms(study, arm)]


def number_at_best(study, arm, key, less=None):
    """Another number of the runs of an arm, at its best rate; or what it is above a third one.

    Arguments  key, less: keys of a run
    Errors     ValueError if the study has no such arm
    """
    best, choose_by = _way(study, arm)
    runs = results.runs_at_best_rate(_of_arms(study, arm), best=best, choose_by=choose_by)[arm]
    return [run[key] - (0 if less is None else run[less]) for run in runs]


def held(study, store, baseline):
    """The most bits of facts that a bit of memory holds in one way of storing, less in another."""
    runs = results.load(study)["runs"]
    ours, theirs = (knowledge_per_bit.highest(runs, name)[1] for name in (store, baseline))
    return [ours[seed] - theirs[seed] for seed in ours]


def times_as_fast(study, arm, baseline, at):
    """The milliseconds of an arm in those of another: how many times as fast it is.

    Arguments  at: which of the numbers of tokens that were timed, counted from 0
    Errors     ValueError if the study has no such arm
    """
    runs = _of_arms(study, arm, baseline)
    ms = {(run["arm"], run["seed"]): run["ms"][at] for run in runs}
    return [ms[baseline, seed] / ms[arm, seed] for name, seed in ms if name == arm]


def above_null(study, arm):
    """How far the values of memories agree with their keys, less what chance gives, in percent."""
    return [run["value"] - run["null"] for run in _of_arms(study, arm)]


def steps_saved(study, bits, arm="warm-up and cosine", baseline="constant"):
    """By how many percent fewer steps a schedule comes down to `bits`; below 0 it needs more.

    Each arm at its own best rate for this goal: the one at which the mean of its steps is lowest.

    Errors     ValueError if an arm never comes down so far
    """
    steps = [_fewest_steps(study, name, bits) for name in (arm, baseline)]
    return list(100 * (1 - np.array(steps[0]) / np.array(steps[1])))


def averaging_gains(study, arm):
    """By how many bits a fading mean of the weights is better than the last ones, each at its best.

    Errors     ValueError if the study has no such arm
    """
    runs = _of_arms(study, arm)
    faded = [{**run, "value": run["fading"]} for run in runs]
    last, mean = (results.at_best_rate(each)[arm] for each in (runs, faded))
    return [last[seed] - mean[seed] for seed in last]


def peak(study, kind, exposures=1000):
    """The most bits that a weight of a layer came to hold, over all numbers of facts tried."""
    runs = results.load(study)["runs"]
    return list(capacity.peak(capacity.curve(runs, kind, exposures))[1].values())


def times_as_long(study, arm, baseline, length):
    """The time of an arm over that of another, on a text of `length`."""
    content = results.load(study)
    at = content["settings"]["lengths"].index(length)
    return latency.times_as_long(content["runs"], arm, baseline)[at]


def last_step(study, arms):
    """What the last of several arms gains over the one before it, and what the first step gained.

    A share: the gain of the last step over that of the first. 1 for a straight line.

    Arguments  arms: names, from the smallest to the largest
    """
    values = [np.array(difference(study, arm)) for arm in arms]
    return list((values[-2] - values[-1]) / (values[0] - values[1]))


def smallest_step(study, arms):
    """The least that a step from one of several arms to the next lowers the value; below 0: raises.

    Arguments  arms: names, in their order
    """
    values = np.array([difference(study, arm) for arm in arms])
    return list((values[:-1] - values[1:]).min(axis=0))


def _way(study, arm):
    if study == "recall":
        return (min if arm.startswith("copying") else max), "choose"
    return WAYS.get(study, (min, "value"))


def _of_arms(study, *arms):
    runs = [run for run in results.load(study)["runs"] if run["arm"] in arms]
    if missing := {*arms} - {run["arm"] for run in runs}:
        raise ValueError(f"{study} has no arm {sorted(missing)[0]!r}")
    return runs


def _fewest_steps(study, arm, bits):
    by_rate = {}
    for run in _of_arms(study, arm):
        by_rate.setdefault(run["rate"], []).append(recipe.steps_to(run["curve"], bits))
    fewest = min(by_rate.values(), key=np.mean)
    if not np.isfinite(fewest).all():
        raise ValueError(f"{study}: {arm!r} never comes down to {bits} bits on all seeds")
    return fewest
