"""Accumulation: the gradient of a batch too large for memory, from micro-batches that fit."""

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.ops.loss import IGNORED
from tinyffn.tensor import Tensor


def accumulate_gradients(loss, batches, weight):
    """Add up gradients of several batches: exactly those of one batch that holds them all.

    A loss is a mean over what counts in its batch, and batches may hold different numbers of it.
    The mean over all is then not the mean of their means:

        y = Σ_k share_k y_k        share_k = n_k / Σ_j n_j, with n_k = weight(*batch_k)

    Arguments  loss: a function of the parts of a batch that returns a Tensor of one number
               batches: a list of them; weight: a function of the parts, 0 or above. A batch of
               weight 0 is left out
    Returns    y, a float
    Errors     ValueError if a weight is negative, or none is above 0, or a loss is more than one
               number; TypeError if a loss is no Tensor
    """
    counts = [weight(*batch) for batch in batches]
    named = {f"the weight of batch {k}": n for k, n in enumerate(counts)}
    must_be_at_least("accumulate_gradients", 0, **named)
    total = sum(counts)
    if total == 0:
        raise ValueError("accumulate_gradients: the weights add up to 0: nothing counts")
    mean = 0.0
    for n, batch in zip(counts, batches, strict=True):
        if n > 0:
            share = float(n / total)  # a NumPy number would promote float32
            y = loss(*batch)
            must_be_loss("accumulate_gradients", y)
            y = share * y
            y.backward()
            mean += y.item()
    return mean


def counted_targets(*batch):
    """How many targets count: entries of a batch's last part that are not ops.loss.IGNORED."""
    return int(np.count_nonzero(np.asarray(batch[-1]) != IGNORED))


def must_be_loss(owner, y):
    """An error unless y, which a loss function gave, is a Tensor of one number."""
    if not isinstance(y, Tensor):
        raise TypeError(
            f"{owner}: loss gave a {type(y).__name__}, but must give a Tensor of one number"
        )
    if y.size != 1:
        raise ValueError(
            f"{owner}: loss gave a Tensor {y.shape}, but must give a Tensor of one number: take "
            "its mean"
        )


def alike(*batch):
    """1, whatever the batch: right for batches that hold equally many targets."""
    return 1
