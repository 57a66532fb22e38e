"""Fourier features and amplitudes against closed forms; the studies that rest on them run."""

import re
from functools import partial

import numpy as np
import pytest

from tinyffn.data import landscape
from tinyffn.studies import picture_fit, results, spectral_bias
from tinyffn.studies.fourier import (
    amplitudes,
    fourier_features,
    predict,
    random_frequencies,
    train_regression,
)

RNG = np.random.default_rng(8)
X = np.arange(64) / 64


@pytest.mark.parametrize("phase", [0.0, 0.7, 2.0])
def test_the_amplitude_of_a_wave_is_its_own(phase):
    residual = 0.3 * np.sin(2 * np.pi * 5 * X + phase) - 2.0 * np.cos(2 * np.pi * 11 * X) + 4.0
    np.testing.assert_allclose(amplitudes(residual, [1, 5, 11, 31]), [0, 0.3, 2, 0], atol=1e-12)


def test_features_are_the_cosines_and_sines_of_their_waves():
    x, frequencies = RNG.normal(size=(4, 5, 2)), RNG.normal(size=(2, 3))
    features = fourier_features(x, frequencies)
    assert features.shape == (4, 5, 6)
    angle = 2 * np.pi * sum(x[..., i, None] * frequencies[i] for i in range(2))
    np.testing.assert_allclose(features[..., :3], np.cos(angle), atol=1e-12)
    np.testing.assert_allclose(features[..., 3:], np.sin(angle), atol=1e-12)


def test_random_frequencies_have_their_scale():
    assert np.std(random_frequencies(2, 5000, scale=3.0, rng=RNG)) == pytest.approx(3, rel=0.03)


def test_training_brings_the_error_down_and_looks_when_told():
    y = np.sin(2 * np.pi * X)
    looked = []

    def look(predict, step):
        looked.append(step)
        return np.mean((predict(X[:, None]) - y) ** 2)

    model, errors = train_regression(
        X[:, None], y, [32], rate=1e-2, steps=120, rng=RNG, look=look, at=(1, 20, 120)
    )
    assert looked == [1, 20, 120] and errors[-1] < 0.5 * errors[0]
    assert np.mean((predict(model, X[:, None]) - y) ** 2) == errors[-1]


@pytest.mark.parametrize("arm", spectral_bias.WIDTHS)
def test_a_run_of_the_study_of_waves(arm):
    run = spectral_bias.train_arm(arm, seed=1, rate=2e-3, steps=30)
    assert np.shape(run["residual"]) == (2, 4) and 0 < run["value"] < 2


def test_the_sizes_of_both_arms_are_within_one_percent():
    a, b = (spectral_bias.train_arm(arm, seed=1, rate=1e-3, steps=10)["n_parameters"]
            for arm in spectral_bias.WIDTHS)  # fmt: skip
    assert abs(a - b) < 0.01 * max(a, b)


def test_a_run_of_the_study_of_a_picture():
    run, picture = picture_fit.train_arm(2.0, seed=1, rate=5e-3, steps=20)
    flat, _ = picture_fit.train_arm(0.0, seed=1, rate=5e-3, steps=20)
    assert picture.shape == (64, 64) and run["train"] > 0 and 0 < run["value"] < flat["value"]
    assert abs(run["n_parameters"] - flat["n_parameters"]) < 0.03 * run["n_parameters"]
    assert picture_fit.places()[1].tolist() == [1 / 64, 0.0]


def test_the_picture_is_learnt_on_half_of_the_places_and_judged_on_the_others(monkeypatch):
    seen = []
    train = picture_fit.train_regression

    def spy(x, y, *settings, **more):
        seen.append((x, y))
        return train(x, y, *settings, **more)

    monkeypatch.setattr(picture_fit, "train_regression", spy)
    run, picture = picture_fit.train_arm(0.0, seed=1, rate=1e-2, steps=20)
    heights, off = landscape(64).astype(float), picture - landscape(64)
    black = np.add.outer(np.arange(64), np.arange(64)) % 2 == 0
    row, column = np.nonzero(black)  # row by row
    ((x, y),) = seen
    np.testing.assert_allclose(x, 2 * np.stack([column, row], axis=1) / 64 - 1)
    np.testing.assert_allclose(y * heights.std() + heights.mean(), heights[black])
    assert run["value"] == pytest.approx(np.sqrt(np.mean(off[~black] ** 2)))
    assert run["train"] == pytest.approx(np.sqrt(np.mean(off[black] ** 2)))
    assert run["value"] != pytest.approx(run["train"], rel=1e-6)


def test_the_waves_are_four_sines_of_amplitude_1():
    np.testing.assert_allclose(
        spectral_bias.waves(X),
        np.sin(2 * np.pi * X) + np.sin(8 * np.pi * X) + np.sin(16 * np.pi * X)
        + np.sin(32 * np.pi * X),
        atol=1e-12,
    )  # fmt: skip


@pytest.mark.parametrize("study", [spectral_bias, picture_fit])
def test_the_command_makes_and_keeps_every_run(study, tmp_path, monkeypatch):
    kept = {}
    few = {"STEPS": 3, "AT": (1, 3), "RATES": (0.01,), "SEEDS": (1, 2), "SCALES": (0.0, 2.0)}
    for key, value in few.items():
        if hasattr(study, key):
            monkeypatch.setattr(study, key, value)
    quick = partial(study.train_arm, steps=3)  # its default was taken from the true number
    monkeypatch.setattr(study, "train_arm", quick)
    monkeypatch.setattr(study, "keep", lambda name, runs, **rest: kept.update({name: runs}))
    study.main()
    (runs,) = kept.values()
    monkeypatch.undo()
    results.keep("again", runs, settings={}, folder=tmp_path)
    assert len(results.load("again", folder=tmp_path)["runs"]) == 2 * 2
    assert list(kept) == [study.__name__.split(".")[-1]]


@pytest.mark.parametrize("study", [spectral_bias, picture_fit])
def test_what_was_kept_has_every_arm_seed_and_rate(study):
    kept = results.load(study.__name__.rsplit(".", 1)[1])
    n_arms = len(study.WIDTHS) if study is spectral_bias else len(study.SCALES)
    assert len(kept["runs"]) == n_arms * len(study.SEEDS) * len(study.RATES)
    for rate in results.best_rates(kept["runs"]).values():
        assert rate in study.RATES


MISTAKES = [
    (lambda: random_frequencies(1, 3, scale=0, rng=RNG), ValueError,
     "random_frequencies: scale is 0, but must be a number above 0"),
    (lambda: random_frequencies(0, 3, scale=1, rng=RNG), ValueError, "random_frequencies: d is 0"),
    (lambda: random_frequencies(1, 3, scale=1, rng=0), TypeError, "rng is 0, but must be a gen"),
    (lambda: fourier_features(X, np.ones((1, 3))), ValueError,
     "fourier_features: x (64,) does not fit frequencies (1, 3)"),
    (lambda: amplitudes(X[:, None], [1]), ValueError, "amplitudes: residual (64, 1) must be (n,)"),
    (lambda: amplitudes(X, [1, 0]), ValueError, "amplitudes: frequencies[1] is 0, but must be"),
    (lambda: amplitudes(X, []), ValueError, "amplitudes: frequencies is empty: give one whole"),
    (lambda: train_regression(X[:, None], X, [3], rate=1e-3, steps=5, rng=RNG, at=(1, 6)),
     ValueError, "train_regression: at has 6, but steps are 1 to 5"),
    (lambda: amplitudes(X, [32]), ValueError, "amplitudes: 64 places cannot show frequency 32"),
    (lambda: train_regression(X, X, [3], rate=1e-3, steps=1, rng=RNG), ValueError,
     "train_regression: x (64,) and y (64,) must be (n, d) and (n,)"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
