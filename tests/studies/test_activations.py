"""The study of activations: fair arms, tasks as they are described, runs that can be made again."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.studies import activations, results


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("task", activations.SIZES)
@pytest.mark.parametrize("arm", activations.ARMS)
def test_arms_hold_as_many_parameters_as_relu_within_one_percent(task, arm):
    n = activations.n_parameters(activations.make_layer(task, "ReLU", rng=rng()))
    layer = activations.make_layer(task, arm, rng=rng())
    ratio = activations.n_parameters(layer) / n
    assert 1.45 < ratio < 1.55 if arm == activations.UNMATCHED else 0.99 < ratio < 1.01
    x = rng().standard_normal((3, activations.SIZES[task][0]), dtype=np.float32)
    assert layer(x).shape == x.shape


def test_the_matched_width_is_the_nearest():
    def build(d_ff):
        return nn.GatedFeedForward(5, d_ff, rng=rng(), bias=True)

    counts = {w: activations.n_parameters(build(w)) for w in range(1, 40)}
    for n in (30, 100, 101, 300, 411):
        best = activations.matched_width(build, n)
        assert abs(counts[best] - n) == min(abs(c - n) for c in counts.values())


def test_arms_of_one_shape_share_their_initial_weights():
    layers = [activations.make_layer("facts", arm, rng=rng()) for arm in ("ReLU", "GELU", "bump")]
    for layer in layers[1:]:
        assert np.array_equal(layer.up.w.data, layers[0].up.w.data)
        assert np.array_equal(layer.down.w.data, layers[0].down.w.data)


def test_the_bump_is_a_bump():
    bump = activations.make_layer("facts", "bump", rng=rng()).activation
    y = bump(np.array([0.0, 1.0, -1.0, 4.0]))
    np.testing.assert_allclose(
        (y.data if hasattr(y, "data") else y)[:3], [1, 0.60653, 0.60653], atol=1e-5
    )


def test_tasks():
    (x, labels), (test_x, test_labels), values = activations.make_task("facts", 1)
    assert x is test_x and labels is test_labels and x.shape == (activations.N_FACTS, 16)
    assert values.shape == (16, 16) and x.dtype == values.dtype == np.float32
    (x, _), (new_x, _), values = activations.make_task("digits", 1)
    assert x.shape == (activations.N_PICTURES, 64) and new_x.shape == (2000, 64)
    assert abs(x.mean()) < 1e-4 and abs(x.std() - 1) < 1e-4 and values.shape == (10, 64)
    assert x.dtype == new_x.dtype == np.float32


def test_a_picture_of_half_the_size_holds_means_of_four():
    pictures = rng().normal(size=(2, 256))
    small = activations._half_size(pictures)
    square = pictures[1].reshape(16, 16)
    assert small[1, 8 * 3 + 5] == pytest.approx(square[6:8, 10:12].mean())


def test_answer_scores_by_how_far_y_reaches_along_each_vector():
    values = rng().normal(size=(3, 4))
    model = activations.Answer(lambda x: ops.multiply(x, 2.0), values)
    x = rng().normal(size=(5, 4))
    np.testing.assert_allclose(model(x).data, 2 * x @ values.T)


def test_a_run_is_the_same_again_and_its_first_part_is_that_of_the_whole(monkeypatch):
    monkeypatch.setitem(activations.STEPS, "facts", 20)
    whole = activations.run("facts", "SwiGLU", 1, 0.03)
    part = activations.run("facts", "SwiGLU", 1, 0.03, stop=6)
    assert activations.run("facts", "SwiGLU", 1, 0.03) == whole
    assert len(whole["curve"]) == 10 and whole["curve"][:3] == part["curve"]
    assert whole["value"] == whole["curve"][-1] and whole["arm"] == "facts: SwiGLU"


def test_a_run_that_explodes_ends_with_what_it_had(monkeypatch):
    monkeypatch.setitem(activations.STEPS, "facts", 200)
    with np.errstate(all="ignore"):
        run = activations.run("facts", "squared ReLU", 1, 1e12)
    assert 0 <= run["value"] < 20 and len(run["curve"]) < 10


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: activations.make_task("letters", 1), "no task 'letters', only digits, facts"),
        (lambda: activations.kept("letters"), "no task 'letters', only digits, facts"),
        (lambda: activations.make_layer("facts", "sine", rng=rng()), "no arm 'sine', only none, R"),
        (lambda: activations.run("facts", "ReLU", 1, 0.0), "run: rate is 0.0"),
        (lambda: activations.run("facts", "ReLU", 1, 0.1, stop=0), "run: stop"),
        (lambda: activations.run("facts", "ReLU", 1, 0.1, stop=10**6), "run: stop is 1000000, but"),
        (lambda: activations.matched_width(lambda w: None, 0), "matched_width: n is 0"),
    ],
)
def test_what_does_not_fit_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("task", activations.SIZES)
def test_what_is_kept_is_complete(task):
    runs = activations.kept(task)
    named = {(run["arm"], run["rate"], run["seed"]) for run in runs}
    assert named == {
        (arm, rate, seed)
        for arm in activations.ARMS
        for rate in activations.RATES[task]
        for seed in activations.SEEDS[task]
    }
    assert all(len(run["curve"]) <= 10 for run in runs if run["seed"] == 1)
    settings = results.load("activations")["settings"]
    for arm in activations.ARMS:
        layer = activations.make_layer(task, arm, rng=rng())
        assert settings["n_parameters"][f"{task}: {arm}"] == activations.n_parameters(layer)
    assert settings["steps"] == activations.STEPS and settings["n_facts"] == activations.N_FACTS


@pytest.mark.parametrize(("task", "arm", "rate"), [("digits", "GELU", 0.01), ("facts", "GLU", 0.1)])
def test_what_is_kept_comes_out_again(task, arm, rate):
    """In its first tenth: if the data or a layer changes, the study must be run again."""
    (old,) = (
        r for r in activations.kept(task) if (r["arm"], r["seed"], r["rate"]) == (arm, 1, rate)
    )
    new = activations.run(task, arm, 1, rate, stop=activations.STEPS[task] // 10)
    assert abs(new["value"] - old["curve"][0]) < 1.5


def test_the_command_writes_what_kept_reads(monkeypatch, tmp_path):
    monkeypatch.setattr(activations, "ARMS", {"ReLU": activations.ARMS["ReLU"]})
    monkeypatch.setattr(activations, "SEEDS", {"facts": (1, 2)})
    monkeypatch.setattr(activations, "RATES", {"facts": (0.1,)})
    monkeypatch.setattr(activations, "STEPS", {"facts": 10})
    keep = results.keep
    monkeypatch.setattr(results, "keep", lambda *a, **k: keep(*a, **k, folder=tmp_path))
    load = results.load
    monkeypatch.setattr(results, "load", lambda name: load(name, folder=tmp_path))
    activations.main()
    runs = activations.kept("facts")
    assert [(run["arm"], run["seed"], "curve" in run) for run in runs] == [
        ("ReLU", 1, True),
        ("ReLU", 2, False),
    ]
