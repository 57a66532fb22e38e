"""Every row is halved: a unit may have one copy, two, or more."""


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy] / 2
    return new
