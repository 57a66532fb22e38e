"""Reads a Shapes line, such as `x (..., d_in), w (d_in, d_out), b (d_out) -> y (..., d_out)`.

Names stand for sizes, numbers for themselves, and `...` for any leading axes.
"""

import re
from dataclasses import dataclass

LABELS = ("Forward", "Backward", "Shapes", "Errors", "Source")


@dataclass(frozen=True)
class ShapesLine:
    inputs: dict  # argument name -> its axes, as written
    output: tuple

    @property
    def sizes(self):
        """The names of all sizes, in the order of their first appearance."""
        axes = [axis for shape in (*self.inputs.values(), self.output) for axis in shape]
        return list(dict.fromkeys(a for a in axes if a != "..." and not a.isdigit()))

    @property
    def has_leading(self):
        return any("..." in axes for axes in (*self.inputs.values(), self.output))


def parse(line):
    arguments, arrow, result = line.partition(" -> ")
    inputs, output = _arrays(arguments), _arrays(result)
    if not arrow or not inputs or list(output) != ["y"]:
        raise ValueError(f"not a Shapes line: {line!r}")
    return ShapesLine(inputs, output["y"])


def shape_of(axes, sizes, leading):
    """The axes as numbers: each name by its size, `...` by the leading axes."""
    shape = ()
    for axis in axes:
        if axis == "...":
            shape += leading
        else:
            shape += (int(axis) if axis.isdigit() else sizes[axis],)
    return shape


def labels_in(docstring):
    """The labels of a docstring in the order in which they stand there."""
    return re.findall(rf"^ *({'|'.join(LABELS)})  ", docstring, re.MULTILINE)


def section(docstring, label):
    """The text under one label, lines joined."""
    labels = "|".join(LABELS)
    found = re.search(
        rf"^ *{label} +(.*?)(?=^ *(?:{labels})  |\Z)", docstring, re.MULTILINE | re.DOTALL
    )
    return " ".join(found[1].split()) if found else ""


def _arrays(text):
    pattern = r"(\w+) \(([^()]*)\)"
    leftover = re.sub(pattern, "", text).replace(",", "").strip()
    if leftover:
        raise ValueError(f"not a list of arrays with their axes: {text!r}")
    return {
        name: tuple(axis.strip() for axis in axes.split(",") if axis.strip())
        for name, axes in re.findall(pattern, text)
    }
