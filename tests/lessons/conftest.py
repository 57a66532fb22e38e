"""Every lesson, as source and as built notebook. A new lesson is tested from its first commit."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "lessons" / "src").glob("[0-9]*.py"))


@pytest.fixture(scope="session")
def build():
    """The build tool, which is a script and no part of the package."""
    spec = importlib.util.spec_from_file_location("lessons_build", ROOT / "lessons" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=SOURCES, ids=[path.stem for path in SOURCES])
def source(request):
    """The path of a lesson's source: a test that asks for it runs once for every lesson."""
    return request.param


@pytest.fixture
def lesson(source, build):
    """The lesson as its source says it: a notebook that has not been run."""
    return build.convert(source)


@pytest.fixture
def codes(lesson):
    """The text of each code cell."""
    return [cell.source for cell in lesson.cells if cell.cell_type == "code"]


@pytest.fixture
def texts(lesson):
    """The text of each cell of prose."""
    return [cell.source for cell in lesson.cells if cell.cell_type == "markdown"]


@pytest.fixture
def headings(texts):
    """(level, words) of every heading."""
    found = [re.findall(r"^(#+) (.*)$", text, flags=re.M) for text in texts]
    return [(len(marks), words) for lines in found for marks, words in lines]


@pytest.fixture
def built(source, build):
    """The committed notebook, as plain data."""
    return json.loads(build.target(source).read_text(encoding="utf-8"))
