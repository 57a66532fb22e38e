"""The answer to exercise 6.3, and how to get there.

Above the floor, on logarithmic axes, the law is a straight line. With x = log n, y = log(loss -
floor):

    y = alpha log n_c - alpha x

Let share_k = runs_k / Σ runs. The sum S = Σ_k share_k (y_k - a - s x_k)² is smallest where its
slopes by a and by s are zero:

    Σ_k share_k (y_k - a - s x_k) = 0        so the line goes through the weighted means (mx, my)
    Σ_k share_k x_k (y_k - a - s x_k) = 0    so s = Σ share (x - mx) (y - my) / Σ share (x - mx)²

Why the runs are the weights of the squares: a mean of r runs scatters with a variance r times
smaller, and r points of one run each at one place would add r squares.

alpha = -s. The line my - alpha (x - mx) is zero at x = mx + my / alpha, and there n = n_c. To find
the size for a loss, the law is solved for n.
"""

import numpy as np


def fit(n, losses, runs, floor):
    x, y, share = np.log(n), np.log(losses - floor), runs / np.sum(runs)
    far_x = x - np.dot(share, x)
    alpha = -np.dot(share * far_x, y) / np.dot(share * far_x, far_x)  # Σ share far_x my is 0
    return alpha, np.exp(np.dot(share, x + y / alpha))


def predict(n, alpha, n_c, floor):
    return floor + np.exp(alpha * (np.log(n_c) - np.log(n)))


def size_for(losses, alpha, n_c, floor):
    return n_c * np.exp(-np.log(losses - floor) / alpha)
