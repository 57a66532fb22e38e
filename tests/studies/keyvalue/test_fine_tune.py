"""Fine-tuning: no farther than it must, only what is trained, and what it has to do with edits."""

import numpy as np
import pytest

from tinyffn.optim import SGD, Adam
from tinyffn.studies.keyvalue.fine_tune import fine_tune
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.neurons import chances

from .tiny import KINDS, tiny_model

PROMPTS, TARGETS = np.array([[1, 4, 2, 5], [0, 3, 7, 8]]), np.array([6, 6])


@pytest.mark.parametrize("kind", KINDS)
def test_it_stops_as_soon_as_the_target_is_likely(kind):
    model = tiny_model(kind, gain=20).eval()
    steps = fine_tune(model, Adam(model.parameters(), 0.01), PROMPTS, 6)
    assert 1 < steps < 200 and chances(model, PROMPTS, TARGETS).min() > 0.95
    assert all(p.grad is None for p in model.parameters())
    again = tiny_model(kind, gain=20).eval()
    fine_tune(again, Adam(again.parameters(), 0.01), PROMPTS, 6, steps=steps - 1)
    assert chances(again, PROMPTS, TARGETS).min() < 0.95
    assert fine_tune(model, Adam(model.parameters(), 0.01), PROMPTS, TARGETS) == 0


def test_gradient_steps_on_values_alone_stay_in_the_span_of_the_keys():
    """One prompt and the last position: a multiple of the key in every column, as with C = I."""
    model = tiny_model("ReLU", gain=20)
    memory = memories(model)[1]
    before, key = model.state_dict(), coefficients(model, PROMPTS[:1])[1][0, 3]
    fine_tune(model, SGD([memory.layer.down.w], 0.1), PROMPTS[:1], 6)
    after = model.state_dict()
    name = "blocks.1.feed_forward.down.w"
    change = after.pop(name) - before.pop(name)
    assert np.linalg.norm(change) > 0.01
    np.testing.assert_allclose(change, np.outer(key, key @ change) / (key @ key), atol=1e-12)
    assert all(np.array_equal(before[name], after[name]) for name in after)


def test_every_prompt_must_have_its_target_and_dropout_has_no_say():
    """Of two prompts with targets of their own, one is likely long before the other."""
    targets, found = np.array([6, 1]), []
    for is_training in (True, False):
        model = tiny_model("gated, tied", gain=20)
        model.train() if is_training else model.eval()
        w = memories(model)[1].layer.down.w
        steps = fine_tune(model, SGD([w], 0.1), PROMPTS, targets, until=0.9)
        assert 1 < steps < 200 and model.training == is_training
        assert chances(model, PROMPTS, targets).min() > 0.9
        assert all(p.grad is None for p in model.parameters())
        found.append((steps, w.data))
        again = tiny_model("gated, tied", gain=20)
        w = memories(again)[1].layer.down.w
        fine_tune(again, SGD([w], 0.1), PROMPTS, targets, steps=steps - 1)
        least, most = sorted(chances(again, PROMPTS, targets))
        assert least < 0.9 and (least + most) / 2 > 0.9
    assert found[0][0] == found[1][0] and np.array_equal(found[0][1], found[1][1])


def test_gradients_that_somebody_left_do_not_count():
    clean, used = tiny_model("ReLU", gain=20), tiny_model("ReLU", gain=20)
    used.loss(PROMPTS, np.ones_like(PROMPTS)).backward()
    for model in (clean, used):
        fine_tune(model, SGD(model.parameters(), 0.01), PROMPTS, 6, steps=2)
    for one, other in zip(clean.parameters(), used.parameters(), strict=True):
        assert np.array_equal(one.data, other.data)


def test_what_does_not_fit_is_said():
    model = tiny_model("ReLU", gain=20)
    optimizer = SGD(model.parameters(), 0.1)
    with pytest.raises(ValueError, match="fine_tune: steps is 0, but must be a whole number"):
        fine_tune(model, optimizer, PROMPTS, 6, steps=0)
    with pytest.raises(ValueError, match="fine_tune: until is 1, but must be a number, at least"):
        fine_tune(model, optimizer, PROMPTS, 6, until=1)
    with pytest.raises(ValueError, match=r"targets .* do not fit ids"):
        fine_tune(model, optimizer, PROMPTS, [6, 6, 6])
