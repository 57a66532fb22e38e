"""Alternative text reaches everyone: in a notebook, in a script, and in a page made from either."""

import base64
import html
import re
import subprocess
import sys

import pytest

from tinyffn import plot


def _figure():
    return plot.lines({"a": ([1, 2], [3, 4])}, x="step", y="loss (nats)")


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_an_empty_alternative_text_is_refused(alt):
    with pytest.raises(ValueError, match="show: alt is empty: say in a sentence what is to be"):
        plot.show(_figure(), alt=alt)


def test_the_html_carries_text_and_image():
    alt = 'A "rising" line, 3 < 4 & more\n    of it'
    page = plot.Picture(_figure(), alt)._repr_html_()
    found = re.search(r'<img alt="([^"]*)".* src="data:image/png;base64,([^"]*)">', page)
    assert html.unescape(found[1]) == 'A "rising" line, 3 < 4 & more of it'
    assert base64.b64decode(found[2]).startswith(b"\x89PNG")


def test_the_same_figure_gives_the_same_bytes():
    first, second = (plot.Picture(_figure(), "a line")._repr_html_() for _ in range(2))
    assert first == second


def test_a_plain_script_prints_the_text_and_needs_neither_pyplot_nor_ipython():
    script = (
        "import sys; from tinyffn import plot; plot.show(plot.course_map(1), alt='nineteen boxes');"
        "assert not {'matplotlib.pyplot', 'IPython'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "[figure] nineteen boxes\n"), done.stderr
