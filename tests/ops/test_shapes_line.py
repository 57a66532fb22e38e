"""The reader of Shapes lines: it takes names, numbers and `...`, and nothing else."""

import pytest

from .shapes_line import labels_in, parse, section, shape_of


def test_reads_names_numbers_and_leading_axes():
    line = parse("x (..., d_in), w (d_in, 4), b () -> y (..., 4)")
    assert line.inputs == {"x": ("...", "d_in"), "w": ("d_in", "4"), "b": ()}
    assert line.sizes == ["d_in"]
    assert line.has_leading
    assert shape_of(line.inputs["x"], {"d_in": 3}, (5, 2)) == (5, 2, 3)
    assert shape_of(line.output, {"d_in": 3}, ()) == (4,)


@pytest.mark.parametrize(
    "line",
    [
        "x (..., d)",  # no result
        "x (d) -> z (d)",
        "-> y (d)",
        "x (d) float32 -> y (d)",  # nothing is ever added to the line
        "x (d) or w (d) -> y (d)",
        "x (d), b optional -> y (d)",
    ],
)
def test_refuses_all_else(line):
    with pytest.raises(ValueError, match="not a"):
        parse(line)


def test_finds_labels_and_the_text_under_them():
    doc = """One sentence.

    Forward    y = x
    Shapes     x (d)
               -> y (d)
    Source     Somebody
    """
    assert labels_in(doc) == ["Forward", "Shapes", "Source"]
    assert section(doc, "Shapes") == "x (d) -> y (d)"
    assert section(doc, "Errors") == ""
