"""The set-up that the README promises is the one that runs, and the tree is clean."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def tracked_files():
    """Every file of the project: what git knows, or in an unpacked archive all but the built."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        built = {".venv", "build", "dist", "tinyffn-course", "__pycache__"}
        found = [p for p in ROOT.rglob("*") if not built & set(p.relative_to(ROOT).parts)]
    return [path for path in found if path.is_file()]


def test_commands(readme):
    """The lines of fenced code that install the tests and run them in an environment of Unix."""
    fenced = re.findall(r"^```.*?$(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in fenced for line in block.splitlines()]
    return [line for line in lines if "pytest" in line and "'.[test]'" in line]


test_commands.__test__ = False


def test_the_readmes_test_command_is_what_continuous_integration_runs():
    commands = test_commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(commands) == 1, f"the README must hold one command that runs the tests: {commands}"
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[0] in [line.strip() for line in run]


def test_the_search_for_the_command_can_fail():
    fenced = "```\npip install -e '.[test]' && pytest\n```\n"
    text = f"{fenced}run '.[test]' with pytest\n```\npytest\n```"
    assert test_commands(text) == ["pip install -e '.[test]' && pytest"]


PYREFLY = ["pyrefly", "check", "--python-interpreter-path", sys.executable]


@pytest.mark.parametrize("command", [["ruff", "check"], PYREFLY], ids=["ruff", "pyrefly"])
def test_is_clean_under(command):
    if importlib.util.find_spec(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed: pip install -e '.[test]'")
    checked = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


# Each in pieces, so that this file does not hold what it looks for.
FOLDERS = "|".join(["home", "Users", "work", "root"])
REGISTRIES = ["py" + r"pi\.org/simple", "files.python" + "hosted", "registry.npm" + "js"]
FORBIDDEN = {
    "a home or work folder": rf"(?<![\w.~-])/(?:{FOLDERS})/[\w.]+",
    "a registry's address": "|".join([*REGISTRIES, "index-" + "url"]),
}
LOCK_FILES = {"poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "package-lock.json"}


def offences(name, text):
    """What a file must not hold: addresses that only one machine or one network can reach."""
    if name in LOCK_FILES:
        yield f"{name} is a lock file, and names registries"
    for what, pattern in FORBIDDEN.items():
        for found in re.finditer(pattern, text):
            yield f"{name} holds {what}: {found[0]}"


def test_no_file_holds_a_registry_or_a_folder_of_one_machine():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, say
        found += [f"{path.relative_to(ROOT)}: {o}" for o in offences(path.name, text)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "open('/" + "home/ada/x.txt')"),
        ("a.md", "see /" + "Users/ada/x"),
        ("a.toml", "index-" + "url = 'x'"),
        ("a.txt", "https://" + REGISTRIES[0].replace("\\", "") + "/numpy"),
        ("uv" + ".lock", ""),
    ],
)
def test_the_search_for_addresses_can_fail(name, text):
    assert len(list(offences(name, text))) == 1


def test_the_search_for_addresses_lets_words_be():
    harmless = "up/" + "work/down, ~/work, https://py" + "pi.org/project/numpy"
    assert list(offences("a.md", harmless)) == []


def test_the_readmes_example_does_what_its_comment_says(capsys):
    (example,) = re.findall(
        r"^```python$(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    exec(compile(example, "README.md", "exec"), {})
    printed = [float(number) for number in re.findall(r"\d+\.\d+", capsys.readouterr().out)]
    assert len(printed) == 6
    (promised,) = re.findall(r"every entry is gelu'\(1\) = (\d+\.\d+)", example)
    assert all(f"{number:.4f}" == promised for number in printed)
