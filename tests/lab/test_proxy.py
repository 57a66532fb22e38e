"""What a check hands in is compared, after each call, with what it was."""

import numpy as np
import pytest

from tinyffn.lab.judge import Failure
from tinyffn.lab.proxy import Conversation
from tinyffn.lab.runner import Worker

SOURCE = b"""\
def add(x, by):
    return x + by


def add_into(x, by):
    x += by
    return x
"""


@pytest.fixture
def task():
    with Worker(SOURCE, None) as worker:
        worker.prepare()
        yield Conversation(worker.ask).task


@pytest.mark.parametrize("by", [2.5, np.float64(2.5), np.float32(2.5), np.array(2.5)], ids=repr)
def test_a_number_of_any_kind_is_no_change_of_the_arguments_that_follow(task, by):
    for x in (np.arange(3.0), np.ones((2, 2))):
        np.testing.assert_array_equal(task.add(x, by), x + by)
        np.testing.assert_array_equal(task.add(x, by=by), x + by)


def test_after_a_number_a_change_is_still_seen_and_named(task):
    task.add(np.arange(3.0), np.float64(2.5))
    with pytest.raises(Failure, match="you wrote into x"):
        task.add_into(np.arange(3.0), np.float64(2.5))
