"""One matrix, three jobs: where to write, how to round, what to protect.

For a layer y = kᵀ W, a change D of W changes the output by tr(Dᵀ C D), with C = E[k kᵀ]. Three
tasks ask for the change that costs least by it, each under a condition of its own:

    edit       kᵀ (W + D) = v for one key k          D from C⁻¹ k                 rank_one_edit
    round      W + D has few levels                  D from C⁻¹, row by row       compensated
    protect    few rows of W + D stay as they were   rows of the largest C_ii |D_i|²

Who has C for one of them has it for all. Who has no C takes the identity, and each task becomes the
plain one: the step along k, each weight to its nearest level, the rows with the largest errors.
"""

import numpy as np

from tinyffn.bits.compensate import compensated
from tinyffn.bits.schemes import binary
from tinyffn.bits.second_moment import output_error
from tinyffn.studies import editing, editing_bench
from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.edit import rank_one_edit
from tinyffn.studies.keyvalue.memories import coefficients, memories

SEEDS = (1, 2, 3)
N_EDITS, LAYER = 20, 1
VALUE_RATE = 1.0  # of the search for what the layer should say: the best for it in editing.json
N_KEPT = 16  # rows that are protected


def three_jobs(w, c, c_new, keys, values, quantizer, *, n_kept):
    """What each job costs if it is done with C, and with the identity in its place.

    Arguments  w (d_in, d_out); c (d_in, d_in): the one matrix; c_new: the same of other keys, by
               which costs are counted, so that nothing is judged by what it was made from
               keys (n, d_in), values (n, d_out): edits, each made alone; quantizer: from w to a
               Quantized; n_kept: how many rows are protected
    Returns    {(job, "C" or "identity"): share of the layer's output that changes}; for "edit" the
               mean over the edits
    """
    costs = {}
    for name, guide in (("C", c), ("identity", np.eye(len(c)))):
        edited = [rank_one_edit(w, *one, guide) for one in zip(keys, values, strict=True)]
        costs["edit", name] = float(np.mean([output_error(w, e, c_new) for e in edited]))
        codes = compensated(w, guide, quantizer)
        costs["round", name] = output_error(w, codes.values(), c_new)
        protected = quantizer(w).values()
        each = guide.diagonal() * np.sum((w - protected) ** 2, axis=1)
        rows = np.argsort(-each, kind="stable")[:n_kept]
        protected[rows] = w[rows]
        costs["protect", name] = output_error(w, protected, c_new)
    return costs


def of_model(seed):
    """The three jobs on the second feed-forward layer of a model that knows 1,600 facts.

    Returns    {"edit: C": share of the output that changes, ...}; weights are rounded to signs, and
               "round: identity" are plain ones
    """
    model, facts, _, _, c = editing_bench.bench(seed)
    w = memories(model)[LAYER].values
    rng = np.random.default_rng([seed, 10])
    prompts, _ = next(facts.random_prompts(batch_size=editing_bench.N_KEYS, rng=rng))
    c_new = covariance(coefficients(model, prompts)[LAYER])
    where = LAYER, editing_bench.ANSWER
    keys, values = editing.new_values(seed, *where, False, VALUE_RATE, 0, N_EDITS)
    costs = three_jobs(w, c[LAYER], c_new, keys, values, binary, n_kept=N_KEPT)
    return {f"{job}: {guide}": cost for (job, guide), cost in costs.items()}
