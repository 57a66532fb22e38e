"""A deep stack of attention and MLP before training, from which parts can be left out.

What goes in is a row of tokens, each a vector of standard normal numbers. Studies look at the
tokens after each layer, and at the gradients that come back.
"""

import math

import numpy as np

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_callable, must_be_positive
from tinyffn.graph import no_grad
from tinyffn.optim import clip_global_norm
from tinyffn.tensor import Tensor

NORMS = (None, "before", "after")


class Stack(nn.Module):
    """`depth` layers, each attention and, if it has an activation, an MLP; float64, no biases.

    With s(x) a sublayer times `branch`, a layer does for each of its sublayers

                         norm=None    norm="before"    norm="after"
        skip=True        x + s(x)     x + s(norm(x))   norm(x + s(x))
        skip=False       s(x)         s(norm(x))       norm(s(x))

    Weights are drawn uniformly with variance scale² · 2 / (d_in + d_out): see nn.init.xavier.

    Arguments  activation: of the MLP, whose width is 4 d_model; None for no MLP; causal: whether
               a token sees only itself and those before it
    Errors     ValueError if norm is none of the three, branch or scale not above 0, or a size does
               not fit; TypeError if activation is no function
    """

    def __init__(
        self,
        depth,
        *,
        rng,
        activation=None,
        skip=False,
        norm=None,
        branch=1.0,
        scale=1.0,
        causal=False,
        d_model=64,
        n_heads=4,
    ):
        must_be_positive("Stack", depth=depth)
        must_be_above("Stack", 0, branch=branch, scale=scale)
        if norm not in NORMS:
            raise ValueError(f"Stack: norm is {norm!r}, but must be one of {NORMS}")
        if activation is not None:
            must_be_callable("Stack", activation=activation)

        def init(rng, shape):
            return np.float32(scale) * nn.init.xavier(rng, shape)

        every = {"rng": rng, "bias": False, "init": init}
        self.attention = [
            nn.MultiHeadAttention(d_model, n_heads, causal=causal, **every) for _ in range(depth)
        ]
        self.mlp = [
            nn.FeedForward(d_model, 4 * d_model, activation=activation, **every)
            for _ in range(depth if activation is not None else 0)
        ]
        self.gain = np.ones(d_model)
        self.skip, self.norm, self.branch = skip, norm, branch
        self.astype(np.float64)

    def __call__(self, x):
        return self.stream(x)[-1]

    def stream(self, x):
        """x (B, T, d_model), then what it has become after each layer: depth + 1 Tensors."""
        stream = [x]
        for i, attention in enumerate(self.attention):
            x = self._step(x, attention)
            if self.mlp:
                x = self._step(x, self.mlp[i])
            stream.append(x)
        return stream

    def _step(self, x, sublayer):
        y = sublayer(self._normed(x) if self.norm == "before" else x)
        if self.branch != 1.0:
            y = y * self.branch
        if self.skip:
            y = x + y
        return self._normed(y) if self.norm == "after" else y

    def _normed(self, x):
        return ops.rms_norm(x, self.gain, eps=1e-300)


def streams(seeds, *, depth, n_tokens=32, d_model=64, **parts):
    """For each seed a new stack, and its stream: depth + 1 Tensors (1, T, d_model).

    Arguments  parts: further arguments of Stack. Stacks of one seed take in the same tokens
    Errors     as Stack; ValueError if n_tokens is no whole number above 0, or there are no seeds
    """
    must_be_positive("streams", n_tokens=n_tokens, d_model=d_model)
    if len(seeds) == 0:
        raise ValueError("streams: there are no seeds: give a list of one or more")
    for seed in seeds:
        x = np.random.default_rng([seed, 1]).normal(size=(1, n_tokens, d_model))
        stack = Stack(depth, rng=np.random.default_rng(seed), d_model=d_model, **parts)
        yield stack, stack.stream(Tensor(x))


def sizes(seeds, **parts):
    """The root mean square of the stream before any layer, after one, ..., after `depth`.

    Arguments  as streams
    Returns    (n_seeds, depth + 1)
    Errors     as streams
    """
    with no_grad():
        made = [stream for _, stream in streams(seeds, **parts)]
    return np.array([[np.sqrt(np.mean(x.data**2)) for x in stream] for stream in made])


def query_gradients(seeds, **parts):
    """The length of the gradient of each layer's query weights, which say where to look.

    The gradient that comes in at the end is drawn standard normal.

    Arguments  as streams
    Returns    (n_seeds, depth), from the first layer to the last
    Errors     as streams
    """
    lengths = []
    for seed, (stack, stream) in zip(seeds, streams(seeds, **parts), strict=True):
        stream[-1].backward(np.random.default_rng([seed, 2]).normal(size=stream[-1].shape))
        weights = [attention.query.w for attention in stack.attention]
        lengths.append([clip_global_norm([w], math.inf) for w in weights])  # clips nothing
    return np.array(lengths)
