"""Layers that let positions see those before by fixed weights, not by what stands there."""

import math

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_above, must_be_generator, must_be_positive
from tinyffn.nn.init import truncated_normal
from tinyffn.nn.module import Module, Parameter
from tinyffn.nn.past import PastTokens
from tinyffn.tensor import Tensor


class TokenMixing(Module):
    """Each position takes a weighted sum of itself and those before, by a learned map of places.

    x (B, T, d) -> y (B, T, d), T at most `context`. The channels are cut into n_heads groups, each
    with a map of its own. A shorter text takes the first rows of the map. As the map knows the
    places, no vectors for positions are needed.

    Arguments  toeplitz: whether the weights depend on the distance alone, see ops.toeplitz; size:
               about how large y is at first for x of size 1: the weights begin as random numbers
               with standard deviation size / √context; bias: where the bias begins
    Errors     ValueError if n_heads does not divide d
    Source     as for ops.mix_tokens
    """

    weights: Parameter  # (n_heads, context, context); with toeplitz the taps, (n_heads, context)
    bias: Parameter  # (n_heads, context)

    def __init__(self, d, context, *, rng, n_heads=1, toeplitz=False, size=1.0, bias=0.0):
        must_be_positive("TokenMixing", d=d, context=context, n_heads=n_heads)
        must_be_above("TokenMixing", 0, size=size)
        must_be_generator("TokenMixing", rng)
        if d % n_heads:
            raise ValueError(
                f"TokenMixing: d = {d} does not split into {n_heads} heads: n_heads must divide d"
            )
        shape = (n_heads, context) if toeplitz else (n_heads, context, context)
        std = size / math.sqrt(context)
        self.weights = Parameter(truncated_normal(rng, shape, std=std))
        self.bias = Parameter(np.full((n_heads, context), bias, np.float32))
        self.n_heads, self.d_head, self.context = n_heads, d // n_heads, context
        self.toeplitz = toeplitz

    def __call__(self, x, cache=None):
        """Mix within x; with a cache, x goes on where the cache ends, and the cache takes x in."""
        B, T, d = self._checked(x)
        x = ops.reshape(x, shape=(B, T, self.n_heads, self.d_head))
        x = ops.transpose(x, axes=(0, 2, 1, 3))
        if cache is not None:
            x = Tensor(cache.extend(x.data))
        y = ops.mix_tokens(x, *self.last_rows(T, x.shape[2]))
        y = ops.transpose(y, axes=(0, 2, 1, 3))
        return ops.reshape(y, shape=(B, T, d))

    def last_rows(self, n_rows, length):
        """The map's rows for the last of `length` positions (n_heads, n_rows, length), biases."""
        if length > self.context:
            raise ValueError(
                f"TokenMixing: {length} positions are more than the context of {self.context}: "
                "shorten x"
            )
        start = length - n_rows
        bias = self.bias[:, start:length]
        if self.toeplitz:
            return ops.toeplitz(self.weights[:, :length], n_rows=n_rows), bias
        return self.weights[:, start:length, :length], bias

    def new_cache(self, batch_size, length):
        """An empty PastTokens for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        return PastTokens((batch_size, self.n_heads, length, self.d_head), self.bias.dtype)

    def _checked(self, x):
        d = self.n_heads * self.d_head
        if x.ndim != 3 or x.shape[1] == 0 or x.shape[2] != d:
            raise ValueError(f"TokenMixing: x {x.shape} must be (B, T, {d}) with T >= 1")
        return x.shape


class TokenShift(Module):
    """Each channel a weighted sum of the token and the one before: see ops.token_shift.

    x (B, T, d) -> y (B, T, d). It may stand in front of a model's blocks as one of them. It begins
    with the first half of the channels as they are, and the second half of the token before.
    """

    now: Parameter  # (d)
    before: Parameter  # (d)

    def __init__(self, d):
        must_be_positive("TokenShift", d=d)
        is_first_half = np.arange(d) < d / 2
        self.now = Parameter(is_first_half.astype(np.float32))
        self.before = Parameter((~is_first_half).astype(np.float32))

    def __call__(self, x, cache=None):
        """Shift x; with a cache, the token before x is the last one that the cache has seen."""
        if cache is None:
            return ops.token_shift(x, self.now, self.before)
        n_before = min(1, cache.n_positions)  # none before the first token
        seen = Tensor(cache.extend(x.data)[:, -x.shape[1] - n_before :])
        return ops.token_shift(seen, self.now, self.before)[:, n_before:]

    def stream(self, x, cache=None):
        """The stream after this block, as models ask for it: a list of one."""
        return [self(x, cache)]

    def new_cache(self, batch_size, length):
        """An empty PastTokens for this layer, with room for `length` positions."""
        must_be_positive("new_cache", batch_size=batch_size, length=length)
        return PastTokens((batch_size, length, self.now.size), self.now.dtype)
