"""The plain way to change what a model says: go on training it, on one fact."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive, must_be_share
from tinyffn.nn import evaluating
from tinyffn.studies.keyvalue.neurons import chances


def fine_tune(model, optimizer, prompts, targets, *, steps=200, until=0.95):
    """Train on prompts alone until each has its target with a chance above `until`.

    The model is changed in place: keep its `state_dict()` to undo that. What is trained is what the
    optimiser was made with, all parameters or the values of one memory:
    `SGD([memory.layer.down.w], 0.01)`.

    Plain gradient steps on down.w alone stay in the span of the prompts' keys, for the gradient of
    y = kᵀ W by W is k dyᵀ. So with one key this finds a rank-one edit with C = I.

    Arguments  prompts (n_prompts, T); targets: the id that is to be answered, or one for each
    Returns    how many steps were taken
    Errors     ValueError if steps is no whole number above 0, until is not in [0, 1), or prompts
               and targets do not fit; TypeError if targets are no ids
    Source     the baseline of Meng et al. 2022 (arXiv:2202.05262), section 3, also stopped early
    """
    must_be_positive("fine_tune", steps=steps)
    must_be_share("fine_tune", until=until)
    prompts = np.asarray(prompts)
    targets = np.broadcast_to(targets, np.shape(targets) or len(prompts))
    with evaluating(model):
        for step in range(steps):
            if chances(model, prompts, targets).min() > until:
                return step
            forget_gradients(model)  # those of other training too
            ops.cross_entropy(model(prompts)[:, -1], targets=targets).backward()
            optimizer.step()
            forget_gradients(model)
    return steps


def forget_gradients(model):
    """Take the gradients away from all parameters of a model."""
    for parameter in model.parameters():
        parameter.grad = None
