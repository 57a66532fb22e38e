"""The slopes of the copies are averaged: they add up, for a nudge moves all copies at once."""


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    return dy.mean(axis=axes, keepdims=True).reshape(shape)
