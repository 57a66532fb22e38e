"""A mixture of experts: many feed-forward layers, of which each token passes through a few."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.nn.feedforward import FeedForward
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.tensor import Tensor


class MixtureOfExperts(Module):
    """A router chooses top_k of the experts for each token, and weighs what they say.

    x (..., d_model) -> y (..., d_model). With p = softmax(x router.w), y is the sum of p_e times
    expert e's answer, over the top_k experts with the largest p. For top_k above 1, these p are
    scaled to sum to one. A layer has as many parameters as all experts together, but a token costs
    no more than top_k of them. There is no limit to what an expert takes in, so no token is dropped
    and none depends on another. (But for the last bits: an expert answers all its tokens in one
    matrix product, and products of more or fewer rows may round differently.)

    Nothing forces the router to use all experts. `balance` says how far it does: n_experts Σ_e f_e
    P_e, with f_e the share of the choices that fell on expert e and P_e the mean of p_e. It is 1 if
    all are used alike, and n_experts if one alone is used, each time with p_e = 1. Add a little of
    it to the loss:

        model.loss(ids, targets) + 0.01 * nn.balance_loss(model)

    Arguments  d_ff: width of each expert, a FeedForward; the others: see there
    Attributes balance: that number for the tokens of the last call, a Tensor; None before
    Errors     ValueError if top_k is above n_experts
    Source     Shazeer et al. 2017 (arXiv:1701.06538), section 2.1, without the noise; Fedus et al.
               2021 (Switch, arXiv:2101.03961), sections 2.1 and 2.2: top_k = 1 and the balance
    """

    router: Linear  # w (d_model, n_experts)
    experts: list[FeedForward]
    balance: Tensor | None

    def __init__(
        self, d_model, d_ff, n_experts, *, rng, top_k=1, activation=ops.gelu, init=xavier,
        init_down=None,
    ):  # fmt: skip
        must_be_positive("MixtureOfExperts", n_experts=n_experts, top_k=top_k)
        if top_k > n_experts:
            raise ValueError(
                f"MixtureOfExperts: top_k is {top_k}, but there are only {n_experts} experts"
            )
        self.router = Linear(d_model, n_experts, rng=rng, bias=False, init=init)
        self.experts = [
            FeedForward(d_model, d_ff, rng=rng, activation=activation, init=init,
                        init_down=init_down)
            for _ in range(n_experts)
        ]  # fmt: skip
        self.top_k, self.balance = top_k, None

    def __call__(self, x):
        rows = ops.reshape(x, shape=(-1, x.shape[-1]))
        p = ops.softmax(self.router(rows))
        chosen = np.argsort(-p.data, axis=-1, kind="stable")[:, : self.top_k]  # (N, top_k)
        self.balance = _balance(p, chosen)

        answers, places = [], []  # expert by expert: only the tokens that chose it
        for e, expert in enumerate(self.experts):
            place = np.flatnonzero(chosen == e)  # among N top_k (token, choice) pairs
            answers.append(expert(_take(rows, place // self.top_k)))
            places.append(place)
        back = np.argsort(np.concatenate(places))
        y = _take(ops.concatenate(*answers, axis=0), back)  # token by token again

        y = ops.reshape(y, shape=(*chosen.shape, x.shape[-1]))
        y = ops.sum(y * _weights(p, chosen), axis=1)
        return ops.reshape(y, shape=x.shape)


def balance_loss(model):
    """The sum of `balance` over all MixtureOfExperts in a model, of the model's last call.

    After a call inside no_grad() it is a number to look at: nothing can be learnt from it.

    Errors     ValueError if there is none, or the model has not been called yet
    """
    layers = [part for part in model.modules() if isinstance(part, MixtureOfExperts)]
    balances = [layer.balance for layer in layers if layer.balance is not None]
    if not layers or len(balances) < len(layers):
        found = f"has {len(layers)} MixtureOfExperts, of which {len(balances)} have been called"
        raise ValueError(f"balance_loss: the {type(model).__name__} {found}")
    return sum(balances[1:], balances[0])


def _balance(p, chosen):
    """n_experts Σ_e f_e P_e, which differentiates through P alone."""
    n_tokens, n_experts = p.shape
    share = np.bincount(chosen.ravel(), minlength=n_experts) / max(1, chosen.size)
    mean_p = ops.sum(p, axis=0) / max(1, n_tokens)
    return ops.sum(mean_p * share.astype(p.dtype)) * n_experts


def _weights(p, chosen):
    """How much each chosen expert counts, (N, top_k, 1)."""
    w = p[np.arange(len(chosen))[:, None], chosen]
    if chosen.shape[1] > 1:
        w = w / ops.sum(w, axis=1, keepdims=True)
    return ops.reshape(w, shape=(*chosen.shape, 1))


def _take(rows, numbers):
    """Some of the rows (N, d), by number: what an embedding does with a table."""
    return ops.embedding(rows, ids=numbers)
