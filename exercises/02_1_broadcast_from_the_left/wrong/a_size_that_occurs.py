"""An axis is kept if the term has that size somewhere: compare size with size, place by place."""


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    axes = tuple(i for i, size in enumerate(dy.shape) if size not in shape)
    return dy.sum(axis=axes, keepdims=True).reshape(shape)
