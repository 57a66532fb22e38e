"""What each figure shows, and what it says when it cannot."""

import numpy as np
import pytest

from tinyffn import plot
from tinyffn.graph import GraphNode
from tinyffn.plot.network import _layout
from tinyffn.train import History


def _words(fig):
    return [text.get_text() for text in fig.findobj(lambda a: hasattr(a, "get_text"))]


def test_history_draws_loss_rate_held_out_and_references():
    run = History(
        step=[0, 1, 2], loss=[3, 2, 1], rate=[0, 0.1, 0.1], eval_step=[2], eval_loss=[1.5]
    )
    fig = plot.history(run, references={"bigram": 2.5})
    above, below = fig.axes
    assert list(above.get_lines()[0].get_ydata()) == [3, 2, 1]
    assert list(above.get_lines()[1].get_ydata()) == [1.5]
    assert list(below.get_lines()[0].get_ydata()) == [0, 0.1, 0.1]
    assert {"loss (nats)", "learning rate", "step", "bigram", "held-out"} <= set(_words(fig))


def test_history_without_a_step_says_so():
    run = History()
    with pytest.raises(ValueError, match=r"history: run\.step is empty"):
        plot.history(run)


def test_lines_on_logarithmic_axes():
    fig = plot.lines({"a": ([2, 4], [1e-15, 1])}, x="depth", y="error", logx=True, logy=True)
    assert (fig.axes[0].get_xscale(), fig.axes[0].get_yscale()) == ("log", "log")


def test_warped_grid_applies_the_map():
    fig = plot.warped_grid({"twice": lambda x: 2 * x}, squares=4)
    curves = fig.axes[0].get_lines()
    assert len(curves) == 2 * 5 + 1  # five lines each way, and the marked corner
    assert max(np.abs(line.get_xydata()).max() for line in curves) == 2
    assert curves[-1].get_xydata().tolist() == [[2, 2]]


def test_the_map_marks_one_lesson_in_words():
    words = _words(plot.course_map(here=19))
    assert words.count("you are here") == 1
    assert {f"{n:02d}" for n in range(1, 20)} <= set(words)
    with pytest.raises(ValueError, match="course_map: here is 20: it must be a lesson from 1 to"):
        plot.course_map(here=20)


def _chain(length):
    first = [GraphNode("x", (2,), (), 0, "input")]
    return first + [GraphNode("exp", (2,), (i,), 16, "op") for i in range(length)]


def test_graph_says_name_shape_and_bytes():
    nodes = [
        GraphNode("x", (128, 64), (), 0, "input"),
        GraphNode("w", (64, 256), (), 0, "parameter"),
        GraphNode("linear", (128, 256), (0, 1), 32_768, "op"),
        GraphNode("mean", (), (2,), 0, "op"),
    ]
    words = _words(plot.graph(nodes))
    assert "linear\n128 × 256\nkeeps 32.8 kB" in words
    assert "w\n64 × 256\nparameter" in words
    assert "mean\none number\nkeeps 0 bytes" in words


def test_graph_keeps_boxes_apart_and_parents_above():
    nodes = _chain(3)
    nodes += [GraphNode("w", (2,), (), 0, "parameter"), GraphNode("add", (2,), (0, 3), 0, "op")]
    nodes += [GraphNode("mul", (2,), (4, 5), 0, "op"), GraphNode("mul", (2,), (6, 6), 0, "op")]
    places, paths = _layout(nodes)
    boxes = [places[i] for i in range(len(nodes))]
    for i, (x, y) in enumerate(boxes):
        assert all(abs(x - a) > 2 or abs(y - b) > 1 for a, b in boxes[:i])
        assert all(boxes[parent][1] > y for parent in nodes[i].parents)
    assert len(paths) == sum(len(node.parents) for node in nodes)


def test_graph_of_a_long_chain_and_of_nothing():
    assert len(plot.graph(_chain(60)).axes[0].patches) >= 61
    with pytest.raises(ValueError, match="graph: nodes is empty"):
        plot.graph([])
