"""What signs do to trained layers: shares that can be counted by hand, and what is kept."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.bits.schemes import binary
from tinyffn.models import transformer
from tinyffn.studies import results, sign_gates
from tinyffn.studies.sign_gates import (
    fate,
    fates,
    kept,
    kinds_of_inputs,
    made,
    neuron_columns,
    shared_scales,
    ups_and_inputs,
)

LAYERS = 2


@pytest.fixture
def model():
    rng = np.random.default_rng(1)
    sizes = {"context": 8, "d_model": 16, "n_heads": 2, "d_ff": 64, "n_layers": LAYERS}
    return transformer(20, rng=rng, activation=ops.relu, **sizes).eval()


@pytest.fixture
def ids():
    return np.random.default_rng(2).integers(20, size=(30, 8))


def test_the_fate_of_five_gates_counted_by_hand():
    up = nn.Linear(2, 1, rng=np.random.default_rng(0))
    up.w.data, up.b.data = np.array([[3.0], [1.0]]), np.array([0.0])  # its signs: 2 and 2
    x = np.array([[1.0, 1.0], [1.0, -2.0], [-1.0, 2.0], [-1.0, 2.5], [-1.0, -1.0]])
    # before: 4, 1, -1, -0.5, -4; with signs: 4, -2, 2, 3, -4
    assert fate(x, up) == {
        "on": 2 / 5, "flip": 3 / 5, "lost": 1 / 2, "wrong": (1 + 4 + 9) / 17, "missing": 1 / 17,
        "extra": (4 + 9) / 17,
    }  # fmt: skip


def test_the_bias_is_kept():
    up = nn.Linear(2, 1, rng=np.random.default_rng(0))
    up.w.data, up.b.data = np.array([[3.0], [1.0]]), np.array([10.0])
    found = fate(np.array([[1.0, 1.0], [1.0, -2.0]]), up)  # 14, 11 and 14, 8
    assert found["on"] == 1 and found["flip"] == 0
    assert found["wrong"] == pytest.approx(9 / (14**2 + 11**2))


def test_kinds_of_inputs_share_what_they_should():
    rng = np.random.default_rng(3)
    x = 2 + rng.normal(size=(40_000, 3)) @ np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0.5]])
    kinds = kinds_of_inputs(x, rng)
    assert kinds["text"] is x and np.allclose(kinds["text without its mean"].mean(axis=0), 0)
    alike = kinds["random, like the text"]
    np.testing.assert_allclose(alike.mean(axis=0), x.mean(axis=0), atol=0.05)
    np.testing.assert_allclose(np.cov(alike.T), np.cov(x.T), atol=0.05)
    drawn = kinds["random"]
    assert np.mean(drawn**2) == pytest.approx(np.mean(x**2), rel=0.02)
    assert np.abs(drawn.mean(axis=0)).max() < 0.05


def test_a_scale_for_each_neuron_saves_where_neurons_differ_in_size():
    rng = np.random.default_rng(4)
    matrix = rng.normal(size=(64, 128)) * np.exp(rng.normal(size=128))
    lost = shared_scales(matrix, rng)
    assert lost["of one neuron"] == pytest.approx(0.358, abs=0.01)
    assert lost["one each of 64 neurons"] > 0.6 and lost["shuffled"] > 0.6
    assert lost["of one neuron"] == pytest.approx(
        np.sum((matrix - binary(matrix).values()) ** 2) / np.sum(matrix**2)
    )


def test_inputs_are_those_of_the_layers_and_neurons_are_columns(model, ids):
    given = ups_and_inputs(model, ids)
    assert [up for up, _ in given] == [block.feed_forward.up for block in model.blocks]
    assert all(x.shape == (240, 16) for _, x in given)
    matrices = neuron_columns(model)
    assert list(matrices) == ["1 up", "1 down", "2 up", "2 down"]
    assert all(matrix.shape == (16, 64) for matrix in matrices.values())
    first = model.blocks[0].feed_forward
    assert np.array_equal(matrices["1 down"][:, 3], first.down.w.data[3])


def test_fates_are_those_of_each_layer(model, ids):
    given = ups_and_inputs(model, ids)
    found = fates(given, np.random.default_rng(5))
    for k, (up, x) in enumerate(given):
        assert fate(x, up) == {name: shares[k] for name, shares in found["text"].items()}


def test_runs_of_a_model_and_their_parts(model, ids, monkeypatch):
    monkeypatch.setattr(sign_gates, "GROUP", 16)
    runs = list(made(model, ids, 7))
    weights, gates = kept("weights", runs), kept("gates", runs)
    assert [len(weights), len(gates)] == [3, 4] and len(runs) == 7
    assert all(len(of["error"]) == 2 * LAYERS for of in weights.values())
    assert all(len(each) == LAYERS for of in gates.values() for each in of.values())
    for run in runs:
        first = "error" if run["arm"].startswith("weights") else "flip"
        assert run["value"] == pytest.approx(np.mean(run["each"][first]), rel=1e-3)
    twice = kept("gates", [*runs, *made(model, ids, 8)])
    assert all(len(each) == 2 * LAYERS for of in twice.values() for each in of.values())
    with pytest.raises(ValueError, match="sign_gates: there is no part 'norms'"):
        kept("norms", runs)


def test_the_command_makes_every_run(model, ids, monkeypatch):
    found = []
    monkeypatch.setattr(sign_gates, "GROUP", 16)
    monkeypatch.setattr(sign_gates, "N_TEXT", 160)
    monkeypatch.setattr(sign_gates, "material", lambda: ((), ((), (), ids.ravel())))
    monkeypatch.setattr(sign_gates, "keep_freed_memory", lambda: None)
    monkeypatch.setattr(sign_gates.after_training, "SIZES", {"context": 8})
    monkeypatch.setattr(sign_gates.after_training, "small_model", lambda seed: model)
    monkeypatch.setattr(results, "keep", lambda name, runs, settings: found.extend(runs))
    sign_gates.main()
    kept_runs = results.load("sign_gates")["runs"]
    assert [(r["arm"], r["seed"]) for r in found] == [(r["arm"], r["seed"]) for r in kept_runs]


def test_what_was_kept_follows_the_law_where_its_inputs_do():
    gates = kept("gates")
    assert np.all(np.abs(gates["random"]["flip"] - 0.206) < 0.02)
    assert np.all(gates["text"]["flip"] < 0.15)


@pytest.mark.slow
def test_what_is_kept_can_be_made_again():
    test, context = sign_gates.material()[1][2], sign_gates.after_training.SIZES["context"]
    ids = test[: sign_gates.N_TEXT].reshape(-1, context)
    again = made(sign_gates.after_training.small_model(1), ids, 1)
    stored = {r["arm"]: r for r in results.load("sign_gates")["runs"] if r["seed"] == 1}
    for run in again:  # another machine trains a model that is not the same to the last digit
        assert run["value"] == pytest.approx(stored[run["arm"]]["value"], rel=0.15)
