"""A study starts where it is called by its name alone, and in no other case."""

import ast
from pathlib import Path

import pytest

from tinyffn import studies
from tinyffn.studies.command import start

SOURCES = sorted(Path(studies.__file__).parent.glob("*.py"))
COMMANDS = {p.stem: p.read_text(encoding="utf-8") for p in SOURCES if p.stem != "trained"}
COMMANDS = {name: text for name, text in COMMANDS.items() if "def main(" in text}


def called(arguments):
    runs = []
    start("toy", lambda: runs.append("all"), "How long is a run?", arguments)
    return runs


def test_the_name_alone_starts_it():
    assert called([]) == ["all"]


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_says_what_is_measured_and_what_is_replaced(option, capsys):
    with pytest.raises(SystemExit) as stop:
        called([option])
    said = capsys.readouterr().out
    assert stop.value.code == 0
    assert "How long is a run?" in said and "studies/results/toy.json" in said


@pytest.mark.parametrize("word", ["toy", "--steps", "help"])
def test_nothing_starts_with_a_word_that_is_not_known(word, capsys):
    with pytest.raises(SystemExit) as stop:
        called([word])
    assert stop.value.code == 2
    assert f"unrecognized arguments: {word}" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_study_starts_so_under_its_own_name(name):
    *_, last = ast.parse(COMMANDS[name]).body
    assert ast.unparse(last) == f"if __name__ == '__main__':\n    start('{name}', main, __doc__)"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_study_keeps_its_results_under_that_name(name):
    kept = [
        node.args[0].value
        for node in ast.walk(ast.parse(COMMANDS[name]))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("keep", "results.keep")
        and isinstance(node.args[0], ast.Constant)
    ]
    assert kept == [name]
