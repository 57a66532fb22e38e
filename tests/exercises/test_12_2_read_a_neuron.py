"""The reference of exercise 12.2 against the library, and against logits that really move."""

import numpy as np
import pytest

from tinyffn import Tensor, ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue import values as reading
from tinyffn.studies.keyvalue.triggers import trigger_examples


@pytest.fixture
def reference(part):
    return part("12.2", "reference")


def test_with_one_place_to_a_text_it_is_what_the_library_finds(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        m = np.abs(rng.normal(size=(8, 1, 5)))
        found = trigger_examples(m, 3)
        texts, positions = reference.trigger_texts(m, np.ones(8, int), 3)
        np.testing.assert_array_equal(texts[0], found.rows)
        assert (positions[0] == 0).all() and (texts[1] == -1).all() and (positions[1] == -1).all()


def test_it_finds_what_a_search_by_hand_finds(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        m, lengths = rng.normal(size=(6, 4, 3)), rng.integers(1, 5, size=6)
        texts, positions = reference.trigger_texts(m, lengths, 6)
        for side, sign in enumerate((1, -1)):
            for i in range(3):
                best = {b: max(sign * m[b, : lengths[b], i]) for b in range(6)}
                order = sorted((b for b in best if best[b] > 0), key=lambda b: -best[b])
                assert texts[side, i].tolist() == order + [-1] * (6 - len(order))
                for b, p in zip(order, positions[side, i], strict=False):
                    assert p < lengths[b] and sign * m[b, p, i] == best[b]


def test_tokens_are_those_whose_logits_move_most(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        model = transformer(20, 3, 6, 2, 8, 1, rng=rng, activation=ops.relu).astype(np.float64)
        model.norm.gain.data[...], model.norm.bias.data[...] = rng.normal(size=(2, 6))
        values = rng.normal(size=(4, 6))
        table = model.head.w.data.T
        gain, bias = model.norm.gain.data, model.norm.bias.data
        found = reference.value_tokens(values, gain, bias, table, 3)
        np.testing.assert_array_equal(found[0], reading.value_tokens(model, values, 3))
        np.testing.assert_array_equal(found[1], reading.value_tokens(model, -values, 3))

        x = rng.normal(size=6)
        for side, m in enumerate((1e-3, -1e-3)):
            for v, tokens in zip(values, found[side], strict=True):
                moved = []  # the logits without bias, times what the norm divides by
                for stream in (x, x + m * v):
                    logits = (model.norm(Tensor(stream)).data - bias) @ table.T
                    moved.append(logits * np.sqrt(stream.var() + model.norm.eps))
                assert (moved[1] - moved[0]).argmax() == tokens[0]
