"""The command line, as a student gives it: in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tinyffn
from tinyffn.lab import jupyter
from tinyffn.lab.course import CourseError, exercise_folder
from tinyffn.lab.folder import prepare

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


def test_version_and_help(tmp_path):
    help_text = tinyffn_command("--help", cwd=tmp_path)
    assert help_text.returncode == 0 and "check" in help_text.stdout
    assert "Traceback" not in tinyffn_command("nonsense", cwd=tmp_path).stderr


def test_what_a_command_does_not_need_is_not_imported(tmp_path):
    code = "import sys, tinyffn.cli\nprint('tinyffn.lab' in sys.modules)\n"
    code += "import tinyffn.lab.grade, tinyffn.lab.jupyter\nprint('matplotlib' in sys.modules)"
    assert run("-c", code, cwd=tmp_path).stdout.split() == ["False", "False"]


def test_nothing_needs_a_module_that_only_posix_has(tmp_path):
    code = (
        "import sys\n"
        "for name in ('resource', 'termios', 'fcntl', 'pwd', 'grp', 'tty', 'pty'):\n"
        "    sys.modules[name] = None\n"
        "import tinyffn.cli, tinyffn.lab.jupyter, tinyffn.lab.folder, tinyffn.lab.worker\n"
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
