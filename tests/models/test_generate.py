"""Generation and sampling: draws follow the softmax, settings hold, the model is unmoved."""

import re

import numpy as np
import pytest

from tinyffn.models import generate, sample, transformer

LOGITS = np.array([[1.0, -0.5, 2.0, 0.0, 1.5], [0.3, 0.2, 0.1, -3.0, 0.0]], np.float32)
N = 40_000


def _rng(seed=1):
    return np.random.default_rng(seed)


def _model(**changed):
    sizes = {"vocab_size": 11, "context": 6, "d_model": 8, "n_heads": 2, "d_ff": 12, "n_layers": 2}
    rng = _rng(2)
    model = transformer(**(sizes | changed), rng=rng)
    for p in model.parameters():
        p.data += (0.2 * rng.standard_normal(p.shape)).astype(np.float32)
    return model


def _frequencies(logits, **settings):
    """How often each id is drawn, (B, vocab_size)."""
    draws = sample(np.repeat(logits, N, axis=0), rng=_rng(), **settings).reshape(len(logits), N)
    return np.stack([np.bincount(row, minlength=logits.shape[1]) for row in draws]) / N


def _softmax(logits):
    e = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_frequencies_follow_the_softmax(temperature):
    p = _softmax(LOGITS / temperature)
    off_by = np.abs(_frequencies(LOGITS, temperature=temperature) - p)
    assert np.all(off_by < 4.5 * np.sqrt(p * (1 - p) / N))


def test_top_k_draws_from_the_k_likeliest_in_proportion():
    f = _frequencies(LOGITS, top_k=3)
    keep = np.array([[0, 2, 4], [0, 1, 2]])
    p = _softmax(np.take_along_axis(LOGITS, keep, 1))
    assert np.all(np.abs(np.take_along_axis(f, keep, 1) - p) < 4.5 * np.sqrt(p * (1 - p) / N))
    assert np.all((f > 0).sum(axis=1) == 3)


@pytest.mark.parametrize("top_k", [1, 2, 4])
def test_top_k_keeps_k_also_among_equals(top_k):
    assert np.count_nonzero(_frequencies(np.zeros((1, 5)), top_k=top_k)) == top_k


def test_top_k_of_all_or_more_changes_nothing():
    expected = sample(LOGITS, rng=_rng())
    assert np.array_equal(sample(LOGITS, rng=_rng(), top_k=5), expected)
    assert np.array_equal(sample(LOGITS, rng=_rng(), top_k=99), expected)


def _drawn(logits, **settings):
    """Which ids are ever drawn from one row of logits."""
    return np.flatnonzero(_frequencies(np.array([logits]), **settings)[0]).tolist()


def test_top_p_draws_from_the_nucleus_in_proportion():
    """p is .52, .32, .12, ... in the first row, and .34, .31, .28, ... in the second."""
    logits = np.log([[0.12, 0.52, 0.03, 0.32, 0.01], [0.31, 0.02, 0.34, 0.05, 0.28]])
    f = _frequencies(logits, top_p=0.8)
    expected = np.array([[0, 0.52, 0, 0.32, 0], [0.31, 0, 0.34, 0, 0.28]])
    p = expected / expected.sum(axis=1, keepdims=True)
    assert np.all((f > 0) == (expected > 0))
    assert np.all(np.abs(f - p) <= 4.5 * np.sqrt(p * (1 - p) / N))


@pytest.mark.parametrize(("top_p", "n"), [(1e-9, 1), (0.5, 1), (0.501, 2), (0.75, 2), (0.76, 3),
                                          (0.99, 4), (1, 4), (1.0, 4)])  # fmt: skip
def test_the_nucleus_is_the_smallest_set_that_reaches_top_p(top_p, n):
    assert len(_drawn(np.log([0.125, 0.5, 0.25, 0.125]), top_p=top_p)) == n


def test_temperature_acts_before_top_p():
    logits = np.log([0.9, 0.06, 0.04])
    assert _drawn(logits, top_p=0.8) == [0]
    assert _drawn(logits, top_p=0.8, temperature=10.0) == [0, 1, 2]  # now nearly equal


def test_top_k_acts_before_top_p():
    """Of .4, .3, .2, .1, top_p = 0.55 alone leaves two; after top_k = 2 the first is .4 / .7."""
    logits = np.log([0.4, 0.3, 0.2, 0.1])
    assert _drawn(logits, top_p=0.55) == [0, 1]
    assert _drawn(logits, top_p=0.55, top_k=2) == [0]
    assert _drawn(logits, top_p=0.99, top_k=3) == [0, 1, 2]


@pytest.mark.parametrize("settings", [{"top_p": 0.49}, {"top_k": 25}, {"top_k": 50, "top_p": 0.49}])
def test_of_equals_the_lower_ids_stay(settings):
    likely = 50.0 * (np.arange(100) % 2)  # the odd ids, all equally
    assert _drawn(likely, **settings) == list(range(1, 50, 2))


def test_top_p_of_all_changes_nothing_and_the_likeliest_stays():
    many = np.random.default_rng(3).normal(size=(50, 300))
    assert np.array_equal(sample(many, rng=_rng(), top_p=1), sample(many, rng=_rng()))
    assert np.array_equal(sample(many, rng=_rng(), top_p=1e-12), many.argmax(axis=1))


def test_top_p_of_all_leaves_even_what_is_too_unlikely_to_add_up():
    class Lucky(np.random.Generator):
        def gumbel(self, size):
            return np.array([[0.0, 100.0]])

    lucky = Lucky(np.random.PCG64(0))
    assert sample(np.array([[50.0, 0.0]]), rng=lucky, top_p=1.0) == [1]
    assert sample(np.array([[50.0, 0.0]]), rng=lucky, top_p=0.999) == [0]


@pytest.mark.parametrize("settings", [{"temperature": 0}, {"temperature": 0.0, "top_k": 2},
                                      {"temperature": 0.0, "top_p": 0.9},
                                      {"top_p": 0.2, "rng": _rng()},
                                      {"top_k": 1, "rng": _rng()}])  # fmt: skip
def test_the_likeliest(settings):
    assert sample(LOGITS, **settings).tolist() == [2, 0]


@pytest.mark.parametrize("temperature", [1e-3, 1e-30, 1e-310])
def test_a_tiny_temperature_is_nearly_zero_and_does_not_overflow(temperature):
    logits = 1000.0 * LOGITS
    assert sample(logits, rng=_rng(), temperature=temperature).tolist() == [2, 0]


def test_one_row_of_logits_may_come_alone():
    assert sample(LOGITS[1], rng=_rng(), top_k=1) == 0
    assert sample(LOGITS[0].tolist(), temperature=0) == 2


@pytest.mark.parametrize("use_cache", [True, False])
def test_the_seed_decides(use_cache):
    def tokens(seed):
        model = _model()
        return np.array(list(generate(model, [[1, 2]], 20, rng=_rng(seed), use_cache=use_cache)))

    assert np.array_equal(tokens(3), tokens(3))
    assert not np.array_equal(tokens(3), tokens(4))
    assert tokens(3).shape == (20, 1)


@pytest.mark.parametrize("context", [1, 2, 5, 6])
def test_the_cache_changes_nothing_far_past_the_context(context):
    model = _model(context=context).astype(np.float64)
    ids = _rng(5).integers(0, 11, (3, 4))
    settings = {"temperature": 0.9, "top_k": 7, "top_p": 0.95}
    with_cache = list(generate(model, ids, 40, rng=_rng(), **settings))
    without = list(generate(model, ids, 40, rng=_rng(), use_cache=False, **settings))
    assert np.array_equal(with_cache, without)
    assert len(np.unique(with_cache)) > 5


def test_the_model_sees_no_more_than_its_context_and_at_least_half():
    seen, model = [], _model()

    class Watched:
        context, training = model.context, model.training
        modules, eval, train, new_caches = model.modules, model.eval, model.train, model.new_caches

        def __call__(self, ids, caches=None):
            seen.append((caches.n_positions if caches else 0) + ids.shape[1])
            return model(ids, caches)

    for use_cache in (True, False):
        seen.clear()
        list(generate(Watched(), [[1] * 9], 10, rng=_rng(), use_cache=use_cache))
        assert seen == [6, 3, 4, 5, 6, 3, 4, 5, 6, 3]


def test_no_dropout_while_generating_and_every_flag_as_before():
    model = _model(dropout=0.5)
    model.blocks[1].eval()
    before = [module.training for module in model.modules()]
    a = list(generate(model, [[1, 2]], 5, temperature=0))
    assert [module.training for module in model.modules()] == before
    assert np.array_equal(a, list(generate(model.eval(), [[1, 2]], 5, temperature=0)))


def test_the_flags_are_as_before_after_a_break_and_an_error():
    model = _model()
    tokens = generate(model, [[1, 2]], 5, temperature=0)
    next(tokens)
    tokens.close()
    assert all(module.training for module in model.modules())
    with pytest.raises(ValueError, match="ids run from 99"):
        next(generate(model, [[99]], 5, temperature=0))
    assert all(module.training for module in model.modules())


def test_generation_notes_nothing_and_leaves_the_prompt_alone():
    model, ids = _model(), np.array([[1, 2, 3]])
    list(generate(model, ids, 8, temperature=0))
    assert np.array_equal(ids, [[1, 2, 3]])
    assert all(p.grad is None for p in model.parameters())


def test_no_tokens_are_no_tokens():
    assert list(generate(_model(), [[1]], 0, temperature=0)) == []


def _generate(ids=((1, 2),), n=3, **settings):
    return list(generate(_model(), ids, n, **({"temperature": 0} | settings)))


MISTAKES = [
    (lambda: _generate([1, 2]), ValueError, "generate: ids (2,) must be (B, T), at least one each"),
    (lambda: _generate([[]]), ValueError, "generate: ids (1, 0) must be (B, T)"),
    (lambda: _generate([[1.0, 2.0]]), TypeError, "ids are float64, but must be integers"),
    (lambda: _generate([[1, 11]]), ValueError, "ids run from 1 to 11, but the table has rows 0 to"),
    (lambda: _generate(n=-1), ValueError, "generate: n is -1, but must be a whole number, 0 or"),
    (lambda: _generate(n=2.0), ValueError, "generate: n is 2.0, but must be a whole number, 0 or"),
    (lambda: _generate(n=None), ValueError, "generate: n is None, but must be a whole number"),
    (lambda: _generate(temperature=-0.5), ValueError,
     "sample: temperature is -0.5, but must be a number, 0 or above"),
    (lambda: _generate(temperature=float("nan")), ValueError, "temperature is nan, but must"),
    (lambda: _generate(temperature=None), ValueError, "temperature is None, but must be a number"),
    (lambda: _generate(temperature=1.0), TypeError, "sample: rng is None, but must be a generator"),
    (lambda: _generate(temperature=1.0, rng=0), TypeError, "rng is 0, but must be a generator"),
    (lambda: _generate(top_k=0), ValueError, "sample: top_k is 0, but must be a whole number"),
    (lambda: _generate(top_k=2.5), ValueError, "top_k is 2.5, but must be a whole number above 0"),
    (lambda: _generate(top_p=0), ValueError, "sample: top_p is 0, but must be a number above 0"),
    (lambda: _generate(top_p=np.nan), ValueError, "sample: top_p is nan, but must be a number"),
    (lambda: _generate(top_p=95), ValueError,
     "sample: top_p is 95, but must be a share of 1, at most 1"),
    (lambda: sample(np.array([[0.0, np.nan]]), temperature=0), ValueError,
     "sample: a logit is infinite or not a number: did training diverge?"),
    (lambda: sample(np.array([[0.0, np.inf]]), rng=_rng()), ValueError, "a logit is infinite"),
    (lambda: sample(np.zeros((2, 0)), temperature=0), ValueError,
     "sample: logits (2, 0) must be (B, vocab_size)"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


@pytest.mark.parametrize("bad", [{"temperature": -1}, {"n": -1}, {"top_k": 0}, {"top_p": 2},
                                 {"ids": [1]}])  # fmt: skip
def test_bad_settings_raise_at_the_call_not_at_the_first_token(bad):
    with pytest.raises(ValueError):
        generate(_model(), **({"ids": [[1]], "n": 2, "temperature": 0} | bad))
