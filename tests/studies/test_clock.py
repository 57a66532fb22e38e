"""Timing in turn: who is called when, and what the clock says."""

import itertools

import pytest

from tinyffn.studies.clock import WORK, in_turn


def test_programs_are_called_once_for_nothing_and_then_in_turn():
    called = []
    programs = {name: lambda name=name: called.append(name) for name in "ab"}
    in_turn(programs, calls=3)
    assert "".join(called) == "ab" + "ababab"


def test_the_time_of_each_call_is_the_clock_s():
    ticks = itertools.chain([0, 1, 1, 3, 10, 14, 14, 22])
    taken = in_turn({"a": int, "b": int}, calls=2, clock=lambda: next(ticks))
    assert taken == {"a": [1, 4], "b": [2, 8]}


def test_work_is_measured():
    taken = in_turn({"much": lambda: sum(range(200_000)), "little": int}, calls=3, clock=WORK)
    assert min(taken["much"]) > min(taken["little"]) >= 0


def test_what_cannot_be_timed_says_so():
    with pytest.raises(ValueError, match=r"^in_turn: programs is empty"):
        in_turn({})
    with pytest.raises(ValueError, match=r"^in_turn: calls"):
        in_turn({"a": int}, calls=0)
