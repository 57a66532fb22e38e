"""Schedules: functions from the number of a step, counted from 0, to its learning rate."""

import math


def constant(rate):
    """The same rate at every step."""
    return lambda step: rate


def warmup_cosine(peak, *, warmup_steps, total_steps, final=0.0):
    """Rise in a straight line to `peak`, then fall along half a cosine to `final`.

        step < warmup_steps:  peak (step + 1) / warmup_steps
        after that:           final + (peak - final) (1 + cos(π u)) / 2,
                              u = (step - warmup_steps) / (total_steps - warmup_steps)

    Errors     ValueError unless 0 <= warmup_steps < total_steps
    Source     Loshchilov and Hutter 2017 (arXiv:1608.03983), eq. 5, without restarts
    """
    if not 0 <= warmup_steps < total_steps:
        raise ValueError(
            f"warmup_cosine: warmup_steps = {warmup_steps} must be at least 0 and below "
            f"total_steps = {total_steps}"
        )

    def rate(step):
        if step < warmup_steps:
            return peak * (step + 1) / warmup_steps
        done = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
        return final + (peak - final) * 0.5 * (1.0 + math.cos(math.pi * done))

    return rate
