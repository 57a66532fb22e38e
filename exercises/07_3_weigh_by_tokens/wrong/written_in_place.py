"""mean_a was changed where it lies: make a new array."""


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = int(n_a), int(n_b)
    if not n_b:
        return mean_a.copy(), n_a
    if not n_a:
        return mean_b.copy(), n_b
    n = n_a + n_b
    mean_a *= n_a / n
    mean_a += n_b / n * mean_b
    mean = mean_a
    return mean, n


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
