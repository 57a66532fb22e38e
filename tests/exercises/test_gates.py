"""What every exercise must hold: no points for nothing, all for the reference, each known mistake
caught and named, and the answer nowhere but in its file."""

import ast
import dataclasses
import doctest
import json
import re
from pathlib import Path

import numpy as np
import pytest

from tinyffn.lab import grade as grader
from tinyffn.lab.checks import local
from tinyffn.lab.course import course_files, exercise_folders
from tinyffn.lab.exercise import load_exercise
from tinyffn.lab.folder import prepare
from tinyffn.lab.grade import grade, run_checks
from tinyffn.lab.runner import Worker
from tinyffn.lab.source import refusal
from tinyffn.lab.worker import Handle

ROOT = course_files()


def worker_on(exercise, path):
    """A process of its own for one file, to be used for all seeds."""
    return Worker(path.read_bytes(), exercise.given.read_bytes() if exercise.given else None)


def failed(outcomes):
    return [outcome for outcome in outcomes if outcome.status == "failed"]


# No points for nothing, all points for the reference.


def test_the_stub_scores_nothing(exercise, id):
    report = grade(exercise(id), (exercise(id).folder / "task.py").read_bytes())
    assert report.outcomes and not report.problem and report.points == 0
    assert "not written yet" in report.text()


def cheat(ask, fake):
    """The reference with every array it returns replaced by `fake(array, inputs)`."""

    def ask_cheat(request, doing):
        reply = ask(request, doing)
        inputs = list(arrays_in(request.get("args", [])))

        def walk(value):
            if isinstance(value, list | tuple):
                return type(value)(walk(item) for item in value)
            if isinstance(value, Handle) or not isinstance(value, np.ndarray | float | int):
                return value
            return fake(np.asarray(value), inputs)

        return {**reply, "value": walk(reply["value"])} if request["do"] == "call" else reply

    return ask_cheat


def arrays_in(value):
    if isinstance(value, np.ndarray):
        yield value
    if isinstance(value, list | tuple):
        for item in value:
            yield from arrays_in(item)


def noise(array, _):
    return np.random.default_rng(9).normal(size=array.shape).astype(array.dtype)


FAKES = {
    "zeros": lambda array, _: np.zeros_like(array),
    "ones": lambda array, _: np.ones_like(array),
    "the first input": lambda array, inputs: np.resize(inputs[0], array.shape).astype(array.dtype),
    "the last input": lambda array, inputs: np.resize(inputs[-1], array.shape).astype(array.dtype),
    "noise": noise,
}


@pytest.mark.parametrize("fake", FAKES)
def test_cheap_answers_score_nothing(exercise, id, fake, seeds, monkeypatch):
    monkeypatch.setattr(grader, "name_mistake", lambda *_: "")  # only points are looked at
    ex = exercise(id)
    ask = cheat(local(ex.reference, ex.given), FAKES[fake])
    for seed in seeds:
        assert sum(outcome.points for outcome in run_checks(ex, ask, seed)) == 0


def test_noise_is_taken_for_no_known_mistake(exercise, id):
    ex = exercise(id)
    outcomes = failed(run_checks(ex, cheat(local(ex.reference, ex.given), noise)))
    known = tuple(ex.wrong.values())
    assert outcomes and not any(outcome.message.startswith(known) for outcome in outcomes)


def test_the_reference_gets_full_marks_in_one_worker(exercise, id, seeds):
    ex = exercise(id)
    assert refusal(ex.reference.read_bytes(), ex.uses) == ""
    with worker_on(ex, ex.reference) as worker:
        for seed in seeds:
            outcomes = run_checks(ex, worker, seed)
            assert [o.status for o in outcomes] == ["passed"] * len(ex.checks)


# Known mistakes.


def assert_named(outcomes, message):
    """Some check fails; each that does says `message`, and is far off if it is off by value."""
    wrong = failed(outcomes)
    assert wrong, "full marks"
    assert wrong[0].message.startswith(message)
    for outcome in wrong:  # no other mistake's message, and no silence, at any check
        assert outcome.message.startswith((message, "as in: "))
        if outcome.failure.stage == "values":
            got, want = np.asarray(outcome.failure.got), np.asarray(outcome.failure.want)
            same = np.isclose(got, want, rtol=0, atol=100 * outcome.check.tolerance)
            scaled = np.isclose(got, want, rtol=100 * outcome.check.tolerance, atol=0)
            assert not (same | scaled).all(), "it differs by less than 100 tolerances"


def test_each_known_mistake_loses_points_and_is_named(exercise, outcomes, id, wrong_name):
    ex = exercise(id)
    path = ex.folder / "wrong" / f"{wrong_name}.py"
    assert refusal(path.read_bytes(), ex.uses) == ""
    for seed in range(3):
        assert_named(outcomes(id, path, seed), ex.wrong[path])


@pytest.mark.slow
def test_each_known_mistake_is_named_for_25_seeds_in_one_worker(exercise, id, wrong_name):
    ex = exercise(id)
    path = ex.folder / "wrong" / f"{wrong_name}.py"
    with worker_on(ex, path) as worker:
        for seed in range(25):
            assert_named(run_checks(ex, worker, seed), ex.wrong[path])


def test_a_known_mistake_is_named_through_the_worker_too(exercise, id):
    path, message = next(iter(exercise(id).wrong.items()))
    assert message in grade(exercise(id), path.read_bytes()).text()


def test_a_mistake_that_two_messages_fit_is_not_named(exercise, id, tmp_path):
    ex = exercise(id)
    path, message = next(iter(ex.wrong.items()))
    twin = tmp_path / "twin.py"
    twin.write_bytes(path.read_bytes())
    ambiguous = dataclasses.replace(ex, wrong={**ex.wrong, twin: "Another message."})
    outcome = failed(run_checks(ambiguous, local(path, ex.given)))[0]
    assert message not in outcome.message and "Another message." not in outcome.message


def test_there_are_known_mistakes_enough_and_no_message_twice(exercise, id):
    messages = list(exercise(id).wrong.values())
    assert len(messages) >= 4 and len(set(messages)) == len(messages)
    assert all(message.endswith((".", "?")) for message in messages)


def test_every_check_is_failed_by_a_known_mistake(exercise, outcomes, id):
    ex = exercise(id)
    caught = {o.check.name for path in ex.wrong for o in failed(outcomes(id, path, 0))}
    assert caught == {check.name for check in ex.checks}


# What the student reads.


def test_the_examples_fail_on_the_stub_and_hold_for_the_reference(part, id):
    task, reference = part(id, "task"), part(id, "reference")
    tests = []
    for name, function in list(vars(task).items()):
        if getattr(function, "__module__", None) == "task" and callable(function):
            assert hasattr(reference, name), f"the reference has no {name}"
            tests += [t for t in doctest.DocTestFinder().find(function, name) if t.examples]
    assert tests, "no function of task.py has an example"
    for test in tests:
        for module, right in ((task, False), (reference, True)):
            test.globs = {"np": np, **vars(module)}
            quiet = doctest.DocTestRunner(verbose=False)
            result = quiet.run(test, out=lambda text: None, clear_globs=False)
            assert (result.failed == 0) == right, f"{test.name} in {module.__name__}"


def test_the_hints_begin_with_a_question_and_differ(exercise, id):
    hints = exercise(id).hints
    assert len(set(hints)) == 3 and hints[0].endswith("?")
    assert not any(hint.endswith("?") for hint in hints[1:])


def test_there_are_questions_to_predict(exercise, id):
    questions = exercise(id).predict
    assert len(questions) >= 2
    assert all(len(set(q.choices)) == len(q.choices) >= 2 and q.why for q in questions)


def test_nothing_later_is_needed(exercise, id):
    """No text of an exercise's folder speaks of a later exercise."""
    ex, ids = exercise(id), list(exercise_folders())
    said = [ex.title, *ex.hints, *ex.wrong.values()]
    said += [text for q in ex.predict for text in (q.question, *q.choices, q.why)]
    said += [path.read_text(encoding="utf-8") for path in ex.folder.glob("*.py")]
    named = re.findall(r"(?:[Ee]xercises?|check\(\")\W*([E\d]\d*\.\d)\b", "\n".join(said))
    assert id in named and all(ids.index(other) <= ids.index(id) for other in named)


def test_the_lessons_ask_for_the_exercises_in_their_order_and_say_their_minutes(exercise):
    texts = [p.read_text(encoding="utf-8") for p in sorted(ROOT.glob("lessons/src/*.py"))]
    asked = re.findall(r'^check\("(.+?)"\)$', "\n".join(texts), flags=re.M)
    assert asked == list(exercise_folders())
    for id in asked:
        said = rf"\*\*Exercise {id}: [^*]*\*\* \({exercise(id).minutes} minutes\)"
        assert any(re.search(said, text) for text in texts), f"the minutes of exercise {id}"


# The answer stands nowhere else.


def statements(source: str) -> list[str]:
    """Every statement of a file as ast.unparse writes it; of a compound one, its first line."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    kept = [n for n in nodes if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return [ast.unparse(node).splitlines()[0] for node in kept]


def code_of(path: Path) -> str:
    """All code of a file, written by ast.unparse, so that spaces and quotes do not matter."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] != "code")
        code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    else:
        prose, code = text, text
    try:
        return prose + code + ast.unparse(ast.parse(code))
    except SyntaxError:  # a page of text, or a notebook's magic
        return prose + code


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, str]:
    """The text of every file that a student receives or is shown."""
    package = Path(load_exercise.__code__.co_filename).parents[1]
    received = prepare(tmp_path_factory.mktemp("home")).folder
    paths = [*package.rglob("*.py"), *ROOT.glob("lessons/src/*.py"), *received.rglob("*.*")]
    return {str(path): code_of(path) for path in paths if "course" not in path.parts}


def test_the_answer_stands_nowhere_else(exercise, published, id):
    ex = exercise(id)
    task = statements((ex.folder / "task.py").read_text(encoding="utf-8"))
    answer = statements(ex.reference.read_text(encoding="utf-8"))
    secret = [s for s in answer if len(s) > 30 and s not in task]
    assert secret
    places = {**published, **{f"hint {i + 1}": ex.hints[i] for i in range(2)}}
    leaks = [(s, where) for s in secret for where, text in places.items() if s in text]
    assert not leaks


def test_the_course_folder_is_searched_and_holds_no_answers(published):
    received = [Path(path) for path in published if "tinyffn-course" in Path(path).parts]
    tasks = {path.parent.name for path in received if path.name == "task.py"}
    assert tasks == {folder.name for folder in exercise_folders().values()}
    assert not {path.name for path in received} & {"reference.py", "checks.py", "exercise.toml"}


def test_the_search_for_leaks_finds_one(tmp_path):
    leak = tmp_path / "lesson.py"
    leak.write_text('def f(x):\n    total=np.einsum( "ij,j" ,x,x)\n', encoding="utf-8")
    assert statements("total = np.einsum('ij,j', x, x)")[0] in code_of(leak)
