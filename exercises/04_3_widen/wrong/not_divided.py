"""Each copy sends all that the old unit sent, so it arrives several times: they must share it."""


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy]
    return new
