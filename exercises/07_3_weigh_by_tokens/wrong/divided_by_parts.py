"""The sum over all tokens is divided by 2, the number of parts: divide by the number of tokens."""


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = int(n_a), int(n_b)
    if not n_b:
        return mean_a.copy(), n_a
    if not n_a:
        return mean_b.copy(), n_b
    n = n_a + n_b
    mean = (n_a * mean_a + n_b * mean_b) / 2
    return mean, n


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
