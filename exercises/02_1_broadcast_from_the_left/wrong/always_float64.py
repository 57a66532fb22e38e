"""The gradients are float64 even where dy is float32: np.zeros makes float64 unless told."""

import numpy as np


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    return np.zeros(shape) + dy.sum(axis=axes, keepdims=True).reshape(shape)
