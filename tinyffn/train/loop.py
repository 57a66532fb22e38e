"""The training loop. There is one."""

import math
import time

from tqdm.auto import tqdm

from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.optim import clip_global_norm, constant
from tinyffn.tensor import Tensor
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
    evaluate=None,
    evaluate_every=100,
    history=None,
    progress=True,
):
    """Train a model: a batch, its loss, the gradients, a step of the optimiser, and again.

    Arguments  loss: a function of the parts of a batch that returns a Tensor of one number
               batches: an iterator of batches, tuples of arrays, endless or `steps` long
               schedule: a function step -> rate; by default the optimiser's own rate
               max_norm: gradients longer than this, all together, are scaled down to it
               evaluate: a function that returns a loss on held-out data; called in evaluation mode
               without recording, every `evaluate_every` steps and at the end
               history: a History to go on with; what was reached stays in it if one interrupts
    Returns    the History
    Errors     ValueError if steps or evaluate_every is below 1, batches run out, or the loss is
               not one number; TypeError if a function or the loss is something else
               FloatingPointError if the loss or its gradient is not finite; the parameters are
               left as they were before that step
    """
    must_be_positive("fit", steps=steps, evaluate_every=evaluate_every)
    history = History() if history is None else history
    schedule = constant(optimizer.rate) if schedule is None else schedule
    must_be_callable("fit", loss=loss, schedule=schedule)
    if evaluate is not None:
        must_be_callable("fit", evaluate=evaluate)
    batches = iter(batches)
    start = time.perf_counter() - (history.seconds[-1] if history.seconds else 0.0)
    done = len(history.step)
    with tqdm(range(done, done + steps), disable=not progress, unit="step") as bar:
        for step in bar:
            optimizer.rate = schedule(step)
            loss_nats, grad_norm = _step(model, loss, batches, optimizer, max_norm, step)
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


def _step(model, loss, batches, optimizer, max_norm, step):
    """One step; returns the loss in nats and the length of the gradient before clipping."""
    try:
        batch = next(batches)
    except StopIteration:
        raise ValueError(f"fit: batches ran out before step {step}") from None
    model.train()
    optimizer.zero_grad()
    y = loss(*batch)
    if not isinstance(y, Tensor):
        raise TypeError(
            f"fit: loss gave a {type(y).__name__}, but must give a Tensor of one number"
        )
    if y.size != 1:
        raise ValueError(
            f"fit: loss gave a Tensor {y.shape}, but must give a Tensor of one number: take its "
            "mean"
        )
    if not math.isfinite(y.item()):
        raise FloatingPointError(
            f"fit: the loss is {y.item()} at step {step}: lower the rate, warm up longer, clip "
            "harder, or look for such numbers in the data"
        )
    y.backward()
    grad_norm = clip_global_norm(optimizer.parameters, max_norm)
    optimizer.step()
    return y.item(), grad_norm


def _losses_so_far(history):
    """The latest losses, for the progress bar."""
    losses = f"loss {history.loss[-1]:.3f}"
    return f"{losses}, held out {history.eval_loss[-1]:.3f}" if history.eval_loss else losses


def _evaluate(model, evaluate):
    with evaluating(model), no_grad():
        return float(evaluate())
