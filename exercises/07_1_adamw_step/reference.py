"""The answer to exercise 7.1, and how to get there.

After t steps, with one beta for short, m_t = beta m_(t-1) + (1 - beta) dp. What we keep is
a_t = m_t / (1 - beta^t), so m_(t-1) = (1 - beta^(t-1)) a_(t-1). Put this in:

    a_t = [beta (1 - beta^(t-1)) a_(t-1) + (1 - beta) dp] / (1 - beta^t)

The two factors are (beta - beta^t) / (1 - beta^t) and (1 - beta) / (1 - beta^t), and they add up
to 1: a_t is a mean of the old mean and the new gradient, in which the new one has the share

    (1 - beta) / (1 - beta^t)

At t = 1 that is 1: the first gradient is its own mean, and what was there before does not count.
After very many steps it is 1 - beta, the share that it has in m. So the correction of the bias is
nothing but a share that begins at 1 and falls to 1 - beta. The same holds for the squares.
"""

import numpy as np


def adamw_step(p, dp, means, t, rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    share_1, share_2 = [float((1 - beta) / (1 - beta**t)) for beta in betas]
    before = means if t > 1 else np.zeros_like(means)
    center = (1 - share_1) * before[0] + share_1 * dp
    square = (1 - share_2) * before[1] + share_2 * np.square(dp)
    shrunk = p - float(rate * weight_decay) * p
    new_p = shrunk - float(rate) * center / (np.sqrt(square) + float(eps))
    return new_p, np.stack([center, square])
