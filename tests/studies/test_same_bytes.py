"""Signs, low rank and tensor trains in the same bytes: against plain sums, and what is kept."""

import numpy as np
import pytest

from tinyffn.studies import after_training, results, same_bytes


def train_of(rng, ins, outs, rank):
    """The weight of a random train, as a sum of Kronecker products."""
    pairs = zip(ins, outs, strict=True)
    first, second = (rng.normal(size=(rank, *pair)) for pair in pairs)
    return sum(np.kron(p, q) for p, q in zip(first, second, strict=True))


def test_a_train_that_fits_is_kept_to_16_bits_and_one_byte_less_loses_it():
    ins, outs = (4, 3), (5, 2)
    w = train_of(np.random.default_rng(1), ins, outs, 3)
    n_bytes = 2 * 3 * (4 * 5 + 3 * 2)
    assert np.allclose(same_bytes.as_train(w, ins, outs, n_bytes), w, atol=0.02)
    less = same_bytes.as_train(w, ins, outs, n_bytes - 1)
    assert np.linalg.norm(less - w) > 0.05 * np.linalg.norm(w)
    assert not same_bytes.as_train(w, ins, outs, 1).any()  # not even rank 1 fits
    assert np.allclose(same_bytes.as_train(w, ins, outs, 10**6), w, atol=0.02)


def test_with_one_digit_each_a_train_is_a_matrix_of_low_rank():
    w = np.random.default_rng(2).normal(size=(12, 10))
    found = same_bytes.as_train(w, (12, 1), (1, 10), 2 * 3 * 22)
    sizes = np.linalg.svd(w, compute_uv=False)
    assert np.linalg.matrix_rank(found) == 3
    assert np.sum((w - found) ** 2) == pytest.approx(np.sum(sizes[3:] ** 2), rel=1e-4)


def test_ways_to_write_a_number():
    assert same_bytes.digits(4) == [(1, 4), (2, 2), (4, 1)]
    assert [same_bytes.middle(n) for n in (64, 256, 128, 7)] == [(8, 8), (16, 16), (8, 16), (1, 7)]


def test_all_ways_keep_a_matrix_and_the_best_digits_are_the_best():
    w = train_of(np.random.default_rng(3), (32, 2), (2, 32), 1)
    ways = same_bytes.ways(w)
    left = {way: np.sum((w - values) ** 2) / np.sum(w**2) for way, values in ways.items()}
    assert left[same_bytes.BEST] < 1e-5
    assert left[same_bytes.BEST] < left[same_bytes.TRAIN] < 1
    assert 0 < left[same_bytes.LOW_RANK] < 1 and 0.2 < left[same_bytes.SIGNS] < 0.6


def test_runs_are_means_over_the_matrices_of_a_model():
    rng = np.random.default_rng(4)
    layers = [(rng.normal(size=(64, 64)), np.eye(64)) for _ in range(2)]
    runs = {run["arm"]: run for run in same_bytes.runs_of(1, layers)}
    for way in (same_bytes.SIGNS, same_bytes.LOW_RANK, same_bytes.TRAIN, same_bytes.BEST):
        lost = [np.sum((w - same_bytes.ways(w)[way]) ** 2) / np.sum(w**2) for w, _ in layers]
        run = runs[f"trained: {way}"]
        assert run["value"] == run["output"] == pytest.approx(np.mean(lost), abs=1e-4)
        assert runs[f"Gaussian: {way}"]["value"] != run["value"]
    assert len(runs) == 8


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    kept = results.load("same_bytes")
    assert kept["settings"]["seeds"] == list(after_training.SEEDS)
    assert {run["seed"] for run in kept["runs"]} == set(after_training.SEEDS)
    assert len(kept["runs"]) == 8 * len(after_training.SEEDS)
    rng = np.random.default_rng([1, 8])  # a Gaussian matrix of each shape, as the study draws them
    shape = kept["settings"]["shapes"][0]
    lost = same_bytes.ways(w := rng.normal(size=shape))
    (run,) = (r for r in kept["runs"] if r["arm"] == "Gaussian: signs" and r["seed"] == 1)
    assert np.sum((w - lost["signs"]) ** 2) / np.sum(w**2) == pytest.approx(run["value"], abs=0.02)
