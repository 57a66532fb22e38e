"""How much a model has stored of facts that nothing but storing can answer: counted in bits."""

import numpy as np

from tinyffn.arguments import as_ids


def stored_bits(logits, labels):
    """Bits about n labels that are in the logits of a model trained on them: from 0 to n log2(C).

        n (log2(C) - ce),   ce = -mean_i log2 p_i[label_i],   p_i = softmax(scale logits_i)

    Whoever has the keys but no model needs log2(C) bits to write down each label, one of C as
    likely. With the model ce bits are enough, on the average, so it saves the difference, and that
    is what it stores. This asks more than counting right answers: it sees half-known facts, and
    being sure and wrong costs. `scale` is at least 0 and makes ce smallest, as storing is one thing
    and being as sure as one should is another; one number for all facts, it adds next to nothing.

    Divide by the number of parameters that were trained. Such a quotient is a capacity only where
    more facts would not be stored as well: with every label known it is as large as n lets it be.

    Arguments  logits (n, C): floats; labels (n): integers from 0 to C - 1
    Errors     ValueError if shapes do not fit, a logit is not finite, or a label is out of range;
               TypeError if labels are not integers
    Source     Allen-Zhu and Li 2024 (arXiv:2404.05405) count a language model's knowledge in bits
               from its loss in this way; the scale is ours
    """
    logits, labels = np.asarray(logits, np.float64), np.asarray(labels)
    _check(logits, labels)
    n, n_labels = logits.shape
    above_right = logits - logits[np.arange(n), labels][:, np.newaxis]  # 0 at the label
    scale = _best_scale(above_right)
    ce_nats = _log_sum_exp(scale * above_right).mean()
    return max(0.0, float(n * (np.log2(n_labels) - ce_nats / np.log(2))))


def _best_scale(above_right):
    """The scale at least 0 with the smallest cross-entropy, which is convex in it: by halving.

    Where every answer is right the larger scale is always the better one: then one at which the
    cross-entropy is next to nothing.
    """
    spread = np.abs(above_right).mean()
    if spread == 0 or _slope(0.0, above_right) >= 0:
        return 0.0
    low, high = 0.0, 1.0 / spread
    while _slope(high, above_right) < 0 and high * spread < 2.0**40:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        if _slope(middle, above_right) < 0:
            low = middle
        else:
            high = middle
    return low


def _slope(scale, above_right):
    """How the summed cross-entropy changes with the scale."""
    z = scale * above_right
    p = np.exp(z - _log_sum_exp(z)[:, np.newaxis])
    return float((p * above_right).sum())


def _log_sum_exp(z):
    largest = z.max(axis=1)
    return largest + np.log(np.exp(z - largest[:, np.newaxis]).sum(axis=1))


def _check(logits, labels):
    if logits.ndim != 2 or logits.shape[0] < 1 or logits.shape[1] < 2:
        raise ValueError(
            f"stored_bits: logits {logits.shape} must be (n, C), n facts with C >= 2 scores each"
        )
    n, n_labels = logits.shape
    as_ids("stored_bits", labels, name="labels", n=n_labels)
    if labels.shape != (n,):
        raise ValueError(f"stored_bits: labels {labels.shape} do not fit logits {logits.shape}")
    if not np.isfinite(logits).all():
        raise ValueError("stored_bits: some logits are not finite: did the training diverge?")
