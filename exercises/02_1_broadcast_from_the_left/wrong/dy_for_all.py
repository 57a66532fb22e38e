"""Every term got dy as it is: a term that was copied needs the sum over its copies."""


def sum_gradients(dy, shapes):
    return [dy for _ in shapes]
