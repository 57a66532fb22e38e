"""0 times nan is nan: a part without tokens has to be left out by a condition."""


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = int(n_a), int(n_b)
    n = n_a + n_b
    mean = (n_a * mean_a + n_b * mean_b) / max(1, n)
    return mean, n


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
