"""The language study, small: its scores are what they say, and learning beats chance."""

import math

import numpy as np
import pytest

from tinyffn.studies import language
from tinyffn.studies.held_out import held_out_bits

SIZES = {"context": 12, "d_model": 16, "n_heads": 2, "d_ff": 24, "n_layers": 1}
TEXT = "".join(
    f"{a} {verb} {b}.\n"
    for a in ("the cat", "a dog", "my old horse")
    for verb in ("sees", "likes", "follows", "does not see")
    for b in ("the moon", "a bird", "nobody", "the cat", "its shadow")
) * 20  # fmt: skip


@pytest.fixture(scope="module")
def study():
    study = language.prepare(TEXT, seed=1, sizes=SIZES)
    language.train(study, steps=20, evaluate_every=8, progress=False)
    study.model.eval()
    return study


def test_the_study_is_cut_from_the_text(study):
    text = study.characters.decode(study.train) + study.characters.decode(study.test)
    assert sorted(text) == sorted(TEXT)
    assert len(study.test) == 2000


def test_a_short_run_is_finite_and_in_order(study):
    history = study.history
    assert history.step == list(range(20)) and history.eval_step == [7, 15, 19]
    assert np.all(np.isfinite(history.loss + history.eval_loss + history.grad_norm))
    assert history.seconds == sorted(history.seconds)
    assert history.rate[0] == max(history.rate) == language.PEAK_RATE  # 20 // 20 steps of warm-up
    assert np.mean(history.loss[-5:]) < np.mean(history.loss[:5])
    bits = held_out_bits(study.model, study.test)
    assert 0.0 < bits < math.log2(len(study.characters))
    assert history.eval_loss[-1] == pytest.approx(
        held_out_bits(study.model, study.test[:8000]) * math.log(2), rel=1e-6
    )


def test_the_baselines_are_finite_and_better_with_more_context(study):
    bits = language.baselines(study, context=3)
    chance, bigram, *counts = bits.values()
    assert list(bits)[1] == language.BIGRAM and len(counts) == 4
    assert chance == math.log2(len(study.characters))
    assert chance > counts[0] > counts[1] > counts[2] > counts[3] > 0.0
    assert counts[0] > bigram


def test_the_seed_decides():
    def losses(seed):
        study = language.prepare(TEXT, seed=seed, sizes=SIZES)
        language.train(study, steps=3, progress=False)
        return study.history.loss

    assert losses(1) == losses(1) != losses(2)


def test_saved_and_loaded_it_says_the_same(study, tmp_path):
    language.save(study, tmp_path / "model.npz")
    model, characters = language.load(tmp_path / "model.npz")
    ids = study.test[:10][None]
    assert characters.characters == study.characters.characters
    assert not model.training
    assert np.array_equal(model(ids).data, study.model(ids).data)


def test_a_text_too_short_to_be_cut_is_refused():
    with pytest.raises(ValueError, match="split: 500 characters are too few: 20,000 or more"):
        language.prepare(TEXT[:500])


def test_training_again_goes_on_with_a_new_warm_up():
    study = language.prepare(TEXT, sizes=SIZES)
    for _ in range(2):
        language.train(study, steps=40, progress=False)
    assert study.history.step == list(range(80))
    first, second = study.history.rate[:40], study.history.rate[40:]
    assert first == second
    assert first[0] < max(first)
