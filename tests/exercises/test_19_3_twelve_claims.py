"""The key of exercise 19.3 against what was measured, arithmetic, and the rules of the ledger."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.lab.checks import local
from tinyffn.lab.grade import run_checks
from tinyffn.studies import activations, editing, results, xor
from tinyffn.studies.claims.claim import GRADES, KINDS, NEEDS, ledger
from tinyffn.studies.claims.sizes import bits_per_weight, gigabytes


@pytest.fixture
def task(part):
    return part("19.3", "task")


@pytest.fixture
def rows(part):
    return part("19.3", "reference").judge(np.arange(1, 13))


def test_words_are_those_of_the_ledger_and_a_row_obeys_its_rules(task, rows):
    kinds, grades = ([getattr(task, word.upper()) for word in words] for words in (KINDS, GRADES))
    assert sorted(kinds) == sorted(grades) == [1, 2, 3, 4]
    lacks = [name for name in NEEDS if hasattr(task, name.upper())]
    assert sorted(getattr(task, name.upper()) for name in lacks) == [2, 3, 4, 5, 6]
    for kind, grade, lack in rows.tolist():
        assert (kind == task.UNVERIFIABLE) == (grade == task.UNFALSIFIABLE)
        assert lack != task.NOTHING or grade in (task.SUPPORTED, task.CONTRADICTED)
    assert [rows[:, 1].tolist().count(grade) for grade in (1, 2, 3, 4)] == [3, 3, 3, 3]


def test_constants_are_the_same_in_task_and_reference(part, task):
    reference = part("19.3", "reference")
    words = [name for name in vars(task) if name.isupper()]
    assert len(words) == 14
    assert all(getattr(reference, name) == getattr(task, name) for name in words)


def test_the_claims_are_twelve_and_none_is_a_row_of_the_ledger(task):
    claims = re.findall(r'^ {4}\d+ +"(.+?)"', task.judge.__doc__, flags=re.M | re.S)
    assert len(claims) == 12
    quoted = {claim.quote.lower() for claim in ledger() if len(claim.quote.split()) > 2}
    assert not [quote for quote in quoted for claim in claims if quote in claim.lower()]


def test_claim_1_forgets_the_scale():
    assert gigabytes(8e9, bits_per_weight(2, group=128)) == 1.125


def test_claim_2_holds_only_where_far_places_begin_quiet():
    runs = results.load("windows")["runs"]
    bits = {}
    for arm in ("4", "16", "16, far places quiet"):
        of_arm = [run for run in runs if run["arm"] == arm]
        bits[arm] = np.mean(list(results.at_best_rate(of_arm)[arm].values()))
    assert bits["16"] > bits["4"] + 0.1 and bits["16, far places quiet"] < bits["4"]


def test_claim_4_is_what_the_runs_of_lesson_3_show():
    assert xor.train(2, seeds=range(60)).solved().mean() < 0.5


def test_claim_6_gains_less_than_half_at_equal_weights():
    values = results.at_best_rate(activations.kept("facts"), best=max)
    gelu, fair, unfair = (np.mean(list(values[arm].values()))
                          for arm in ("GELU", "SwiGLU", activations.UNMATCHED))  # fmt: skip
    assert 0 < fair - gelu < (unfair - gelu) / 2


def test_claim_7_is_an_identity():
    q, k = np.random.default_rng(0).normal(size=(2, 1, 1, 8))
    score = {}
    for m, n in ((3, 1), (7, 5), (40, 38)):
        turned = [ops.rotary.pair(x, positions=np.array([p]))[0] for x, p in ((q, m), (k, n))]
        score[m, n] = float((turned[0] * turned[1]).sum())
    assert np.ptp(list(score.values())) < 1e-9


def test_claim_11_facts_are_rewritten_where_tracing_finds_little():
    runs = editing.kept("edits")
    told = [run["efficacy"] for run in runs if run["arm"] == "FFN 1, answer"]
    traced = [run["indirect"] for run in editing.kept("tracing")]
    first, second = np.mean(traced, axis=0)[[1, 3], -1]
    assert min(told) > 0.95 and first < second / 2


AXES = "|".join(
    re.escape(axis)
    for axis in (
        "what it is judged by (a run of a lesson, a calculation, a paper: which decides it?)",
        "how it holds (as it stands, under a condition, or not at all?)",
        "what it leaves out (would the verdict change, if that were added?)",
    )
)


def test_a_check_says_which_judgement_is_wrong_and_never_the_right_one(exercise, tmp_path):
    ex, path, told = exercise("19.3"), tmp_path / "task.py", 0
    for row in ([1, 4, 6], [2, 3, 1], [3, 2, 3], [4, 1, 2]):
        source = f"import numpy as np\ndef judge(claims): return np.array([{row}] * len(claims))\n"
        path.write_text(source, encoding="utf-8")
        for outcome in run_checks(ex, local(path)):
            if outcome.status == "failed" and outcome.failure.stage == "values":
                last = outcome.message.splitlines()[-1]
                assert re.fullmatch(rf"claim \d+, ({AXES}): another answer was expected", last)
                told += 1
    assert told > 40  # of 48: no claim has one of these rows as its answer but by chance
