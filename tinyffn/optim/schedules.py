"""Schedules: functions from the number of a step, counted from 0, to its learning rate."""

import math

from tinyffn.arguments import is_whole, must_be_at_least, must_be_positive, must_be_share


def constant(rate):
    """The same rate at every step."""
    must_be_at_least("constant", 0, rate=rate)
    return lambda step: rate


def warmup_cosine(peak, *, warmup_steps, total_steps, final=0.0):
    """Rise in a straight line to `peak`, then fall along half a cosine to `final`.

    With final = peak it is a warm-up alone.

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


def inverse_sqrt(peak, *, warmup_steps):
    """Rise in a straight line to `peak`, then fall like one over a root, with no end to plan for.

        peak min(n / warmup_steps, √(warmup_steps / n)), with n = step + 1

    Errors     ValueError if peak or step is below 0, or warmup_steps no whole number above 0
    Source     Vaswani et al. 2017 (arXiv:1706.03762), eq. 3, where
               peak = 1 / √(d_model warmup_steps)
    """
    must_be_at_least("inverse_sqrt", 0, peak=peak)
    must_be_positive("inverse_sqrt", warmup_steps=warmup_steps)

    def rate(step):
        must_be_at_least("inverse_sqrt", 0, step=step)
        n = step + 1
        return peak * min(n / warmup_steps, math.sqrt(warmup_steps / n))

    return rate


def reduce_on_plateau(
    rate, losses, *, factor=0.1, patience=10, cooldown=0, threshold=1e-4, final=0.0
):
    """Multiply the rate by `factor` whenever the losses have stopped falling.

    It reads a list to which training adds each evaluation's loss, and remembers nothing itself:

        history = History()
        schedule = reduce_on_plateau(0.1, history.eval_loss, patience=3)
        fit(..., schedule=schedule, history=history)

    A loss is better if it is below (1 - threshold) times the best before it. The rate falls when
    more than `patience` losses in a row are not better, though never below `final`; then the next
    `cooldown` losses are not counted.

    Errors     TypeError if losses is no list; ValueError if factor or threshold is not in [0, 1),
               another number is below 0, or final is above rate
    Source     PyTorch's ReduceLROnPlateau, in its relative mode: a rule of practice
    """
    numbers = {"patience": patience, "cooldown": cooldown, "final": final}
    must_be_at_least("reduce_on_plateau", 0, rate=rate, **numbers)
    must_be_share("reduce_on_plateau", factor=factor, threshold=threshold)
    if final > rate:
        raise ValueError(f"reduce_on_plateau: final is {final}, but must be at most rate = {rate}")
    if not isinstance(losses, list):
        raise TypeError(
            f"reduce_on_plateau: losses is a {type(losses).__name__}, but must be the list that "
            "training adds to: history.eval_loss"
        )

    def reduced(step):
        now, best, n_worse, n_cooling = rate, math.inf, 0, 0
        for loss in losses:
            if loss < best * (1.0 - threshold):
                best, n_worse = loss, 0
            else:
                n_worse += 1
            if n_cooling > 0:
                n_cooling, n_worse = n_cooling - 1, 0
            if n_worse > patience:
                now, n_worse, n_cooling = max(now * factor, final), 0, cooldown
        return now

    return reduced
