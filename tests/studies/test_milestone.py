"""The language model of the reader's own functions; here the course's answers stand in for them."""

import types

import numpy as np
import pytest

from tinyffn.lab.course import exercise_folders
from tinyffn.studies import milestone
from tinyffn.studies.counts import bigram_bits
from tinyffn.studies.windows import text_parts


@pytest.fixture(scope="module")
def own():
    functions = {}
    for name, exercise_id in milestone.PARTS.items():
        answer = types.ModuleType(name)
        path = exercise_folders()[exercise_id] / "reference.py"
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), answer.__dict__)
        functions[name] = getattr(answer, name)
    return types.SimpleNamespace(**functions)


def tiny(own, seed=0, dtype=np.float64):
    """A model of 11 characters, no two sizes alike, every weight drawn."""
    rng = np.random.default_rng(seed)
    sizes = {"context": 6, "d_model": 12, "n_heads": 6, "n_kv_heads": 3, "d_ff": 5}
    model = milestone.OwnBlock(own, 11, **sizes, rng=rng, dtype=dtype)
    for name, p in model.p.items():
        model.p[name] = (p + 0.3 * rng.normal(size=p.shape)).astype(dtype)
    return model, rng.integers(11, size=(2, 7)), rng


def test_each_gradient_is_the_numeric_one(own):
    for seed in range(3):
        model, ids, rng = tiny(own, seed)
        before = {name: p.copy() for name, p in model.p.items()}
        errors = milestone.slope_errors(model, ids, rng=rng)
        assert errors.keys() == model.p.keys()
        assert max(errors.values()) < 1e-7
        assert all(np.array_equal(p, before[name]) for name, p in model.p.items())


def test_a_wrong_gradient_is_found(own):
    """And only those that depend on it: what comes before the gated layer in the forward pass."""

    def no_way_through_the_gate(x, w_in, w_down):
        y, backward = own.gated_layer(x, w_in, w_down)
        return y, lambda dy: (0 * x, *backward(dy)[1:])

    model, ids, rng = tiny(own)
    model.own = types.SimpleNamespace(**vars(own) | {"gated_layer": no_way_through_the_gate})
    errors = milestone.slope_errors(model, ids, rng=rng)
    assert errors["query"] > 1e-4 and errors["gain_1"] > 1e-4
    assert errors["w_down"] < 1e-7 and errors["table_bias"] < 1e-7


def test_the_loss_is_the_surprise_under_softmax(own):
    model, ids, _ = tiny(own)
    p = np.exp(model.logits(ids[:, :-1])[0])
    p /= p.sum(axis=-1, keepdims=True)
    expected = -np.log(np.take_along_axis(p, ids[:, 1:, None], axis=-1)[..., 0])
    np.testing.assert_allclose(model.loss(ids[:, :-1], ids[:, 1:])[0], expected, atol=1e-12)


def test_nothing_is_known_of_the_future(own):
    model, ids, _ = tiny(own)
    before, _ = model.logits(ids)
    ids[:, 4:] = (ids[:, 4:] + 1) % 11
    after, _ = model.logits(ids)
    assert np.array_equal(before[:, :4], after[:, :4])
    assert not np.allclose(before[:, 4:], after[:, 4:])


def test_it_knows_the_order_of_what_it_has_read(own):
    model, ids, _ = tiny(own)
    others = ids[:, [1, 0, 2, 3, 4, 5, 6]]
    assert not np.allclose(model.logits(ids)[0][:, -1], model.logits(others)[0][:, -1])


def test_writing_with_a_ring_is_reading_the_last_ids_again(own):
    model, ids, rng = tiny(own)
    written = list(milestone.write(model, ids[0], 20, rng=rng))
    text = np.append(ids[0], [token for token, _ in written])
    for n, (_, logits) in enumerate(written, start=len(ids[0])):
        again, _ = model.logits(text[None, max(0, n - model.context) : n])
        np.testing.assert_allclose(logits, again[0, -1], atol=1e-12)


def test_without_temperature_it_writes_the_likeliest(own):
    model, ids, _ = tiny(own)
    for token, logits in milestone.write(model, ids[0], 9, rng=None, temperature=0.0):
        assert token == logits.argmax()


def test_equal_logits_cost_the_logarithm_of_their_number(own):
    model, _, rng = tiny(own)
    model.p["table"][:], model.p["table_bias"][:] = 0.0, 0.0
    assert milestone.bits(model, rng.integers(11, size=50)) == pytest.approx(np.log2(11))


def test_bits_count_the_second_halves_of_windows_that_overlap(own):
    model, _, rng = tiny(own)
    ids = rng.integers(11, size=14)  # windows begin at 0, 3 and 6; ids 4 to 12 count
    nats = []
    for n in range(4, 13):
        start = (n - 4) // 3 * 3
        window = ids[None, start : n + 1]
        nats.append(model.loss(window[:, :-1], window[:, 1:])[0][0, -1])
    assert milestone.bits(model, ids) == pytest.approx(np.mean(nats) / np.log(2))


def test_it_learns_with_the_step_that_it_is_given(own):
    """A step that goes nowhere leaves all as it was; what is float32 stays float32."""
    model, _, rng = tiny(own, dtype=np.float32)
    ids = rng.integers(11, size=300)
    settings = {"steps": 12, "rate": 0.05, "every": 5, "progress": False}
    still = types.SimpleNamespace(**vars(own) | {"adamw_step": lambda p, dp, means, *_: (p, means)})
    model.own = still
    _, bits = milestone.train(model, (ids, ids), rng=rng, **settings)
    assert len(set(bits)) == 1
    model.own = own
    done, bits = milestone.train(model, (ids, ids), rng=rng, **settings)
    assert done == [0, 5, 10, 12] and bits[-1] < bits[0] - 0.1
    assert {p.dtype for p in model.p.values()} == {np.dtype("float32")}


@pytest.mark.slow
def test_it_beats_the_bigram_on_real_text(own):
    parts, vocab_size, _ = text_parts()
    rng = np.random.default_rng(1)
    model = milestone.OwnBlock(own, vocab_size, rng=rng)
    _, curve = milestone.train(model, parts, steps=200, rate=0.015, rng=rng, progress=False)
    bigram = bigram_bits(parts[0], parts[1][:8000], vocab_size)
    assert curve[-1] < bigram - 0.3
