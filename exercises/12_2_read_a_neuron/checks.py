"""Checks of exercise 12.2. Every neuron reacts with both signs, more or less in each text."""

import numpy as np

from tinyffn.lab.checks import check

B, T, D_FF = 7, 5, 6


def coefficients(rng, d_ff=D_FF):
    """m with four texts or more on each side of 0, whatever padding will hide behind position 0.

    In one text stand both the two largest entries of a neuron and its two lowest.
    """
    m = rng.normal(size=(B, T, d_ff))
    m[:, 0] = np.abs(m[:, 0]) + 0.1
    m[:, 1] = -np.abs(m[:, 1]) - 0.1
    busy = rng.integers(B)
    m[busy] += np.sign(m[busy]) * 4
    return m


def named(texts, positions):
    return {"texts": texts, "positions": positions}


@check("texts that switch a neuron on", points=4)
def triggers(task, rng):
    return named(*task.trigger_texts(coefficients(rng), np.full(B, T), 3))


@check("padding", points=2, after="texts that switch a neuron on")
def padding(task, rng):
    lengths = np.array([2, 3, 4, 5, 2, 3, 4])
    m = coefficients(rng)
    is_padding = np.arange(T) >= lengths[:, np.newaxis]
    m[is_padding] += 20 * rng.choice([-1, 1], size=m[is_padding].shape)
    return named(*task.trigger_texts(m, lengths, 3))


@check("fewer texts than asked for", points=2, after="texts that switch a neuron on")
def fewer(task, rng):
    """Some neurons are never below 0 or never above it, or are so in some texts alone."""
    m = np.abs(coefficients(rng)) * rng.choice([-1, 1], size=(B, 1, D_FF))
    m[..., 0], m[..., 1] = np.abs(m[..., 0]), -np.abs(m[..., 1])
    return named(*task.trigger_texts(m, np.full(B, T), B))


def readers(rng, n=4, d=6, vocab_size=30):
    """Values with a mean far from 0, gains of both signs, and a bias that would drown them."""
    values, gain = 2 + rng.normal(size=(n, d)), rng.uniform(0.3, 3, size=d)
    gain *= np.where(np.arange(d) % 3 == 0, -1, 1)
    return values, gain, 30 * rng.normal(size=d), rng.normal(size=(vocab_size, d))


@check("tokens of values above 0", points=3)
def tokens(task, rng):
    return {"tokens": task.value_tokens(*readers(rng), 5)[0]}


@check("tokens of values below 0", points=2, after="tokens of values above 0")
def below(task, rng):
    return {"tokens": task.value_tokens(*readers(rng), 5)}
