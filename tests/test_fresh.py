"""A newcomer's first minutes: the README's own command, on a copy, in an empty environment."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", "tinyffn-course", ".*_cache", "*.egg-info"
)


def course_command():
    """The line of the README that installs and opens the course."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^python3 .*'\.\[course\]'.*$", readme, re.MULTILINE)
    return command


def fetch(url):
    """What is there, once the server is up; half a minute is the limit."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"no answer from {url}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the README has another command for Windows")
def test_the_readmes_first_command_serves_lesson_01(tmp_path):
    clone = tmp_path / "a folder" / "tinyffn"  # with a space, as people's folders have
    shutil.copytree(ROOT, clone, ignore=LEFT_OUT)
    # No pipe is left unread: pip's words go to a file, and the address is looked for in it.
    log = tmp_path / "log.txt"
    with open(log, "w", encoding="utf-8") as file:
        server = subprocess.Popen(
            ["bash", "-c", f"{course_command()} --no-browser"],
            cwd=clone, stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            found = None
            while found is None and server.poll() is None:
                time.sleep(0.5)
                found = re.search(r"http://\S+token=\w+", log.read_text(encoding="utf-8"))
            assert found, log.read_text(encoding="utf-8")[-3000:]
            assert "/lab/tree/lessons/01" in found[0]
            assert b"JupyterLab" in fetch(found[0])
            notebook = json.loads(fetch(found[0].replace("/lab/tree/", "/files/")))
            assert "Dense layers" in "".join(notebook["cells"][0]["source"])
        finally:
            subprocess.run(["pkill", "-INT", "-s", str(server.pid)], check=False)
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


@pytest.mark.slow
def test_a_wheel_carries_the_course(tmp_path):
    clone = tmp_path / "tinyffn"
    shutil.copytree(ROOT, clone, ignore=LEFT_OUT)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path, clone],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        carried = set(file.namelist())
    for folder in ["lessons", "exercises"]:
        needed = {p.relative_to(ROOT) for p in (ROOT / folder).glob("*.ipynb")}
        needed |= {p.relative_to(ROOT) for p in (ROOT / folder).glob("*_*/**/*.py")}
        assert needed
        assert {f"tinyffn/course/{path.as_posix()}" for path in needed} <= carried
