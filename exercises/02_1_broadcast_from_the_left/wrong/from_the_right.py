"""The shapes are lined up from the right, as NumPy does it: here missing axes come at the end."""


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    added = tuple(range(dy.ndim - len(shape)))
    dy = dy.sum(axis=added)
    stretched = tuple(i for i, size in enumerate(shape) if size != dy.shape[i])
    return dy.sum(axis=stretched, keepdims=True)
