"""The teachers' overview knows every figure, and the minutes that the lessons and exercises say."""

import re
import tomllib

import pytest


@pytest.fixture(scope="module")
def rows():
    """Every row of the tables of lessons/teacher/README.md, as its cells."""
    from .conftest import ROOT

    text = (ROOT / "lessons" / "teacher" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d\d.*) \|$", text, flags=re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_every_figure_says_on_how_many_seeds_it_rests(rows, source, built):
    shown = [
        "".join(output["data"]["text/plain"])
        for cell in built["cells"]
        for output in cell.get("outputs", [])
        if "".join(output.get("data", {}).get("text/plain", "")).startswith("[figure]")
    ]
    listed = [cells for cells in rows if cells[0] == source.name[:2]]
    assert len(listed) == len(shown) - 1  # without the map of the course
    assert all(len(cells) == 3 and cells[2] for cells in listed)


def test_the_minutes_are_those_of_the_lesson_and_its_exercises(rows, source, headings):
    core = whole = 0
    for _, words in headings:
        if minutes := re.search(r" · (\d+) min( \(90\))?$", words):
            whole += int(minutes[1])
            core += 0 if minutes[2] else int(minutes[1])
    paths = source.parents[2].glob(f"exercises/{source.name[:2]}_*/exercise.toml")
    homework = sum(tomllib.loads(p.read_text(encoding="utf-8"))["minutes"] for p in paths)
    (row,) = (cells for cells in rows if cells[0].startswith(f"{source.name[:2]} "))
    assert row[2:] == [f"{core}, {whole}", str(homework)]
