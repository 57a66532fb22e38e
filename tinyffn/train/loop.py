"""The training loop. There is one."""

import math
import time
from functools import partial
from itertools import islice

from tqdm.auto import tqdm

from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.optim import clip_global_norm
from tinyffn.train.accumulate import accumulate_gradients, alike, must_be_loss
from tinyffn.train.history import History


def fit(
    model,
    loss,
    batches,
    optimizer,
    *,
    steps,
    schedule=None,
    max_norm=math.inf,
    accumulate=1,
    weight=None,
    before_step=lambda step: None,
    after_step=lambda step: None,
    evaluate=None,
    evaluate_every=100,
    history=None,
    progress=True,
):
    """Train a model: a batch, its loss, the gradients, a step of the optimiser, and again.

    Arguments  loss: a function of the parts of a batch that returns a Tensor of one number
               batches: an iterator of batches, tuples of arrays, endless or long enough
               schedule: a function step -> rate; by default the rate is left to the optimiser
               max_norm: gradients longer than this, all together, are scaled down to it
               accumulate: how many batches make one step; their gradients are those of one batch
               that holds them all, see `accumulate_gradients`
               weight: a function of the parts of a batch that says how much it counts, needed if
               batches are accumulated: `counted_targets`, say, or `alike` for batches of one size
               before_step, after_step: functions of the step's number, called before and after
               the optimiser changes the parameters. Before it, gradients are whole and may be
               changed, by `optim.clip_by_scale` say; after it, `optim.WeightAverage.see` looks
               evaluate: a function that returns a loss on held-out data; called in evaluation mode
               without recording, every `evaluate_every` steps and at the end
               history: a History to go on with; what was reached stays in it if one interrupts
    Returns    the History; its loss is that of the step's batches, its grad_norm the length of the
               gradient before anything is clipped
    Errors     ValueError if steps, accumulate or evaluate_every is below 1, batches run out, or
               the loss is not one number; TypeError if a function or the loss is something else
               FloatingPointError if the loss or its gradient is not finite; the parameters are
               left as they were before that step
    """
    must_be_positive("fit", steps=steps, evaluate_every=evaluate_every, accumulate=accumulate)
    if accumulate > 1 and weight is None:
        raise TypeError(
            f"fit: accumulate is {accumulate}, but weight is missing: it says how much each batch "
            "counts: train.counted_targets, say, or train.alike for batches of one size"
        )
    history = History() if history is None else history
    optional = {"schedule": schedule, "weight": weight, "evaluate": evaluate}
    given = {name: function for name, function in optional.items() if function is not None}
    must_be_callable("fit", loss=loss, before_step=before_step, after_step=after_step, **given)
    batches = iter(batches)
    start = time.perf_counter() - (history.seconds[-1] if history.seconds else 0.0)
    done = len(history.step)
    with tqdm(range(done, done + steps), disable=not progress, unit="step") as bar:
        for step in bar:
            if schedule is not None:
                optimizer.rate = schedule(step)
            model.train()
            optimizer.zero_grad()
            loss_nats = accumulate_gradients(
                partial(_checked_loss, loss, step),
                _draw(batches, accumulate, step),
                weight or alike,
            )
            grad_norm = clip_global_norm(optimizer.parameters, max_norm)
            before_step(step)
            optimizer.step()
            after_step(step)
            history.step.append(step)
            history.loss.append(loss_nats)
            history.rate.append(optimizer.rate)
            history.grad_norm.append(grad_norm)
            history.seconds.append(time.perf_counter() - start)
            is_last = step == done + steps - 1
            if evaluate is not None and ((step + 1) % evaluate_every == 0 or is_last):
                history.eval_step.append(step)
                history.eval_loss.append(_evaluate(model, evaluate))
            bar.set_postfix_str(_losses_so_far(history), refresh=False)
    return history


def _draw(batches, n, step):
    """The next n batches, as a list."""
    drawn = list(islice(batches, n))
    if len(drawn) < n:
        raise ValueError(f"fit: batches ran out before step {step}")
    return drawn


def _checked_loss(loss, step, *batch):
    """The loss of a batch, if it is one finite number."""
    y = loss(*batch)
    must_be_loss("fit", y)
    if not math.isfinite(y.item()):
        raise FloatingPointError(
            f"fit: the loss is {y.item()} at step {step}: lower the rate, warm up longer, clip "
            "harder, or look for such numbers in the data"
        )
    return y


def _losses_so_far(history):
    """The latest losses, for the progress bar."""
    losses = f"loss {history.loss[-1]:.3f}"
    return f"{losses}, held out {history.eval_loss[-1]:.3f}" if history.eval_loss else losses


def _evaluate(model, evaluate):
    with evaluating(model), no_grad():
        return float(evaluate())
