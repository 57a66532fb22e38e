"""What the terminal at hand can show: its characters, its width, its colours."""

import os
import shutil
import sys
import textwrap
import unicodedata

SPELLED = {
    "Σ": "sum", "∑": "sum", "ᵀ": "^T", "×": "x", "·": "*", "→": "->", "−": "-", "–": "-",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "√": "sqrt", "∂": "d", "∈": "in", "²": "^2",
    "³": "^3", "½": "1/2", "…": "...", "’": "'", "“": '"', "”": '"',
}  # fmt: skip
MARK_COLOURS = {"✓": 32, "ok": 32, "✗": 31, "no": 31, "–": 2, "--": 2}  # green, red, faint


def say(text: str) -> None:
    """Print, and spell out what this terminal cannot show."""
    print(shown(text), flush=True)


def say_wrapped(text: str) -> None:
    """Print lines of prose, broken where the terminal ends."""
    say("\n".join(wrapped(text)))


def shown(text: str) -> str:
    """The text in the characters of this terminal: Σ may become sum, and the rest is "?"."""
    encoding = (sys.stdout.encoding or "ascii") if not _in_c_locale() else "ascii"
    if encoding.lower().replace("-", "") == "utf8":
        return text
    return "".join(c if c.isascii() else _spell(c, encoding) for c in text)


def speaks_utf8() -> bool:
    return shown("✓") == "✓"


def is_terminal() -> bool:
    """Whether somebody sits at both ends: one who can press keys, and sees what we write."""
    return all(s is not None and s.isatty() for s in (sys.stdin, sys.stdout))


def can_clear() -> bool:
    """Whether what we write goes to a screen that can be written on anew."""
    return is_terminal() and os.environ.get("TERM", "") != "dumb"


def size() -> tuple[int, int]:
    """Columns and rows of the terminal; 80 and 24 where there is none."""
    columns, rows = shutil.get_terminal_size()
    return max(columns, 20), max(rows, 8)


def wrapped(text: str, columns: int | None = None) -> list[str]:
    """Lines no longer than the terminal is wide; what is cut goes on under its beginning."""
    width = min(columns or size()[0], 100) - 1  # the last column makes some terminals wrap
    lines: list[str] = []
    for line in shown(text).expandtabs(4).splitlines():
        indent = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
        parts = textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)
        lines += parts or [""]
    return lines


def coloured(line: str) -> str:
    """A line of a report with its mark in colour, where there are colours (see no-color.org)."""
    mark = line.strip().partition(" ")[0]
    if mark not in MARK_COLOURS or not line.startswith(f"  {mark} "):
        return line
    if os.environ.get("NO_COLOR") or not can_clear():
        return line
    return line.replace(mark, f"\x1b[{MARK_COLOURS[mark]}m{mark}\x1b[0m", 1)


def bar(done: int, total: int, width: int) -> str:
    """A progress bar, such as [####------]."""
    full = round(width * done / max(total, 1))
    filled, empty = "█░" if speaks_utf8() else "#-"
    return f"[{filled * full}{empty * (width - full)}]"


def _in_c_locale() -> bool:
    """Python writes UTF-8 there too, but who asks for the C locale may have a screen of ASCII."""
    names = ("PYTHONIOENCODING", "LC_ALL", "LANG")
    return next((os.environ[n] for n in names if os.environ.get(n)), "") in ("C", "POSIX")


def _spell(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
        return character
    except UnicodeEncodeError:
        name = unicodedata.name(character, "")
        greek = name.split()[-1].lower() if name.startswith("GREEK") else "?"
        return SPELLED.get(character, greek)
