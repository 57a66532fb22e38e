"""Schedules: functions from the number of a step, counted from 0, to its learning rate."""

import math

from tinyffn.arguments import is_whole, must_be_at_least, must_be_positive


def constant(rate):
    """The same rate at every step."""
    must_be_at_least("constant", 0, rate=rate)
    return lambda step: rate


def warmup_cosine(peak, *, warmup_steps, total_steps, final=0.0):
    """Rise in a straight line to `peak`, then fall along half a cosine to `final`.

        step < warmup_steps:  peak (step + 1) / warmup_steps
        after that:           final + (peak - final) (1 + cos(π u)) / 2,
                              u = (step - warmup_steps) / (total_steps - warmup_steps)

    Errors     ValueError unless 0 <= warmup_steps < total_steps, and peak, final and step are 0
               or above
    Source     Loshchilov and Hutter 2017 (arXiv:1608.03983), eq. 5, without restarts
    """
    must_be_at_least("warmup_cosine", 0, peak=peak, final=final)
    must_be_positive("warmup_cosine", total_steps=total_steps)
    if not is_whole(warmup_steps) or not 0 <= warmup_steps < total_steps:
        raise ValueError(
            f"warmup_cosine: warmup_steps = {warmup_steps} must be whole, at least 0 and below "
            f"total_steps = {total_steps}"
        )

    def rate(step):
        must_be_at_least("warmup_cosine", 0, step=step)
        if step < warmup_steps:
            return peak * (step + 1) / warmup_steps
        done = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
        return final + (peak - final) * 0.5 * (1.0 + math.cos(math.pi * done))

    return rate
