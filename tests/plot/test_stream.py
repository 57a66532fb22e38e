"""The picture of a block: its parts in their order, and the norm in its place."""

import pytest
from matplotlib.patches import Circle

from tinyffn import plot


def _at(fig, word):
    return [t.get_position() for t in fig.axes[0].texts if t.get_text() == word]


def test_each_sublayer_reads_and_adds():
    fig = plot.stream(["attention", "FFN", "memory"])
    places = [_at(fig, name)[0] for name in ("attention", "FFN", "memory")]
    assert places == sorted(places)
    assert len(_at(fig, "read")) == len(_at(fig, "add")) == len(_at(fig, "norm")) == 3
    assert sum(isinstance(patch, Circle) for patch in fig.axes[0].patches) == 3


def test_the_norm_stands_on_the_way_up_or_on_the_stream():
    before, after = (_at(plot.stream(norm_first=first), "norm") for first in (True, False))
    plus = _at(plot.stream(), "+")
    assert all(y > 0.5 for _, y in before) and all(abs(y) < 0.1 for _, y in after)
    assert all(x > sum_x for (x, _), (sum_x, _) in zip(after, plus, strict=True))


def test_no_sublayer_is_an_error():
    with pytest.raises(ValueError, match="stream: sublayers is empty: name one or more"):
        plot.stream([])
