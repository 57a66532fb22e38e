"""Reading memories: right for a layer made by hand, and what was kept shows more than chance."""

import re

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.data import Characters, FactLanguage, documentation, fingerprint
from tinyffn.models import transformer
from tinyffn.studies import reading, results
from tinyffn.studies.reading import (
    FACTS,
    SEEDS,
    TEXT,
    Material,
    facts_material,
    read_layers,
    run,
    text_material,
)

V = 7
MARGIN = 5  # percentage points above the highest of all permutations


def counting_up(gate_op=None):
    """A layer whose memory i is on after id i, and says i + 1: so the ids count up."""
    parts = {"attention": False, "norm": nn.RMSNorm, "activation": ops.relu, "gate_op": gate_op}
    model = transformer(V, 4, V, 1, V, 1, rng=np.random.default_rng(0), **parts)
    for p in model.parameters():
        p.data[...] = 0.0
    layer = model.blocks[0].feed_forward
    for one in (model.token.table, model.head.w, layer.up.w):
        one.data[...] = np.eye(V)
    if gate_op is not None:
        layer.gate.w.data[...] = np.eye(V)
    for norm in (model.norm, model.blocks[0].norm_feed_forward):
        norm.gain.data[...] = 1.0
    layer.down.w.data[...] = np.roll(np.eye(V), 1, axis=1)
    return model


def counted():
    ids = np.random.default_rng(1).integers(0, V, (100, 4))
    return Material(ids, (ids + 1) % V, np.ones(ids.shape, bool), ids // 2)


@pytest.mark.parametrize("gate_op", [None, ops.reglu], ids=["plain", "gated"])
def test_a_layer_made_by_hand_is_read_as_it_was_made(gate_op):
    (read,) = read_layers(counting_up(gate_op), counted(), rng=np.random.default_rng(0))
    assert read["value"] == read["as_they_stand"] == read["purity"] == 100.0
    assert read["median_rank"] == 1.0 and read["composition"] == read["never"] == 0.0
    assert read["active"] == read["uniform"] == pytest.approx(100 / V, abs=0.01)
    low, high = read["null_range"]
    assert low <= read["null"] <= high and abs(read["null"] - 100 / V) < 4
    assert read["value_in_groups"] == 100.0 and read["null_in_groups"] == 0.0  # two say two things
    assert 100 / V < read["chance_purity"] < 40


def test_turned_around_in_a_gated_layer_it_is_read_all_the_same():
    model = counting_up(ops.reglu)
    layer = model.blocks[0].feed_forward
    layer.up.w.data *= -1
    layer.down.w.data *= -1
    (read,) = read_layers(model, counted(), rng=np.random.default_rng(0))
    assert read["value"] == 100.0 and read["as_they_stand"] == 0.0
    assert read["composition"] == 0.0 and read["active"] == pytest.approx(100 / V, abs=0.01)


def test_a_memory_that_is_on_nowhere_is_left_out():
    model = counting_up()
    model.blocks[0].feed_forward.up.w.data[:, 2] = 0.0
    (read,) = read_layers(model, counted(), rng=np.random.default_rng(0))
    assert read["never"] == pytest.approx(100 / V, abs=0.01) and read["value"] == 100.0


def test_only_places_that_count_are_read():
    material = counted()
    next_tokens = material.next_tokens.copy()
    next_tokens[:, :2] = 0
    among = np.zeros(next_tokens.shape, bool)
    among[:, 2:] = True
    changed = material._replace(next_tokens=next_tokens, among=among)
    (read,) = read_layers(counting_up(), changed, rng=np.random.default_rng(0))
    assert read["value"] == 100.0


def test_the_material_of_facts_is_every_fact_said_in_three_ways():
    language = FactLanguage(10, rng=np.random.default_rng(0))
    ids, next_tokens, among, groups = facts_material(language)
    assert ids.shape == next_tokens.shape == among.shape == groups.shape == (120, 4)
    assert among.sum(axis=0).tolist() == [0, 0, 0, 120]
    assert np.array_equal(next_tokens[:, 3], np.tile(language.objects, 3))
    assert np.array_equal(groups[:, 3], np.tile(language.relations, 3))
    assert np.array_equal(ids[40:80], language.prompts(np.arange(40), paraphrase=1,
                                                       filler=np.arange(40) % 20))  # fmt: skip


def test_the_material_of_a_text_is_held_out_and_each_place_knows_what_follows():
    characters = Characters(documentation())
    ids, next_tokens, among, groups = text_material(characters, length=8, n=5)
    assert np.array_equal(ids.ravel()[1:], next_tokens.ravel()[:-1])
    assert among.all() and np.array_equal(groups, ids)
    with pytest.raises(ValueError, match="text_material: n is 0, but must be a whole number"):
        text_material(characters, length=8, n=0)
    with pytest.raises(ValueError, match=r"text_material: 90000 windows of 8 characters are too"):
        text_material(characters, length=8, n=90_000)


def test_there_is_no_other_arm():
    message = "run: there is no arm 'novel', only facts, ReLU, facts, gated, facts, tied, docum"
    with pytest.raises(ValueError, match=re.escape(message)):
        run("novel", 1)


def test_only_the_model_of_seed_1_is_the_one_that_ships(monkeypatch):
    def told(seed, progress):
        raise InterruptedError(f"trains seed {seed}")

    monkeypatch.setattr(reading.trained, "documentation_model", told)
    with pytest.raises(InterruptedError, match="trains seed 2"):
        run(TEXT, 2)


def stored():
    return results.load("reading")["runs"]


def test_what_was_kept_is_whole():
    expected = {(f"{arm}, layer {n}", seed) for arm in FACTS for n in (1, 2) for seed in SEEDS}
    expected |= {(f"{TEXT}, layer {n}", seed) for n in (1, 2, 3, 4) for seed in SEEDS}
    assert {(each["arm"], each["seed"]) for each in stored()} == expected
    for each in stored():
        low, high = each["null_range"]
        assert low <= each["null"] <= high and each["null"] > each["uniform"]
        assert each["known"] > 99.5 if "facts" in each["arm"] else "known" not in each
    of_facts = [each for each in stored() if TEXT not in each["arm"]]
    sizes = {each["arm"].split(",")[1]: each["n_parameters"] for each in of_facts}
    assert sizes[" gated"] == pytest.approx(sizes[" ReLU"], rel=0.01)


def test_in_the_last_layer_keys_and_values_agree_more_than_any_permutation_in_every_seed():
    last = [each for each in stored() if each["arm"].endswith(("s, ReLU, layer 2", "layer 4"))]
    last += [each for each in stored() if re.search("(gated|tied), layer 2", each["arm"])]
    assert len(last) == 3 * len(FACTS) + 3
    for each in last:
        assert each["value"] > each["null_range"][1] + MARGIN
        assert each["value_in_groups"] > 2 * each["null_in_groups"]


def test_of_a_gated_layer_canonical_signs_read_more_in_every_seed():
    """In one seed by three memories only, so the margin is asked of the mean."""
    gated = [each for each in stored() if "gated, layer 2" in each["arm"]]
    more = [each["value"] - each["as_they_stand"] for each in gated]
    assert len(more) == 3 and min(more) > 0 and np.mean(more) > MARGIN


def test_the_model_that_ships_is_read_as_it_was_kept():
    for read in run("facts, ReLU", 1):
        kept = next(e for e in stored() if e["arm"] == read["arm"] and e["seed"] == 1)
        for name in ("value", "active", "composition", "purity", "never"):
            assert read[name] == pytest.approx(kept[name], abs=1), name
        assert read["null"] == pytest.approx(kept["null"], abs=0.5)
        assert read["median_rank"] == pytest.approx(kept["median_rank"], abs=1)


@pytest.mark.slow
def test_the_model_of_the_documentation_is_read_as_it_was_kept():
    """On the text that was read then; on another edition, it reads about as well."""
    is_same = results.load("reading")["settings"]["text"] == fingerprint(documentation())
    for read in run(TEXT, 1):
        kept = next(e for e in stored() if (e["arm"], e["seed"]) == (read["arm"], 1))
        assert read["value"] == pytest.approx(kept["value"], abs=1 if is_same else 8)


def test_the_command_reads_every_model_of_every_seed(monkeypatch):
    kept = []

    def quick(arm, seed):
        return [{"arm": arm, "seed": seed}]

    monkeypatch.setattr(reading, "run", quick)
    monkeypatch.setattr(
        reading.results, "keep", lambda study, runs, settings: kept.extend([study, *runs])
    )
    reading.main()
    study, *runs = kept
    assert study == "reading" and len(runs) == (len(FACTS) + 1) * len(SEEDS)
    assert runs[-1] == {"arm": TEXT, "seed": 3}
