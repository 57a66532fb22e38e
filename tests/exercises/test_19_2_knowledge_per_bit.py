"""The reference of exercise 19.2 against messages counted one by one, and real block formats."""

import itertools
import math

import numpy as np
import pytest

from tinyffn.bits.formats.q1_0 import Q1_0
from tinyffn.lab.checks import local
from tinyffn.lab.grade import run_checks


@pytest.fixture
def knowledge_per_bit(part):
    return part("19.2", "reference").knowledge_per_bit


def test_messages_are_counted_one_by_one(knowledge_per_bit):
    choices, answers = (2, 3, 3, 2), (0, 2, 1, 1)
    by_number = {}
    for labels in itertools.product(*map(range, choices)):
        wrong = tuple(a != b for a, b in zip(labels, answers, strict=True))
        by_number.setdefault(sum(wrong), []).append(wrong)
    for right in itertools.product((True, False), repeat=4):
        k = 4 - sum(right)
        sets = set(by_number[k])
        labels = by_number[k].count(tuple(not each for each in right))
        saved = math.log2(36) - math.log2(5 * len(sets) * labels)
        facts, _, _ = knowledge_per_bit(np.array(right), np.array(choices), [(4, 1, 2)], 4)
        assert facts == pytest.approx(max(0, saved), abs=1e-12)


def test_it_is_what_fano_says_for_many_facts(knowledge_per_bit, seeds):
    for seed in seeds:
        n, c = 40_000, 16
        right = np.random.default_rng(seed).random(n) < 0.8
        facts, _, _ = knowledge_per_bit(right, np.full(n, c), [(4, 1, 2)], 4)
        e = 1 - right.mean()
        h = -e * math.log2(e) - (1 - e) * math.log2(1 - e)
        assert facts / n == pytest.approx(math.log2(c) - h - e * math.log2(c - 1), abs=1e-3)


def test_a_message_of_what_it_stores_can_be_written_where_a_few_are_wrong(knowledge_per_bit):
    right, choices = np.array([True] * 99 + [False]), np.full(100, 4)
    facts, _, _ = knowledge_per_bit(right, choices, [(4, 1, 2)], 4)
    assert facts == pytest.approx(200 - math.log2(101) - math.log2(100) - math.log2(3))


def test_signs_take_the_bytes_of_q1_0(knowledge_per_bit):
    right, choices = np.ones(10, bool), np.full(10, 16)
    facts, memory, quotient = knowledge_per_bit(right, choices, [(256, 6, 2)], 128)
    blocks = Q1_0.write(np.ones((256, 6), np.float32))
    assert memory == 8 * blocks.nbytes and quotient == facts / memory


def test_a_byte_holds_five_codes_of_three_levels_and_two_of_sixteen(knowledge_per_bit):
    def memory(*matrix, group):
        return knowledge_per_bit(np.ones(3, bool), np.full(3, 2), [matrix], group)[1]

    assert memory(20, 1, 3, group=20) == 8 * (2 + 4) and memory(21, 1, 3, group=21) == 8 * (2 + 5)
    assert memory(20, 3, 16, group=10) == 8 * 3 * 2 * (2 + 5)
    assert memory(11, 1, 200, group=4) == 8 * (2 + 4 + 2 + 4 + 2 + 3)


FLOATS = "max(np.log2(choices).sum() - message, 0.0)"


@pytest.mark.parametrize(
    ("line", "other"),
    [(FLOATS, FLOATS.replace("0.0", "0")), ("memory = sum(8", "memory = 1.0 * sum(8")],
    ids=["0 for 0.0", "960.0 for 960"],
)
def test_a_right_number_is_right_whole_or_not(exercise, tmp_path, line, other):
    ex = exercise("19.2")
    answer = ex.reference.read_text(encoding="utf-8")
    assert answer.count(line) == 1
    (tmp_path / "task.py").write_text(answer.replace(line, other), encoding="utf-8")
    outcomes = run_checks(ex, local(tmp_path / "task.py"))
    assert {outcome.status for outcome in outcomes} == {"passed"}
