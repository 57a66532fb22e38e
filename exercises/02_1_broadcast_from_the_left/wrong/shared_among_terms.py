"""dy is divided among the terms: each term moves y by all of its nudge, so each gets all of dy."""


def sum_gradients(dy, shapes):
    return [gradient(dy / len(shapes), shape) for shape in shapes]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    return dy.sum(axis=axes, keepdims=True).reshape(shape)
