"""What was measured in few bits, and is told in lessons: orders and margins, seed by seed."""

from itertools import pairwise

import numpy as np
import pytest

from tinyffn.studies import equal_bytes, results
from tinyffn.studies.knowledge_per_bit import bits_per_weight, highest


@pytest.fixture(scope="module")
def knowledge():
    """The most that each way of storing holds: {way: (bits of facts a bit of memory, a weight)}."""
    content = results.load("knowledge_per_bit")
    found = {}
    for store in content["settings"]["bits_per_weight"]:
        by_seed = highest(content["runs"], store)[1]
        a_bit = np.array([by_seed[seed] for seed in (1, 2, 3)])
        found[store] = a_bit, a_bit * bits_per_weight(content["settings"], store)
    return found


def test_rounding_to_int8_costs_nothing_and_to_int4_three_tenths(knowledge):
    whole = knowledge["float32"][1]
    assert (whole > 1.5).all() and (whole < 2).all()
    assert (knowledge["int8 after"][1] > 0.98 * whole).all()
    for store in ("int4 after", "int4 compensated"):
        left = knowledge[store][1] / whole
        assert (left > 0.65).all() and (left < 0.72).all()


def test_signs_after_training_hold_less_a_bit_than_float16_and_in_training_twice_as_much(knowledge):
    halves = knowledge["float16"][0]
    for store in ("sign after", "sign compensated"):
        assert (knowledge[store][0] < halves).all()
    assert (knowledge["sign in training"][0] > 2 * knowledge["sign after"][0]).all()
    for store in ("int4", "ternary", "sign"):
        assert (knowledge[f"{store} in training"][0] > 2 * halves).all()


def test_with_a_scale_for_each_column_int4_holds_most_and_with_one_scale_the_order_changes(
    knowledge,
):
    int4, three, two = (knowledge[f"{s} in training"][0] for s in ("int4", "ternary", "sign"))
    assert (int4 > 1.05 * three).all() and (three > 1.05 * two).all()
    for store in ("ternary", "sign"):
        one, column = knowledge[f"{store}, one scale"], knowledge[f"{store} in training"]
        assert (one[0] > 1.1 * column[0]).all()
        assert np.abs(one[1] / column[1] - 1).max() < 0.05  # a weight holds about as much


def test_at_equal_bytes_the_order_is_clear_and_more_training_does_not_change_it():
    runs = results.load("equal_bytes")["runs"]
    held = {way: np.array(list(highest(runs, way)[1].values())) for way in equal_bytes.TRAININGS}
    order = ["int4", "ternary, one scale", "int4, one scale", "ternary", "sign, one scale", "sign",
             "int8", "float16"]  # fmt: skip
    for more, less in pairwise(order):
        assert held[more].min() > held[less].max(), (more, less)
    assert (held["int4"] > 1.2 * held["sign"]).all()
    assert (held["sign"] > 1.8 * held["float16"]).all()
    for way in equal_bytes.LONG:
        assert np.abs(held[f"{way}, 4000 exposures"] / held[way] - 1).max() < 0.03


def test_peaks_lie_inside_their_grids_where_several_numbers_were_tried(knowledge):
    runs = results.load("knowledge_per_bit")["runs"]
    assert all(highest(runs, store)[2] for store in knowledge if "4000 exposures" not in store)


def paired(study, key, last=False):
    """{arm: (3)}: a number of each seed at the arm's best rate."""
    runs = results.load(study)["runs"]
    return {
        arm: np.array([run[key][-1] if last else run[key] for run in of])
        for arm, of in results.runs_at_best_rate(runs, choose_by="choose").items()
    }


def test_rounded_ffns_lose_facts_and_rounded_attention_loses_the_context():
    recall, facts = (paired("quantized_recall", f"{task}_way") for task in ("recall", "facts"))
    assert (recall["sign after, ffn"] - facts["sign after, ffn"] > 0.15).all()
    assert (facts["sign after, attention"] - recall["sign after, attention"] > 0.1).all()
    for bits in ("int8", "int4"):
        assert min(recall[f"{bits} after, all"].min(), facts[f"{bits} after, all"].min()) > 0.99
    for which in ("ffn", "attention", "all"):
        assert recall[f"sign in training, {which}"].min() > 0.99


def test_new_facts_cost_more_old_ones_in_few_bits_but_none_if_old_ones_are_shown_too():
    new, old = (paired("few_bit_learning", key, last=True) for key in ("new", "old"))
    assert min(each.min() for each in new.values()) > 0.97
    for arm in ("sign, latent kept", "ternary, latent kept", "sign, the rest trained"):
        assert (old["float32: alone"] > old[f"{arm}: alone"]).all()
        assert old[f"{arm}: with old ones"].min() > 0.995


def test_an_edit_of_signs_survives_at_a_price():
    scores = {key: paired("editing_one_bit", key) for key in ("value", "paraphrase", "turned")}
    kept, turned = scores["value"], scores["turned"]
    assert min(each.min() for arm, each in scores["paraphrase"].items() if arm[:3] != "une") > 0.96
    assert (kept["beside the signs"] > 0.995).all() and (kept["float32"] > 0.995).all()
    for arm in ("signs turned", "by gradient", "latent, rounded again"):
        assert (kept["beside the signs"] > kept[arm]).all() and (kept[arm] > 0.98).all()
    assert (kept["rounded again"] < 0.97).all()
    assert turned["by gradient"].max() < 150 < 500 < turned["signs turned"].min()
    assert turned["latent, rounded again"].min() > 2000
