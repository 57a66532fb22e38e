"""The command line, as a student gives it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tinyffn
from tinyffn.cli import main
from tinyffn.lab import course, jupyter
from tinyffn.lab.course import CourseError, exercise_folder
from tinyffn.lab.folder import prepare
from tinyffn.lab.progress import Progress

ROOT = Path(tinyffn.__file__).parents[1]
TASK = "tinyffn-course/exercises/01_1_transposed_dense/task.py"


def run(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p)
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def tinyffn_command(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "tinyffn", *args, cwd=cwd, **env)


def test_exit_codes_and_words(tmp_path):
    nowhere = tinyffn_command("check", "1.1", cwd=tmp_path)
    assert nowhere.returncode == 2 and not nowhere.stdout
    assert nowhere.stderr.startswith("tinyffn: there is no course folder in ")
    prepare(tmp_path)
    stub = tinyffn_command("check", "1.1", cwd=tmp_path)
    assert stub.returncode == 1 and "✗ y of a batch" in stub.stdout and "0 of " in stub.stdout
    reference = (exercise_folder("1.1") / "reference.py").read_bytes()
    (tmp_path / TASK).write_bytes(reference)  # within the same second
    right = tinyffn_command("check", "1.1", cwd=tmp_path / "tinyffn-course" / "lessons")
    assert right.returncode == 0 and ", all done" in right.stdout
    assert tinyffn_command("check", "9.9", cwd=tmp_path).returncode == 2


def test_a_terminal_that_is_not_utf8(tmp_path):
    prepare(tmp_path)
    text = "def dense(x, w, b):\n    print('é')\n    return x, lambda dy: dy\n"
    (tmp_path / TASK).write_text(text, encoding="utf-8")
    done = tinyffn_command("check", "1.1", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and not done.stderr
    assert "no y of a batch" in done.stdout and "-- dx of a batch" in done.stdout
    assert "| ?" in done.stdout


def test_the_suite_reads_no_file_in_an_unnamed_encoding(tmp_path):
    prepare(tmp_path)
    done = run(
        "-X", "warn_default_encoding", "-W", "error::EncodingWarning",
        "-m", "tinyffn", "check", "1.1", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1 and not done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_reader_that_stops_reading(tmp_path):
    prepare(tmp_path)
    command = f"'{sys.executable}' -m tinyffn check 1.1 | true"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=env, capture_output=True)
    assert not done.stderr


COMMANDS = [
    ["watch"], ["check"], ["hint", "1.1"], ["predict"], ["list"], ["reset", "1.1"],
    ["solution", "1.1"],
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The course folder, and the process is in it."""
    folder = prepare(tmp_path).folder
    monkeypatch.chdir(folder)
    return folder


def one_sentence(capsys) -> str:
    """What was said on stderr, which must be one line; nothing was said on stdout."""
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and said.err.startswith("tinyffn: ") and not said.out
    return said.err


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != ["check"]], ids=" ".join)
def test_without_a_course_folder(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    assert "there is no course folder in" in one_sentence(capsys)


@pytest.mark.parametrize("command", [c[0] for c in COMMANDS if c != ["list"]])
def test_an_exercise_that_does_not_exist(folder, capsys, command):
    assert main([command, "9.9"]) == 2
    assert "there is no exercise 9.9; there are: 1.1" in one_sentence(capsys)


@pytest.mark.parametrize("command", [["hint", "1.9"], ["reset", "1.9"], ["predict"], ["check"]])
def test_a_damaged_exercise(folder, tmp_path, monkeypatch, capsys, command):
    broken = tmp_path / "exercises" / "01_9_broken"
    broken.mkdir(parents=True)
    (tmp_path / "lessons").mkdir()
    (broken / "exercise.toml").write_text("title = ", encoding="utf-8")
    monkeypatch.setattr(course, "course_files", lambda: tmp_path)
    assert main(command) == 2
    assert "task.py is missing" in one_sentence(capsys)
    assert main(["list"]) == 0 and "task.py is missing" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="elsewhere such a directory cannot be deleted")
@pytest.mark.parametrize("command", [*COMMANDS, ["doctor"], []], ids=" ".join)
def test_a_directory_that_is_gone(tmp_path, monkeypatch, capsys, command):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(command) == 2
    assert "moved or deleted" in capsys.readouterr().err
    os.chdir(tmp_path)


def test_a_check_is_remembered(folder, capsys):
    task = folder.parent / TASK
    task.write_bytes((exercise_folder("1.1") / "wrong" / "db_averaged.py").read_bytes())
    assert main(["check", "1.1"]) == 1
    assert Progress(folder)["1.1"].points == 7
    assert main(["list"]) == 0 and "7/12" in capsys.readouterr().out
    (folder / "progress.json").write_text("{", encoding="utf-8")
    assert main(["check", "1.1"]) == 1
    assert "progress.json was damaged: it is now" in capsys.readouterr().err
    assert main(["check"]) == 1  # all: one after the other
    assert capsys.readouterr().out.count(" points\n") > 1


def test_all_are_checked_even_if_one_file_is_missing(folder, capsys):
    (folder.parent / TASK).unlink()
    assert main(["check"]) == 2
    said = capsys.readouterr()
    assert "task.py is missing" in said.err and "1.2  " in said.out


def test_the_solution_is_shown_to_who_has_passed_or_gives_up(folder, capsys):
    assert main(["solution", "1.1"]) == 1
    said = capsys.readouterr().out
    assert "1.1: 0 of 12 points" in said and "--give-up" in said and "def dense" not in said
    assert main(["solution", "1.1", "--give-up"]) == 0
    assert "def dense" in capsys.readouterr().out and Progress(folder)["1.1"].gave_up
    assert main(["solution", "1.1"]) == 0  # it has been seen
    (folder / "progress.json").unlink()
    (folder.parent / TASK).write_bytes((exercise_folder("1.1") / "reference.py").read_bytes())
    assert main(["solution", "1.1"]) == 0  # checked now, and remembered
    entry = Progress(folder)["1.1"]
    assert entry.done and not entry.gave_up


def test_a_reset_and_a_hint(folder, capsys):
    (folder.parent / TASK).write_bytes(b"mine")
    assert main(["reset", "1.1"]) == main(["hint", "1.1"]) == 0
    said = capsys.readouterr().out
    assert "task.backup-1.py" in said and "hint 1 of 3" in said
    assert (folder.parent / TASK).with_name("task.backup-1.py").read_bytes() == b"mine"
    assert main(["hint", "1.1", "--level", "4"]) == 2
    assert "the levels are 1 to 3" in one_sentence(capsys)


def test_predict_without_a_terminal(folder, capsys):
    assert main(["predict"]) == 0  # of the first unfinished exercise
    assert "tinyffn predict 1.1 --answers a,b" in capsys.readouterr().out
    assert main(["predict", "1.1", "--answers", "b,c"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "You said: (d_out, d_in). Yes." in said and "The answer is: it doubles." in said
    assert main(["predict", "1.1", "--answers", "b"]) == 2
    assert "a letter for each" in one_sentence(capsys)


def test_a_folder_that_is_read_only(folder, capsys):
    os.chmod(folder, 0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write anywhere")
        assert main(["hint", "1.1"]) == 0 and "cannot be kept" in capsys.readouterr().out
        assert main(["check", "1.1"]) == 1 and "cannot be kept" in capsys.readouterr().err
        assert main(["doctor"]) == 1
        assert "cannot be written to" in " ".join(capsys.readouterr().out.split())
    finally:
        os.chmod(folder, 0o700)


def test_it_opens_the_first_unfinished_lesson(folder, monkeypatch):
    opened = []
    monkeypatch.setattr(jupyter, "start_jupyter", lambda *a, **k: opened.append(k["lesson"]) or 0)
    (folder / "lessons" / "99_last.ipynb").touch()
    assert main([]) == 0
    progress = Progress(folder)
    for name in course.exercise_folders():
        progress[name].points = progress[name].possible = 1
    progress.keep()
    assert main([]) == 0
    assert opened == ["01_dense_layers.ipynb", "99_last.ipynb"]


def test_version_and_help(tmp_path):
    help_text = tinyffn_command("--help", cwd=tmp_path)
    assert help_text.returncode == 0 and "check" in help_text.stdout
    assert "Traceback" not in tinyffn_command("nonsense", cwd=tmp_path).stderr


def test_what_a_command_does_not_need_is_not_imported(tmp_path):
    code = "import sys, tinyffn.cli\nprint('tinyffn.lab' in sys.modules)\n"
    code += "import tinyffn.lab.grade, tinyffn.lab.jupyter\nprint('matplotlib' in sys.modules)"
    assert run("-c", code, cwd=tmp_path).stdout.split() == ["False", "False"]
    prepare(tmp_path)
    code = "import sys, tinyffn.cli\ntinyffn.cli.main(['hint', '1.1'])\n"
    code += "unneeded = {'matplotlib', 'jupyterlab', 'IPython', 'tinyffn.lab.watch', 'tqdm'}\n"
    code += "sys.exit(sorted(unneeded & sys.modules.keys()))"
    assert run("-c", code, cwd=tmp_path).stderr == "[]\n"


def test_nothing_needs_a_module_that_only_posix_has(tmp_path):
    code = (
        "import sys\n"
        "for name in ('resource', 'termios', 'fcntl', 'pwd', 'grp', 'tty', 'pty'):\n"
        "    sys.modules[name] = None\n"
        "import tinyffn.cli, tinyffn.lab.jupyter, tinyffn.lab.folder, tinyffn.lab.worker\n"
        "import tinyffn.lab.watch, tinyffn.lab.doctor, tinyffn.lab.reset\n"
        "from tinyffn.lab import check\nprint(check('9.9').report.problem)\n"
    )
    done = run("-c", code, cwd=tmp_path)
    assert "there is no exercise 9.9" in done.stdout, done.stderr


def test_the_worker_needs_no_tinyffn(tmp_path):
    worker = (ROOT / "tinyffn/lab/worker.py").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import) tinyffn", worker, re.MULTILINE)


def test_without_jupyterlab_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(jupyter.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"JupyterLab is not installed.*\[course\]"):
        jupyter.start_jupyter(tmp_path, None, browser=False)


def test_a_taken_port_is_said(tmp_path):
    with jupyter.socket.socket() as taken:
        taken.bind((jupyter.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CourseError, match=rf"port {port} cannot be had"):
            jupyter.free_port(port)
    assert jupyter.free_port(port) == port
    with pytest.raises(CourseError, match="port 99999 cannot be had"):
        jupyter.free_port(99999)


@pytest.mark.parametrize("root", [True, False])
@pytest.mark.parametrize("browser", [True, False])
def test_how_jupyter_is_started(tmp_path, monkeypatch, capsys, root, browser):
    started = []
    monkeypatch.setattr(jupyter.importlib.util, "find_spec", lambda name: True)
    monkeypatch.setattr(jupyter, "is_root", lambda: root)
    monkeypatch.setattr(jupyter, "has_browser", lambda: browser)
    monkeypatch.setattr(jupyter, "wait_for", lambda process: 0)
    monkeypatch.setattr(jupyter.subprocess, "Popen", lambda *a, **k: started.append((a[0], k)))
    lesson = "01_first.ipynb"
    assert jupyter.start_jupyter(tmp_path, None, browser=True, lesson=lesson) == 0
    command, settings = started[0]
    said = capsys.readouterr().out
    assert ("--allow-root" in command) == ("You are root" in said) == root
    assert ("--no-browser" in command) == (not browser)
    assert "--ServerApp.ip=127.0.0.1" in command
    token = settings["env"]["JUPYTER_TOKEN"]
    assert not any(token in word for word in command)
    assert f"/lab/tree/lessons/01_first.ipynb?token={token}" in said


def test_a_terminal_in_jupyter_knows_our_commands(monkeypatch):
    monkeypatch.setenv("PATH", "/elsewhere")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    env = jupyter.environment()
    assert env["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/elsewhere"]
    ours, theirs = env["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "/mine"
    settings = (Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8")
    assert json.loads(settings)["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
    monkeypatch.delenv("JUPYTER_CONFIG_PATH")
    assert jupyter.environment()["JUPYTER_CONFIG_PATH"] == ours


def test_lessons_compute_in_one_thread_unless_the_reader_says_otherwise(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert jupyter.environment()["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    assert jupyter.environment()["OPENBLAS_NUM_THREADS"] == "4"
