"""What every lesson must be, as far as its source can tell: its anatomy, its cells, its honesty."""

import ast
import importlib.util
import re
import statistics

import pytest

ANATOMY = [
    "Where you are",
    "The question",
    "What you will be able to do",
    "Predict",
    "Build by hand",
    "The clear version",
    "The library's version",
    "Measure",
    "What broke, and why",
    "Exercises",
    "Check yourself",
    "Go further",
]


def test_sections_stand_in_their_order(headings):
    sections = [words for level, words in headings if level == 2]
    assert len(sections) == len(ANATOMY), sections
    for section, start in zip(sections, ANATOMY, strict=True):
        assert section.startswith(start)


def test_the_core_takes_50_minutes_and_the_whole_90(headings):
    """Each section says its minutes, `## Measure · 13 min`; what is marked (90) is not core."""
    core = whole = 0
    for level, words in headings:
        minutes = re.search(r" · (\d+) min( \(90\))?$", words)
        if level == 2 and not words.startswith("Go further"):
            assert minutes, f"no minutes in the heading {words!r}"
        if minutes:
            whole += int(minutes[1])
            core += 0 if minutes[2] else int(minutes[1])
    assert 40 <= core <= 50
    assert core < whole <= 90


def test_the_first_cell_prints_the_seed(codes):
    assert re.search(r"^seed = \d+$", codes[0], flags=re.M)
    assert "default_rng(seed)" in codes[0]
    assert re.search(r"^print\(.*seed", codes[0], flags=re.M)
    assert not any("np.random.seed" in code or "default_rng()" in code for code in codes)


def test_a_prediction_is_asked_before_it_is_answered_and_named_when_wrong(codes, texts):
    """`my_rank = None` asks; a later cell shows the reader's answer beside the measured one."""
    asked = {}
    for place, code in enumerate(codes):
        for name in re.findall(r"^(my_\w+) = None\b", code, flags=re.M):
            asked[name] = place
    assert len(asked) >= 3
    for name, place in asked.items():
        assert codes[place].count("\n") == 0, f"{name}: nothing else belongs into its cell"
        assert any(name in code for code in codes[place + 1 :]), f"{name} is never looked at"
    assert sum(len(re.findall(r"^\*\*Prediction \d\.\*\*", t, re.M)) for t in texts) == len(asked)
    assert sum(t.count("**If you said") for t in texts) >= len(asked)


def test_cells_are_short(codes):
    lengths = [len(code.splitlines()) for code in codes]
    assert statistics.median(lengths) <= 6
    assert max(lengths) <= 20


def _calls(tree):
    """The dotted names of all that a cell calls itself, not inside its functions."""
    todo = [s for s in tree.body if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
    for statement in todo:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func)


def test_a_cell_that_shows_something_asserts_it(codes):
    for code in codes[1:]:  # the first prints the seed
        tree = ast.parse(code)
        calls = set(_calls(tree))
        silent = {"plot.course_map", "inspect.getsource"}  # a map and a source claim nothing
        if calls & {"print", "plot.show"} and not calls & silent:
            assert any(isinstance(node, ast.Assert) for node in ast.walk(tree)), code


def test_every_figure_has_its_words(codes):
    figures = 0
    for code in codes:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "plot.show":
                (alt,) = (k.value for k in node.keywords if k.arg == "alt")
                words = "".join(
                    part.value
                    for part in ast.walk(alt)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                assert len(words) > 40, f"too short to say what is to be seen: {words!r}"
                figures += 1
    assert figures >= 2  # the map, and one that one would rather look at than read


def test_figures_come_from_the_library_in_its_colours(codes):
    whole = "\n".join(codes)
    assert "matplotlib" not in whole
    assert not re.search(r"#[0-9A-Fa-f]{6}\b", whole)
    for node in ast.walk(ast.parse(whole)):
        if isinstance(node, ast.keyword) and node.arg in ("c", "color", "cmap"):
            assert not isinstance(node.value, ast.Constant), ast.unparse(node.value)


def test_imports_exist_and_stay_off_the_network(codes):
    forbidden = {"urllib", "http", "socket", "requests", "ftplib", "subprocess", "ssl"}
    for node in ast.walk(ast.parse("\n".join(codes))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module]
        for name in names:
            assert name.split(".")[0] not in forbidden
            assert importlib.util.find_spec(name), name
    assert not any("http://" in code or "https://" in code for code in codes)


def test_the_library_s_source_is_shown(codes, lesson):
    places = [i for i, cell in enumerate(lesson.cells) if "inspect.getsource(" in cell.source]
    starts = {cell.source.split("·")[0].strip("# "): i for i, cell in enumerate(lesson.cells)}
    assert places
    assert any(starts["The library's version"] < i < starts["Measure"] for i in places)


def test_the_exercises_are_checked_in_the_lesson(codes, source):
    exercises = source.parents[2].glob(f"exercises/{source.name[:2]}_*/exercise.toml")
    for exercise in exercises:
        lesson, number = exercise.parent.name.split("_")[:2]
        assert f'check("{int(lesson)}.{number}")' in codes


def _statements(path):
    """The statements of a file as Python itself would write them, without docstrings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and not is_text:
            yield ast.unparse(node)


def test_no_answer_to_an_exercise_is_given_away(codes, texts, source):
    said = "\n".join([*(ast.unparse(ast.parse(code)) for code in codes), *texts])
    for reference in source.parents[2].glob("exercises/*/reference.py"):
        task = "\n".join(_statements(reference.with_name("task.py")))
        for statement in _statements(reference):
            if len(statement) > 30 and statement not in task:
                assert statement not in said, f"{reference.parent.name}: {statement}"


def test_the_teacher_s_page_stands_beside_it(source):
    page = source.parents[1] / "teacher" / f"{source.stem}.md"
    text = page.read_text(encoding="utf-8")
    for section in ("50 minutes", "90 minutes", "board", "Three oral questions", "Rubric"):
        assert re.search(rf"^## .*{section}", text, flags=re.M), section
    assert re.search(r"^## Misconceptions", text, flags=re.M)
    for name in re.findall(r"`(wrong/\w+\.py)`", text):
        assert list(source.parents[2].glob(f"exercises/{source.name[:2]}_*/{name}")), name


def test_there_is_at_least_one_lesson(build):
    if not build.sources():
        pytest.fail("no lesson found in lessons/src")
