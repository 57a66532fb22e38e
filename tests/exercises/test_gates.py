"""What every exercise must hold: no points for nothing, all for the reference, and each known
mistake caught and named."""

import ast
import functools
import json
from pathlib import Path

import numpy as np
import pytest

from tinyffn.lab.checks import local
from tinyffn.lab.course import course_files, exercise_folders
from tinyffn.lab.exercise import Exercise, load_exercise
from tinyffn.lab.grade import grade, run_checks
from tinyffn.lab.runner import Worker
from tinyffn.lab.source import refusal
from tinyffn.lab.worker import Handle

FOLDERS = exercise_folders()
SEEDS = range(5)
ROOT = course_files()


@functools.cache
def load(exercise_id: str) -> Exercise:
    return load_exercise(FOLDERS[exercise_id])


WRONG = [(i, path.stem) for i in FOLDERS for path in load(i).wrong]


@pytest.mark.parametrize("id", FOLDERS)
def test_the_stub_scores_nothing(id):
    report = grade(load(id), (FOLDERS[id] / "task.py").read_bytes())
    assert report.outcomes and not report.problem and report.points == 0
    assert "not written yet" in report.text()


def cheat(ask, fake):
    """The reference with every array it returns replaced by `fake(array, arguments)`."""

    def ask_cheat(request, doing):
        reply = ask(request, doing)
        arguments = [a for a in request.get("args", []) if isinstance(a, np.ndarray)]

        def walk(value):
            if isinstance(value, list | tuple):
                return type(value)(walk(item) for item in value)
            if isinstance(value, Handle) or not isinstance(value, np.ndarray | float | int):
                return value
            return fake(np.asarray(value), arguments)

        return {**reply, "value": walk(reply["value"])} if request["do"] == "call" else reply

    return ask_cheat


FAKES = {
    "zeros": lambda array, _: np.zeros_like(array),
    "ones": lambda array, _: np.ones_like(array),
    "the first input": lambda array, inputs: np.resize(inputs[0], array.shape).astype(array.dtype),
    "the last input": lambda array, inputs: np.resize(inputs[-1], array.shape).astype(array.dtype),
    "noise": lambda array, _: np.random.default_rng(9).normal(size=array.shape).astype(array.dtype),
}


@pytest.mark.parametrize("fake", FAKES)
@pytest.mark.parametrize("id", FOLDERS)
def test_cheap_answers_score_nothing(id, fake):
    exercise = load(id)
    ask = cheat(local(exercise.reference, exercise.given), FAKES[fake])
    for seed in SEEDS:
        assert sum(outcome.points for outcome in run_checks(exercise, ask, seed)) == 0


@pytest.mark.parametrize("id", FOLDERS)
def test_the_reference_gets_full_marks_in_one_worker(id):
    exercise = load(id)
    source = exercise.reference.read_bytes()
    assert refusal(source, exercise.uses) == ""
    given = exercise.given.read_bytes() if exercise.given else None
    with Worker(source, given) as worker:
        for seed in SEEDS:
            outcomes = run_checks(exercise, worker, seed)
            assert [o.status for o in outcomes] == ["passed"] * len(exercise.checks)


@pytest.mark.parametrize(("id", "name"), WRONG)
def test_each_known_mistake_loses_points_and_is_named(id, name):
    exercise = load(id)
    path = next(path for path in exercise.wrong if path.stem == name)
    assert refusal(path.read_bytes(), exercise.uses) == ""
    message = exercise.wrong[path]
    for seed in SEEDS[:2]:
        outcomes = run_checks(exercise, local(path, exercise.given), seed)
        failed = [outcome for outcome in outcomes if outcome.status == "failed"]
        assert failed, f"{name} gets full marks"
        assert failed[0].message.startswith(message)
        for outcome in failed:  # no other mistake's message, and no silence, at any check
            assert outcome.message.startswith((message, "as in: "))
            failure = outcome.failure
            if failure.stage == "values":
                limit = 100 * outcome.check.tolerance * np.maximum(1, np.abs(failure.want))
                assert (np.abs(failure.got - failure.want) > limit).any()


@pytest.mark.parametrize("id", FOLDERS)
def test_a_known_mistake_is_named_through_the_worker_too(id):
    exercise = load(id)
    path, message = next(iter(exercise.wrong.items()))
    assert message in grade(exercise, path.read_bytes()).text()


@pytest.mark.parametrize("id", FOLDERS)
def test_there_are_known_mistakes_enough_and_no_message_twice(id):
    messages = list(load(id).wrong.values())
    assert len(messages) >= 4 and len(set(messages)) == len(messages)


@pytest.mark.parametrize("id", FOLDERS)
def test_every_check_is_failed_by_a_known_mistake(id):
    exercise = load(id)
    caught = set()
    for path in exercise.wrong:
        outcomes = run_checks(exercise, local(path, exercise.given), 0)
        caught |= {outcome.check.name for outcome in outcomes if outcome.status == "failed"}
    assert caught == {check.name for check in exercise.checks}


def statements(source: str) -> list[str]:
    """Every statement of a file as ast.unparse writes it; of a compound one, its first line."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    kept = [n for n in nodes if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return [ast.unparse(node).splitlines()[0] for node in kept]


def code_of(path: Path) -> str:
    """All code of a file, written by ast.unparse, so that spaces and quotes do not matter."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    try:
        return text + ast.unparse(ast.parse(text))
    except SyntaxError:  # a notebook's magic
        return text


@functools.cache
def published() -> dict[str, str]:
    package = Path(load_exercise.__code__.co_filename).parents[1]
    paths = [*package.rglob("*.py"), *ROOT.glob("lessons/**/*.py"), *ROOT.glob("lessons/*.ipynb")]
    return {str(path): code_of(path) for path in paths if "course" not in path.parts}


@pytest.mark.parametrize("id", FOLDERS)
def test_the_answer_stands_nowhere_else(id):
    exercise = load(id)
    task = (FOLDERS[id] / "task.py").read_text(encoding="utf-8")
    answer = exercise.reference.read_text(encoding="utf-8")
    secret = [s for s in statements(answer) if len(s) > 30 and s not in statements(task)]
    assert secret
    places = {**published(), **{f"hint {i + 1}": exercise.hints[i] for i in range(2)}}
    leaks = [(s, where) for s in secret for where, text in places.items() if s in text]
    assert not leaks


def test_the_search_for_leaks_finds_one(tmp_path):
    leak = tmp_path / "lesson.py"
    leak.write_text('def f(x):\n    total=np.einsum( "ij,j" ,x,x)\n', encoding="utf-8")
    assert statements("total = np.einsum('ij,j', x, x)")[0] in code_of(leak)
