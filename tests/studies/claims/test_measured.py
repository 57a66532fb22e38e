"""Numbers read off from kept results: on made-up results of which the answer is known."""

import numpy as np
import pytest

from tinyffn.studies import results
from tinyffn.studies.claims import measured


@pytest.fixture
def kept(monkeypatch):
    """Let results.load give these runs and settings."""

    def keep(runs, **settings):
        content = {"runs": runs, "settings": settings}
        monkeypatch.setattr(results, "load", lambda study: content)

    return keep


def run(arm, seed, value, rate=0.1, **more):
    return {"arm": arm, "seed": seed, "rate": rate, "value": value, **more}


def test_arms_are_compared_at_their_own_best_rates_seed_by_seed(kept):
    kept([run(arm, seed, value + 0.1 * seed, rate)
          for arm, rate, value in [("a", 1, 3.0), ("a", 2, 2.0), ("b", 1, 1.5), ("b", 2, 9.0)]
          for seed in (1, 2, 3)])  # fmt: skip
    assert np.allclose(measured.difference("recipe", "a", "b"), 0.5)
    assert np.allclose(measured.difference("recipe", "a"), [2.1, 2.2, 2.3])
    with pytest.raises(ValueError, match="recipe has no arm 'c'"):
        measured.difference("recipe", "a", "c")


def test_each_study_has_its_own_way_to_choose_a_rate(kept):
    def runs(arm):
        return [run(arm, s, 50.0, 1, choose=9.0) for s in (1, 2)] + [
            run(arm, s, 70.0, 2, choose=3.0) for s in (1, 2)
        ]

    kept(runs("recall of 8: gMLP") + runs("copying: gMLP"))
    assert measured.difference("recall", "recall of 8: gMLP") == [50.0, 50.0]  # more is better
    assert measured.difference("recall", "copying: gMLP") == [70.0, 70.0]  # fewer steps are


def test_steps_saved_at_the_rate_that_suits_the_goal(kept):
    def curve(steps):  # evaluated every 20 steps: reaches 3.0 after so many
        return [3.5] * (steps // 20 - 1) + [3.0, 2.9]

    kept([run(arm, seed, 0.0, rate, curve=curve(steps))
          for arm, rate, steps in [("warm-up and cosine", 1, 60), ("warm-up and cosine", 2, 200),
                                   ("constant", 1, 120), ("constant", 2, 80)]
          for seed in (1, 2)])  # fmt: skip
    assert np.allclose(measured.steps_saved("recipe", 3.0), 25.0)
    with pytest.raises(ValueError, match="never comes down to 1 bits on all seeds"):
        measured.steps_saved("recipe", 1)


def test_averages_are_compared_with_the_last_weights_each_at_its_best_rate(kept):
    kept([run("a", s, value, rate, fading=fading)
          for rate, value, fading in [(1, 2.0, 1.9), (2, 2.5, 1.6)] for s in (1, 2)])  # fmt: skip
    assert np.allclose(measured.averaging_gains("recipe", "a"), 0.4)


def test_above_null_is_what_is_left_beyond_chance(kept):
    kept([run("a", s, 20.0 + s, null=4.0) for s in (1, 2)])
    assert measured.above_null("reading", "a") == [17.0, 18.0]


def test_times_are_compared_at_one_length(kept):
    kept([run(arm, s, 0.0, None, forward_ms=[1.0, ms]) for arm, ms in [("a", 3.0), ("b", 6.0)]
          for s in (1, 2)], lengths=[64, 2048])  # fmt: skip
    assert measured.times_as_long("latency", "a", "b", 2048) == [0.5, 0.5]
    assert measured.times_as_long("latency", "a", "b", 64) == [1.0, 1.0]


def test_a_straight_line_gains_as_much_in_its_last_step_as_in_its_first(kept):
    kept([run(arm, s, value) for arm, value in [("a", 5.0), ("b", 4.0), ("c", 3.0), ("d", 2.75)]
          for s in (1, 2)])  # fmt: skip
    assert np.allclose(measured.last_step("scaling", ["a", "b", "c"]), 1)
    assert np.allclose(measured.last_step("scaling", ["a", "b", "c", "d"]), 0.25)


def test_the_smallest_step_is_that_of_each_seed_and_below_0_if_one_goes_up(kept):
    by_arm = {"a": (5.0, 5.0, 5.0), "b": (4.0, 4.5, 2.0), "c": (3.5, 3.0, 2.25)}
    kept([run(arm, seed, value) for arm, values in by_arm.items()
          for seed, value in enumerate(values, start=1)])  # fmt: skip
    assert np.allclose(measured.smallest_step("lens_depth", ["a", "b", "c"]), [0.5, 0.5, -0.25])


def test_another_number_is_that_of_the_best_rate_alone_or_above_a_third(kept):
    kept([run("a", seed, 0.0, rate, choose=choose, recall=0.1 * seed + rate, facts=0.5)
          for rate, choose in [(1, 9.0), (2, 3.0)] for seed in (1, 2, 3)])  # fmt: skip
    recall = measured.number_at_best("quantized_recall", "a", "recall")
    assert np.allclose(recall, [2.1, 2.2, 2.3])
    above = measured.number_at_best("quantized_recall", "a", "recall", less="facts")
    assert np.allclose(above, [1.6, 1.7, 1.8])
    with pytest.raises(ValueError, match="quantized_recall has no arm 'b'"):
        measured.number_at_best("quantized_recall", "b", "recall")


def test_what_a_bit_holds_is_compared_where_each_way_holds_most(kept):
    held = {"sign": {10: 0.2, 20: 0.5, 30: 0.4}, "float32": {10: 0.1, 20: 0.2, 30: 0.3}}
    kept([run(f"{store}: {n}", seed, value + 0.01 * seed)
          for store, of_n in held.items() for n, value in of_n.items()
          for seed in (1, 2, 3)])  # fmt: skip
    assert np.allclose(measured.held("knowledge_per_bit", "sign", "float32"), 0.2)


def test_times_are_compared_seed_by_seed_at_one_number_of_tokens(kept):
    kept([run(arm, seed, 0.0, None, ms=[ms * seed, 8.0])
          for arm, ms in [("packed", 2.0), ("floats", 6.0)] for seed in (1, 2, 3)])  # fmt: skip
    fast = measured.times_as_fast
    assert fast("real_ffn", "packed", "floats", 0) == [3.0, 3.0, 3.0]
    assert fast("real_ffn", "packed", "floats", 1) == [1.0, 1.0, 1.0]
    with pytest.raises(ValueError, match="real_ffn has no arm 'other'"):
        fast("real_ffn", "other", "floats", 0)
