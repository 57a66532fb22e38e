"""One matrix for three jobs: each cost against the same worked out number by number."""

import numpy as np
import pytest

from tinyffn.bits.compensate import compensated
from tinyffn.bits.schemes import binary
from tinyffn.studies import one_matrix, results


def share(w, changed, c):
    """tr(Dᵀ C D) / tr(Wᵀ C W), a column at a time."""
    change = changed - w
    return sum(d @ c @ d for d in change.T) / sum(v @ c @ v for v in w.T)


@pytest.mark.parametrize("n_kept", [1, 2, 4, 7, 10])
def test_costs_are_those_of_the_edit_the_codes_and_the_rows(n_kept):
    rng = np.random.default_rng(2)
    mixing = rng.normal(size=(20, 20)) * np.exp(rng.normal(size=20))
    x, y = (rng.normal(size=(500, 20)) @ mixing for _ in range(2))
    c, c_new = x.T @ x / 500, y.T @ y / 500
    w, values = rng.normal(size=(20, 6)), rng.normal(size=(3, 6))
    costs = one_matrix.three_jobs(w, c, c_new, x[:3], values, binary, n_kept=n_kept)
    assert len(costs) == 6
    for name, guide in (("C", c), ("identity", np.eye(20))):
        edits = []
        for k, v in zip(x[:3], values, strict=True):
            left = np.linalg.solve(guide, k)
            edited = w + np.outer(left, v - k @ w) / (left @ k)
            assert np.allclose(k @ edited, v)
            edits.append(share(w, edited, c_new))
        assert costs["edit", name] == pytest.approx(np.mean(edits), rel=1e-6)
        codes = compensated(w, guide, binary).values()
        assert costs["round", name] == pytest.approx(share(w, codes, c_new), rel=1e-6)
        protected = binary(w).values()
        lost = [guide[i, i] * sum((w[i] - protected[i]) ** 2) for i in range(20)]
        for i in sorted(range(20), key=lambda i: lost[i])[-n_kept:]:
            protected[i] = w[i]
        assert costs["protect", name] == pytest.approx(share(w, protected, c_new), rel=1e-6)
    assert costs["round", "identity"] == pytest.approx(share(w, binary(w).values(), c_new))


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    kept = results.load("rounded_layers")
    assert kept["settings"]["seeds of one matrix"] == list(one_matrix.SEEDS)
    runs = [run for run in kept["runs"] if run["arm"].startswith("one matrix: ")]
    assert sorted({run["seed"] for run in runs}) == list(one_matrix.SEEDS) == [1, 2, 3]
    assert len(runs) == 6 * 3
