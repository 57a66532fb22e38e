"""What a result rests on: all of it is named, and a Python without its text is no failure."""

import subprocess
import sys

from tinyffn.studies import made_with


def test_a_python_without_its_documentation_says_so(monkeypatch):
    def missing():
        raise RuntimeError("this Python came without its documentation")

    usual = made_with.made_with()
    monkeypatch.setattr(made_with, "documentation", missing)
    assert made_with.made_with.__wrapped__() == {**usual, "text": "none"}


def test_to_ask_for_the_version_of_matplotlib_is_not_to_import_it():
    code = (
        "import sys; from tinyffn.studies.made_with import made_with; made_with(); "
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
