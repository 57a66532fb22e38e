"""What each figure shows, and what it says when it cannot."""

import numpy as np
import pytest

from tinyffn import plot
from tinyffn.graph import GraphNode
from tinyffn.plot.network import HEIGHT, WIDTH, _layout, _ports, _route
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


def test_lines_may_be_drawn_without_markers():
    curves = {"a": ([1, 2], [3, 4])}
    for markers, drawn in ((True, "o"), (False, "")):
        fig = plot.lines(curves, x="x", y="y", markers=markers)
        assert fig.axes[0].lines[0].get_marker() == drawn


def test_lines_with_points_are_laws_with_what_was_measured():
    fig = plot.lines({"law": ([1, 2], [3, 4])}, points={"seen": ([1], [5])}, x="size", y="loss")
    law, seen = fig.axes[0].get_lines()
    assert law.get_marker() == "" and list(seen.get_ydata()) == [5]
    assert (seen.get_marker(), seen.get_linestyle()) == ("o", "None")
    assert {"law", "seen"} <= set(_words(fig))


def test_a_logarithmic_axis_within_one_power_of_ten_says_its_numbers():
    fig = plot.lines({"a": ([1, 2], [2.1, 3.9])}, x="size", y="loss", logy=True)
    fig.draw_without_rendering()
    labels = {t.get_text() for t in fig.axes[0].get_yticklabels()}
    assert {"2.5", "3", "3.5"} <= labels


def test_ranges_show_every_seed_and_the_mean():
    fig = plot.ranges({"a": [1, 2, 6], "b": [4, 4, 4]}, x="loss (nats)", references={"bigram": 5})
    bar, dots, mean = fig.axes[0].get_lines()[:3]
    assert list(bar.get_xdata()) == [1, 6] and list(dots.get_xdata()) == [1, 2, 6]
    assert list(mean.get_xdata()) == [3]
    assert {"a", "b", "bigram", "loss (nats)"} <= set(_words(fig))
    assert fig.axes[0].get_ylim() == (1.5, -0.5)  # the first arm on top


def test_ranges_of_nothing_say_so():
    for nothing in ({}, {"a": []}):
        with pytest.raises(ValueError, match="ranges: values is empty, or an arm has none"):
            plot.ranges(nothing, x="nats")


def test_references_stand_upright_where_values_run_to_the_right():
    fig = plot.ranges({"a": [1, 2, 6]}, x="nats", references={"bigram": 5})
    assert list(fig.axes[0].get_lines()[-1].get_xdata()) == [5, 5]
    fig = plot.lines({"a": ([1, 2], [3, 4])}, x="step", y="nats", references={"bigram": 5})
    assert list(fig.axes[0].get_lines()[-1].get_ydata()) == [5, 5]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_ranges_of_what_is_not_finite_say_so(bad):
    with pytest.raises(ValueError, match="ranges: 'b' has a value that is not finite"):
        plot.ranges({"a": [1, 2], "b": [1, bad]}, x="nats")


def test_grouped_ranges_share_rows_and_axis():
    groups = {"few": {"a": [1, 2, 6], "b": [4, 4, 4]}, "many": {"b": [3, 5], "c": [9]}}
    fig = plot.grouped_ranges(groups, x="loss (nats)", references={"bigram": 7})
    few, many = fig.axes
    assert {"a", "b", "c", "few", "many", "bigram", "loss (nats)"} <= set(_words(fig))
    assert few.get_xlim() == many.get_xlim() and few.get_ylim() == many.get_ylim() == (2.5, -0.5)
    reference, bar, dots, mean = many.get_lines()[:4]
    assert list(reference.get_xdata()) == [7, 7] and list(bar.get_xdata()) == [3, 5]
    assert list(dots.get_ydata()) == [1, 1] and list(mean.get_xdata()) == [4]
    few, _ = plot.grouped_ranges(groups, x="loss (nats)", rows=["c", "a", "b"]).axes
    assert [tick.get_text() for tick in few.get_yticklabels()] == ["c", "a", "b"]


def test_grouped_ranges_of_nothing_say_so():
    with pytest.raises(ValueError, match="grouped_ranges: groups is empty"):
        plot.grouped_ranges({}, x="nats")
    with pytest.raises(ValueError, match="grouped_ranges: values is empty, or an arm has none"):
        plot.grouped_ranges({"few": {"a": [1]}, "many": {}}, x="nats")
    with pytest.raises(ValueError, match="grouped_ranges: 'b' has a value that is not finite"):
        plot.grouped_ranges({"few": {"b": [1, np.nan]}}, x="nats")
    with pytest.raises(ValueError, match=r"rows are .'a'., but must be the arms .'a', 'b'."):
        plot.grouped_ranges({"few": {"a": [1], "b": [2]}}, x="nats", rows=["a"])


def test_bands_have_gaps_but_no_infinite_values():
    fig = plot.bands({"a": ([1, 2], [[3, np.nan], [5, 6]])}, x="step", y="nats")
    np.testing.assert_array_equal(fig.axes[0].get_lines()[0].get_ydata(), [4, np.nan])
    with pytest.raises(ValueError, match="bands: the curve 'a' is infinite somewhere"):
        plot.bands({"a": ([1, 2], [[3, 4], [5, np.inf]])}, x="step", y="nats")


def test_bands_show_mean_and_range():
    fig = plot.bands({"a": ([1, 2], [[3, 4], [5, 10]])}, x="step", y="nats", logy=True)
    ax = fig.axes[0]
    assert list(ax.get_lines()[0].get_ydata()) == [4, 7]
    edge = ax.collections[0].get_paths()[0].vertices
    assert {(1, 3), (1, 5), (2, 4), (2, 10)} <= {tuple(point) for point in edge}
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize("left", [False, True])
def test_bands_name_references_at_either_end(left):
    curves = {"a": ([1, 2], [[3, 4]])}
    ax = plot.bands(curves, x="step", y="nats", references={"r": 2}, references_left=left).axes[0]
    (name,) = (words for words in ax.texts if words.get_text() == "r")
    assert name.xy == (0 if left else 1, 2) and name.get_ha() == ("left" if left else "right")


def test_bands_may_leave_room_on_the_right():
    ax = plot.bands({"a": ([1, 2], [[3, 4]])}, x="step", y="nats", x_end=2.5).axes[0]
    assert ax.get_xlim()[1] == 2.5 and ax.get_xlim()[0] <= 1


def test_bands_write_rates_as_decimals():
    curves = {"a": ([0.001, 0.1], [[3, 4], [5, 10]])}
    fig = plot.bands(curves, x="learning rate", y="nats", logx=True)
    fig.canvas.draw()
    labels = {label.get_text() for label in fig.axes[0].get_xticklabels()}
    assert {"0.001", "0.01", "0.1"} <= labels


def test_bands_without_a_row_for_each_seed_say_so():
    with pytest.raises(ValueError, match=r"'a' has y values \(2,\), but must have \(n_seeds, 2\)"):
        plot.bands({"a": ([1, 2], [3, 4])}, x="step", y="nats")


def test_intervals_reach_from_their_low_to_their_high_end():
    curve = ([2, 4], [0.5, 0.8], [(0.4, 0.7), (0.6, 0.9)])
    fig = plot.intervals({"ReLU": curve}, x="width", y="share", references={"all": 1}, logx=True)
    ax = fig.axes[0]
    assert list(ax.get_lines()[0].get_ydata()) == [0.5, 0.8]
    bars = [tuple(segment[:, 1]) for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(bars, [(0.4, 0.7), (0.6, 0.9)])
    assert {"width", "share", "all"} <= set(_words(fig)) and ax.get_xscale() == "log"
    with pytest.raises(ValueError, match="a point of 'ReLU' lies outside its interval"):
        plot.intervals({"ReLU": ([2], [0.5], [(0.6, 0.7)])}, x="width", y="share")


def test_intervals_come_as_one_pair_a_point():
    ends = [(0.1, 0.6, 0.2), (0.7, 0.3, 0.9)]  # the low ones, then the high ones
    with pytest.raises(ValueError, match=r"intervals \(2, 3\), but must have \(3,\) and \(3, 2\)"):
        plot.intervals({"ReLU": ([1, 2, 3], [0.5] * 3, ends)}, x="width", y="share")


def test_verdicts_fill_the_boxes_of_what_was_caught():
    fig = plot.verdicts(np.eye(2, dtype=bool), rows=["a", "b"], columns=["one", "two"])
    words = _words(fig)
    assert words.count("caught") == 2 and {"a", "b", "one", "two"} <= set(words)
    filled = [box for box in fig.axes[0].patches if box.get_facecolor()[3] > 0]
    assert [round(box.get_x() + 0.46) for box in filled] == [0, 1]


def test_verdicts_without_a_place_for_each_say_so():
    with pytest.raises(ValueError, match=r"caught \(2, 2\) must have a place for each of the 3"):
        plot.verdicts(np.eye(2), rows=["a", "b", "c"], columns=["one", "two"])


def test_images_share_one_scale():
    fig = plot.images({"a": np.zeros((2, 3)), "b": np.full((2, 3), 7)}, scale="brightness")
    drawn = [ax.images[0] for ax in fig.axes[:2]]
    assert [image.get_clim() for image in drawn] == [(0, 7), (0, 7)]
    assert {"a", "b", "brightness"} <= set(_words(fig))
    with pytest.raises(ValueError, match=r"each \(rows, columns\)"):
        plot.images({"a": np.zeros(3)})


def test_images_keep_their_scale_beside_what_is_not_finite():
    fig = plot.images({"a": np.array([[np.nan, 2.0]]), "b": np.array([[np.inf, 5.0]])})
    assert [ax.images[0].get_clim() for ax in fig.axes] == [(2, 5), (2, 5)]
    with pytest.raises(ValueError, match="images: there is no finite number in the pictures"):
        plot.images({"a": np.full((2, 2), np.nan)})


def test_two_pictures_may_have_one_title():
    fig = plot.images(zip([7, 7], np.arange(8).reshape(2, 2, 2), strict=True))
    assert [ax.get_title() for ax in fig.axes] == ["7", "7"]
    assert fig.axes[1].images[0].get_array().min() == 4


def test_a_plane_has_its_first_number_to_the_right_and_the_second_upwards():
    points, labels = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]), [0, 0, 1]
    fig = plot.plane_map({"first": lambda x: x[:, 0]}, points=points, labels=labels, low=0, high=1)
    ax = fig.axes[0]
    shown = ax.images[0].get_array()
    assert shown[0, 0] == shown[-1, 0] == 0 and shown[0, -1] == shown[-1, -1] == 1
    assert ax.images[0].origin == "lower"
    discs, triangles = ax.get_lines()
    assert (len(discs.get_xdata()), len(triangles.get_xdata())) == (2, 1)
    with pytest.raises(ValueError, match="plane_map: functions is empty"):
        plot.plane_map({})


def test_planes_share_one_scale_which_one_may_set():
    maps = {"a": lambda x: x[:, 0], "b": lambda x: 3 * x[:, 1]}
    for ends, shown in ((None, (-3, 3)), ((0, 1), (0, 1))):
        fig = plot.plane_map(maps, ends=ends)
        assert [ax.images[0].get_clim() for ax in fig.axes] == [shown, shown]


@pytest.mark.parametrize("labels", [[0, 1, 2], [-1, 1, 1], [0, 1], None])
def test_every_point_of_a_plane_has_a_class_that_is_drawn(labels):
    points = np.eye(3)[:, :2] if labels else None
    with pytest.raises(ValueError, match=r"plane_map: labels are .* must be 0 or 1, one for each"):
        plot.plane_map({"first": lambda x: x[:, 0]}, points=points, labels=labels or [0])


def test_a_plane_says_what_its_numbers_are():
    fig = plot.plane_map({"sum": lambda x: x.sum(axis=1)}, x="gate", y="up", scale="h")
    assert {"gate", "up", "h"} <= set(_words(fig)) and "first number" not in _words(fig)


def test_the_two_classes_differ_in_shape():
    fig = plot.plane_map({"a": lambda x: x[:, 0]}, points=np.eye(2), labels=[0, 1])
    first, second = fig.axes[0].get_lines()
    assert first.get_marker() != second.get_marker()


def test_a_plane_draws_the_border_where_there_is_one():
    f = {"first": lambda x: x[:, 0]}
    with_border, without = plot.plane_map(f, level=0.5), plot.plane_map(f, level=5)
    assert len(with_border.axes[0].collections) == 1 and not without.axes[0].collections


READING = {
    "tokens": " a\n",
    "vectors": np.arange(6.0).reshape(3, 2),
    "hidden": np.arange(5.0),
    "chances": {"x": 0.1, "y": 0.6, " ": 0.3},
}


def test_a_reading_shows_the_window_its_vectors_and_the_likeliest_token_first():
    fig = plot.reading(**READING, answer=" ")
    network, bars = fig.axes
    vectors, hidden = (image.get_array() for image in network.images)
    assert vectors.tolist() == [[0, 1, 2, 3, 4, 5]] and hidden.tolist() == [[0, 1, 2, 3, 4]]
    assert {"␣", "a", "↵", "a window of 3"} <= set(_words(fig))
    assert [label.get_text() for label in bars.get_yticklabels()] == ["y", "␣", "x"]
    assert [bar.get_width() for bar in bars.patches] == [0.6, 0.3, 0.1]
    assert [bool(bar.get_hatch()) for bar in bars.patches] == [False, True, False]
    (came,) = bars.texts
    assert came.get_text() == "came" and tuple(came.xy) == (0.3, 1)


def test_a_reading_draws_the_eight_likeliest_and_what_came():
    many = {chr(97 + k): k / 45 for k in range(10)}
    fig = plot.reading(**READING | {"chances": many})
    assert [label.get_text() for label in fig.axes[1].get_yticklabels()] == list("jihgfedc")
    assert not fig.axes[1].texts
    fig = plot.reading(**READING | {"chances": many}, answer="a")
    assert [label.get_text() for label in fig.axes[1].get_yticklabels()] == list("jihgfedca")
    assert [came.get_text() for came in fig.axes[1].texts] == ["came"]


def test_a_reading_of_other_shapes_says_so():
    with pytest.raises(ValueError, match=r"vectors \(2, 2\) must be \(3, d\): a row for each"):
        plot.reading(**READING | {"vectors": np.ones((2, 2))})
    with pytest.raises(ValueError, match=r"hidden \(1, 5\) must be \(d_ff\)"):
        plot.reading(**READING | {"hidden": np.ones((1, 5))})


def test_warped_grid_applies_the_map():
    fig = plot.warped_grid({"twice": lambda x: 2 * x}, squares=4)
    curves = fig.axes[0].get_lines()
    assert len(curves) == 2 * 5 + 1  # five lines each way, and the marked corner
    assert max(np.abs(line.get_xydata()).max() for line in curves) == 2
    assert curves[-1].get_xydata().tolist() == [[2, 2]]
    with pytest.raises(ValueError, match="warped_grid: maps is empty"):
        plot.warped_grid({})


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


def _used_twice_and_later():
    """h = exp(x), then h * h + h: the last arrow passes the box of the product."""
    return [
        GraphNode("input", (2,), (), 0, "input"),
        GraphNode("exp", (2,), (0,), 16, "op"),
        GraphNode("multiply", (2,), (1, 1), 16, "op"),
        GraphNode("add", (2,), (2, 1), 0, "op"),
    ]


def test_graph_shows_an_arrow_for_each_use():
    places, paths = _layout(_used_twice_and_later())
    _, one, other, _, _ = _ports(paths, places)
    assert min(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.2
    assert len(plot.graph(_used_twice_and_later()).axes[0].patches) == 4 + 5


def test_graph_leads_a_passing_arrow_straight_down_beside_the_boxes():
    places, paths = _layout(_used_twice_and_later())
    (passing,) = (path for path in paths if len(path) == 3)
    route = _route([places[stop] for stop in passing], (0.0, 0.0)).vertices
    x, y = places[2]  # the product's box
    assert route[3, 1] == y + HEIGHT / 2 and route[6, 1] == y - HEIGHT / 2
    assert len(set(route[2:8, 0])) == 1  # and the curve comes and goes without a corner
    assert abs(route[3, 0] - x) > WIDTH / 2 + 0.2


def test_graph_says_input_once():
    assert "input\n2" in _words(plot.graph(_used_twice_and_later()))


def test_graph_of_a_long_chain_and_of_nothing():
    assert len(plot.graph(_chain(60)).axes[0].patches) >= 61
    with pytest.raises(ValueError, match="graph: nodes is empty"):
        plot.graph([])


def test_multiples_draw_one_label_alike_in_all_panels():
    curves = {"one": {"y": ([0, 1], [2, 3]), "slope": ([0, 1], [1, 1])}, "two": {"y": ([0], [9])}}
    fig = plot.multiples(curves, x="input", y="output")
    looks = [{line.get_label(): line for line in ax.get_lines()} for ax in fig.axes]
    assert list(looks[0]["y"].get_ydata()) == [2, 3] and list(looks[1]["y"].get_ydata()) == [9]
    assert looks[0]["y"].get_color() == looks[1]["y"].get_color()
    assert looks[0]["y"].get_linestyle() != looks[0]["slope"].get_linestyle()
    assert fig.axes[0].get_ylim() == fig.axes[1].get_ylim()
    assert {"one", "two", "y", "slope", "input", "output"} <= set(_words(fig))


def test_multiples_of_nothing_or_of_too_much_say_so():
    for nothing in ({}, {"one": {}}):
        with pytest.raises(ValueError, match="multiples: curves is empty, or a panel is"):
            plot.multiples(nothing, x="x", y="y")
    with pytest.raises(ValueError, match="multiples: 8 labels are more than 7"):
        plot.multiples({"a": {str(i): ([0], [0]) for i in range(8)}}, x="x", y="y")


def test_letters_stand_in_their_cells_from_the_bottom_up():
    fig = plot.letters(
        ["a b", "c\nd"], [[0, 0.2, 1], [1, 1, 0]], names=["first", "last"], above="xyz",
        scale="probability",
    )  # fmt: skip
    ax = fig.axes[0]
    cells = {text.get_position(): (text.get_text(), text.get_color()) for text in ax.texts}
    assert [cells[i, 0][0] for i in range(3)] == ["a", "␣", "b"] and cells[1, 1][0] == "↵"
    assert cells[0, 0][1] != cells[2, 0][1]  # light on dark, dark on light
    bottom, top = ax.get_ylim()
    assert bottom < top and ax.images[0].get_clim() == (0, 1)
    fig.draw_without_rendering()
    assert {"first", "last", "x", "y", "z", "probability"} <= set(_words(fig))


@pytest.mark.parametrize(
    ("rows", "values", "names", "says"),
    [
        (["ab"], [[1, 2, 3]], ["r"], r"letters: values \(1, 3\) and rows of \[2\]"),
        (["ab", "abc"], np.zeros((2, 2)), ["r", "s"], r"rows of \[2, 3\] characters must be"),
        (["ab"], [[1, 2]], [], "letters: 0 names do not fit 1 rows"),
    ],
)
def test_letters_that_do_not_fit_are_named(rows, values, names, says):
    with pytest.raises(ValueError, match=says):
        plot.letters(rows, values, names=names, above="xy", scale="s")
