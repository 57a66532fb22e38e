"""The first part may be empty too, not only the second."""


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = int(n_a), int(n_b)
    if not n_b:
        return mean_a.copy(), n_a
    n = n_a + n_b
    mean = (n_a * mean_a + n_b * mean_b) / n
    return mean, n


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
