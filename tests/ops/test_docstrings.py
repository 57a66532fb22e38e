"""What the docstring of every op says, and in which order."""

import inspect
import re

import pytest

from .examples import LAYER_OPS, OPS, positional_arguments
from .shapes_line import labels_in, parse, section
from .table import SURROGATES


@pytest.mark.parametrize("name", OPS)
def test_docstring(name):
    """A layer op has all labels in order; a primitive has a single line."""
    doc = inspect.getdoc(OPS[name])
    if name not in LAYER_OPS:
        assert "\n" not in doc, f"{name}: one line, or all of Forward, Backward, Shapes, Source"
        return
    raises = re.search(r"\braise |\b_?must_|\b_checked_", inspect.getsource(OPS[name]))
    errors = ["Errors"] if raises or "Errors" in labels_in(doc) else []
    labels = ["Forward", "Backward", "Shapes", *errors, "Source"]
    assert labels_in(doc) == labels, (
        f"{name}: the labels are {labels_in(doc)}, but must be {labels} (CONTRIBUTING.md, step 2)"
    )
    assert doc.splitlines()[1] == "", f"{name}: one sentence, an empty line, then the rest"
    arguments, shapes = positional_arguments(name), list(parse(section(doc, "Shapes")).inputs)
    assert shapes == arguments, f"{name}: Shapes names {shapes}, but the arguments are {arguments}"


@pytest.mark.parametrize("name", OPS)
def test_backward_formula_names_every_gradient(name):
    """d and the argument's name, for each argument: dx, dw, db."""
    if name in LAYER_OPS:
        backward = section(inspect.getdoc(OPS[name]), "Backward")
        for argument in positional_arguments(name):
            assert f"d{argument}" in backward, f"{name}: Backward says nothing of d{argument}"


def test_surrogates_say_so():
    for name in LAYER_OPS:
        says_so = "surrogate" in section(inspect.getdoc(OPS[name]), "Backward")
        assert says_so == (name in SURROGATES), f"{name}: the docstring and SURROGATES disagree"
