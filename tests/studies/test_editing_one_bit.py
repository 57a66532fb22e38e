"""The study of edits in one bit: what each arm leaves of the memory, and what was found."""

from functools import partial

import numpy as np
import pytest

from tinyffn.studies import editing_bench, editing_one_bit, few_bit_facts, results, trained
from tinyffn.studies.editing_bench import bench
from tinyffn.studies.editing_one_bit import (
    AGAIN,
    BESIDE,
    FLOAT,
    GRADIENT,
    LATENT,
    RATES,
    TURNED,
    UNEDITED,
    bytes_added,
    one_bit,
    run,
)
from tinyffn.studies.few_bit_facts import read_back, trained_on
from tinyffn.studies.keyvalue.memories import memories

CACHED = (bench, trained_on, one_bit, editing_one_bit._found)


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Models that were trained for a few steps only, forgotten afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trained, "facts_model", partial(trained.facts_model, steps=5))
        patch.setattr(editing_bench, "N_KEYS", 400)
        patch.setattr(editing_one_bit, "N_KEYS", 400)
        patch.setattr(editing_one_bit, "STEPS", 3)
        patch.setattr(editing_one_bit, "trained_on", partial(trained_on, steps=2))
        for cached in CACHED:
            cached.cache_clear()
        yield
    for cached in CACHED:
        cached.cache_clear()


def test_what_is_read_back_says_the_same_and_has_two_values_a_column():
    signs = trained_on(1, "sign", steps=2)
    plain = read_back(signs)
    ids = bench(1).language.prompts(np.arange(8), paraphrase=0)
    np.testing.assert_allclose(plain(ids).data, signs(ids).data, rtol=1e-5, atol=1e-5)
    for memory in memories(plain):
        for layer in (memory.layer.up, memory.layer.down):
            assert len(np.unique(np.abs(layer.w.data[:, 0]))) == 1 and layer.b is not None
    assert 0 <= few_bit_facts.known(plain, bench(1).language) <= 1
    with pytest.raises(ValueError, match="few_bit_facts: there is no scheme 'int4', only sign, te"):
        trained_on(1, "int4")


@pytest.mark.parametrize("arm", RATES)
def test_what_an_edit_leaves(arm):
    (edited,) = editing_one_bit._edited(arm, 1, RATES[arm][0], np.array([4]))
    stored = one_bit(1).stored
    before = bench(1).model.blocks[1].feed_forward.down.w.data if arm == FLOAT else stored.values()
    assert edited.shape == (256, 64) and edited.dtype == np.float32
    if arm == UNEDITED:
        assert np.array_equal(edited, before)
        return
    change = edited - before
    assert np.abs(change).max() > 0
    if arm in (FLOAT, BESIDE):
        sizes = np.linalg.svd(change, compute_uv=False)
        assert sizes[1] < 1e-3 * sizes[0]
    elif arm in (AGAIN, LATENT):
        assert len(np.unique(np.abs(edited[:, 0]))) == 1
    else:
        np.testing.assert_allclose(np.abs(edited), np.abs(before), rtol=1e-6)


def test_a_push_of_0_leaves_the_signs_and_a_run_puts_the_model_back():
    model = one_bit(1).model
    before = model.state_dict()
    (edited,) = editing_one_bit._edited(LATENT, 1, 0.0, np.array([4]))
    assert np.array_equal(edited >= 0, one_bit(1).stored.values() >= 0)
    found = run(GRADIENT, 1, 0.9, n_edits=1, n_tuning=1)
    assert found == run(GRADIENT, 1, 0.9, n_edits=1, n_tuning=1) and found["turned"] > 0
    after = model.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    beside = run(BESIDE, 1, 0.3, n_edits=1, n_tuning=1)
    assert beside["turned"] == 0 and 0 <= beside["value"] <= 1 and beside["rate"] == 0.3


def test_the_rate_is_chosen_by_facts_that_are_edited_nowhere_else(monkeypatch):
    """The last of them: nats at the neighbours, and log 20 for each share of prompts missed."""
    asked = []

    def score(arm, seed, edited, fact, new):
        asked.append(int(np.flatnonzero((bench(1).facts == fact).reshape(n, -1).all(axis=1))[0]))
        here = asked[-1] < n // 2  # reported
        return {
            "neighbours": 0.75 if here else 0.5,
            "efficacy": 1.0 if here else 0.25,
            "paraphrase": 0.5,
            "neighbour_nats": 7.0 if here else 2.0,
            "turned": 3,
        }

    n = len(bench(1).facts)
    monkeypatch.setattr(editing_one_bit, "_score", score)
    monkeypatch.setattr(editing_one_bit, "_edited", lambda arm, seed, rate, chosen: list(chosen))
    found = run(TURNED, 1, 1.0, n_edits=3, n_tuning=2)
    assert asked == [0, 1, 2, n - 2, n - 1]
    assert (found["value"], found["efficacy"], found["neighbour_nats"]) == (0.75, 1.0, 7.0)
    assert found["choose"] == pytest.approx(2 + (0.75 + 0.5) * np.log(20), abs=1e-5)


def test_the_kept_runs_are_those_of_the_study_as_it_stands():
    kept = results.load("editing_one_bit")
    runs = [(run["arm"], run["seed"], run["rate"]) for run in kept["runs"]]
    assert sorted(runs) == sorted(editing_one_bit.plan())
    settings = kept["settings"]
    assert settings["rates"] == {arm: list(rates) for arm, rates in RATES.items()}
    edits = editing_one_bit.N_EDITS, editing_one_bit.N_TUNING
    assert (settings["n_edits"], settings["n_tuning"]) == edits
    assert settings["until"] == editing_one_bit.UNTIL
    stored = one_bit(1).stored
    assert settings["bytes stored"] == stored.codes.size / 8 + 2 * stored.codes.shape[1]
    assert settings["bytes added"] == {arm: 640 * (arm == BESIDE) for arm in RATES}


def test_bytes_and_messages():
    assert bytes_added(BESIDE) == 640 and bytes_added(TURNED) == 0
    for call in (lambda: run("int4", 1, 0.1), lambda: bytes_added("int4")):
        with pytest.raises(ValueError, match="editing_one_bit: there is no arm 'int4', only unedi"):
            call()
