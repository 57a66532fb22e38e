"""progress.json: best points, whole at every moment, and no crash where it is damaged."""

import json
import os
import threading

import pytest

from tinyffn.lab.course import CourseError
from tinyffn.lab.grade import grade
from tinyffn.lab.progress import FILE, Progress, record

RIGHT_SO_FAR = b"def double(x):\n    return x + x\n"


def test_the_best_points_stay(exercise, tmp_path):
    good, worse = grade(exercise, RIGHT_SO_FAR), grade(exercise, b"def double(x):\n    return x\n")
    assert record(tmp_path, good) == record(tmp_path, worse) == ""
    entry = Progress(tmp_path)["1.9"]
    assert (entry.points, entry.possible, entry.done) == (3, 4, False)
    full = grade(exercise, exercise.reference.read_bytes())
    record(tmp_path, full)
    assert Progress(tmp_path)["1.9"].done
    assert list(json.loads((tmp_path / FILE).read_text("utf-8"))["exercises"]) == ["1.9"]


def test_points_of_an_older_version_of_the_exercise_do_not_count(exercise, tmp_path):
    progress = Progress(tmp_path)
    progress["1.9"].points = progress["1.9"].possible = 9
    assert not progress.keep()
    record(tmp_path, grade(exercise, RIGHT_SO_FAR))
    assert (Progress(tmp_path)["1.9"].points, Progress(tmp_path)["1.9"].possible) == (3, 4)


def test_what_cannot_be_graded_is_not_recorded(exercise, tmp_path):
    assert record(tmp_path, grade(exercise, b"def double(x:\n")) == ""
    assert not (tmp_path / FILE).exists()


DAMAGE = {
    "empty": "",
    "cut": '{"folder": "/a", "exercises": {"1.1": {"poi',
    "list": "[]",
    "no exercises": "{}",
    "words": '{"exercises": {"1.1": {"points": "many"}}}',
    "bool": '{"exercises": {"1.1": {"points": true}}}',
    "entry": '{"exercises": {"1.1": 3}}',
    "predictions": '{"exercises": {"1.1": {"predictions": [3]}}}',
    "deep": "[" * 100_000,
    "folder": '{"folder": 3, "exercises": {}}',
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_set_aside(exercise, tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    (tmp_path / "progress.damaged-1.json").write_text("an older one", encoding="utf-8")
    note = record(tmp_path, grade(exercise, RIGHT_SO_FAR))
    assert note == "progress.json was damaged: it is now progress.damaged-2.json, and a new one " \
        "is begun"  # fmt: skip
    assert (tmp_path / "progress.damaged-2.json").read_text("utf-8") == text
    assert (tmp_path / "progress.damaged-1.json").read_text("utf-8") == "an older one"
    assert Progress(tmp_path)["1.9"].points == 3 and not Progress(tmp_path).note


def test_bytes_that_are_no_text_are_damage_too(tmp_path):
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    assert "was damaged" in Progress(tmp_path).note


def test_a_file_edited_in_notepad_or_by_another_version_is_read(tmp_path):
    text = '\ufeff{"exercises": {"1.1": {"points": 2, "possible": 3, "since": 2031}}}'
    (tmp_path / FILE).write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    progress = Progress(tmp_path)
    assert not progress.note and progress["1.1"].points == 2


def test_what_cannot_be_written_or_read_is_a_sentence(exercise, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    report = grade(exercise, RIGHT_SO_FAR)
    record(tmp_path, report)
    before = (tmp_path / FILE).read_bytes()
    monkeypatch.setattr(os, "replace", fail)
    full = grade(exercise, exercise.reference.read_bytes())
    assert "cannot be kept in" in (said := record(tmp_path, full)) and "No space left" in said
    assert (tmp_path / FILE).read_bytes() == before
    monkeypatch.undo()
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert "cannot read" in record(tmp_path, report)
    with pytest.raises(CourseError, match="cannot read"):
        Progress(tmp_path)


def test_two_terminals_at_once_leave_a_whole_file(tmp_path):
    def work(name):
        for points in range(40):
            progress = Progress(tmp_path)
            progress[name].points = points
            assert not progress.keep()
            notes.append(Progress(tmp_path).note)

    notes = []
    threads = [threading.Thread(target=work, args=(name,)) for name in ("1.1", "1.2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(notes) == {""} and not list(tmp_path.glob("*damaged*"))
    assert 39 in {entry.points for entry in Progress(tmp_path).entries.values()}
