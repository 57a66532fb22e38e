"""What a memory would have to add at one position for the model to say something else.

That is the value v* of an edit, and the coefficients at that position are its key k*. Gradients
find v* in the space of the residual stream, d_model numbers, while no weight is touched; an edit
then makes the weights say it, see edit.py.
"""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import as_ids, is_whole, must_be_above, must_be_positive, must_be_share
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating, frozen
from tinyffn.nn.module import Parameter
from tinyffn.optim import Adam


def find_value(model, memory, prompts, position, targets, *, rate=0.1, steps=200, until=0.95):
    """The key of a fact at one position of its prompts, and the value that would tell it anew.

        key = mean_p m_p,  value = Wᵀ key + δ

    m_p are the coefficients at the position in prompt p, W is down.w, and δ is what the layer must
    add there, besides what it adds anyhow, for every prompt to be answered by its target.
    Adam finds δ, from 0 on, by the mean of -log P(target). It stops as soon as each prompt's target
    has a chance above `until`: a larger δ would only do more harm elsewhere.

    The one key serves in both places of the edit W' = W + u (value - Wᵀ key)ᵀ / (uᵀ key). Then
    prompt p gets δ (uᵀ m_p) / (uᵀ key), and the mean of that over the prompts is δ. With the mean
    key in u but that of a single prompt beside W, as in the first published code, it is not.

    Arguments  memory: one of memories(model); prompts (n_prompts, T): ways to ask for the fact;
               position: 0 to T - 1; targets: the id that is to be answered, or one for each prompt.
               A prompt whose answer is to stay is added with the old answer as its target
    Returns    key (d_ff), value (d_model), the layer's bias not in it, for `rank_one_edit`. If what
               is added at the position never reaches the answer, δ is 0
    Errors     ValueError if prompts have other axes, targets do not fit, a target or the position
               is out of range, rate is not above 0, steps no whole number above 0, or until not in
               [0, 1); TypeError if targets are no ids
    Source     Meng et al. 2022 (arXiv:2202.05262), section 3.1: they add a term that keeps what is
               said about the subject, and bound the length of δ; Gupta et al. 2024
               (arXiv:2403.07175) for the same key in both places
    """
    prompts = np.asarray(prompts)
    if prompts.ndim != 2:
        raise ValueError(f"find_value: prompts {prompts.shape} must be (n_prompts, T)")
    targets = np.broadcast_to(targets, np.shape(targets) or len(prompts))
    keys, values = find_values(
        model, memory, prompts[None], position, targets[None], rate=rate, steps=steps, until=until
    )
    return keys[0], values[0]


def find_values(model, memory, prompts, position, targets, *, rate=0.1, steps=200, until=0.95):
    """Keys and values of many facts at once, each as `find_value` finds it alone.

    Arguments  prompts (n, n_prompts, T), targets (n, n_prompts); the others as for find_value
    Returns    keys (n, d_ff), values (n, d_model), for `batch_edit`
    Errors     as find_value
    """
    prompts, targets = _checked(prompts, position, targets)
    must_be_above("find_values", 0, rate=rate)
    must_be_positive("find_values", steps=steps)
    must_be_share("find_values", until=until)
    n, n_prompts, length = prompts.shape
    ids = prompts.reshape(-1, length)
    keys = _coefficients(model, memory, ids, position).reshape(n, n_prompts, -1).mean(axis=1)
    w = memory.values
    delta = Parameter(np.zeros((n, 1, 1, w.shape[1]), w.dtype))
    found = np.zeros((n, w.shape[1]), w.dtype)
    here = np.zeros((length, 1), w.dtype)
    here[position] = 1.0

    def with_delta(y):
        of_each = ops.reshape(y, shape=(n, n_prompts, length, -1))
        return ops.reshape(of_each + delta * here, shape=y.shape)

    optimizer, is_open = Adam([delta], rate), np.ones(n, bool)
    with evaluating(model), frozen(model), memory.answering(with_delta):
        for step in range(steps + 1):
            logits = ops.reshape(model(ids)[:, -1], shape=(n, n_prompts, -1))
            found[is_open] = delta.data[is_open, 0, 0]
            is_open &= _least_chance(logits.data, targets) <= until
            if step == steps or not is_open.any():
                break
            optimizer.zero_grad()
            (ops.cross_entropy(logits, targets=targets) * n).backward()
            if not np.any(delta.grad):
                break
            optimizer.step()
    return keys, keys @ w + found


def _coefficients(model, memory, ids, position):
    seen = []

    def note(m):
        seen.append(m.data[:, position])
        return m

    with evaluating(model), no_grad(), memory.changed(note):
        model(ids)
    return seen[0]


def _least_chance(logits, targets):
    """The chance of the target, in the prompt of each fact where it is least: (n)."""
    as_ids("find_values", targets, name="targets", n=logits.shape[-1])
    chances = ops.softmax(logits).data
    return np.take_along_axis(chances, targets[..., None], axis=-1).min(axis=(1, 2))


def _checked(prompts, position, targets):
    prompts = np.asarray(prompts)
    if prompts.ndim != 3 or 0 in prompts.shape:
        raise ValueError(f"find_values: prompts {prompts.shape} must be (n, n_prompts, T)")
    targets = as_ids("find_values", targets, name="targets")
    if targets.shape != prompts.shape[:2]:
        raise ValueError(
            f"find_values: targets {targets.shape} must be {prompts.shape[:2]}, one for each prompt"
        )
    if not is_whole(position) or not 0 <= position < prompts.shape[2]:
        raise ValueError(
            f"find_values: position is {position!r}, but must be a whole number from 0 to "
            f"{prompts.shape[2] - 1}"
        )
    return prompts, targets
