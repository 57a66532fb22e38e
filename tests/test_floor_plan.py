"""The house has floors, and imports go strictly downwards.

Mathematics does not know of layers, layers not of training, training not of plots, and none of
them of a student. The rules are checked on the syntax trees of all files under tinyffn/, and the
checker on small made-up files.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "tinyffn"
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(ROOT.rglob("*.py"))
    if "course" not in path.relative_to(ROOT).parts  # exercises, inside an installed wheel
}

# The rooms (a folder or a file of its own) from the ground up. A room imports only from rows above
# it in this list; rooms of one row do not know each other.
FLOORS = [
    ["dtypes", "files", "memory"],
    ["arguments", "graph"],
    ["tensor"],
    ["gradcheck"],
    ["ops", "bits"],
    ["nn", "optim", "data"],
    ["models"],
    ["train"],
    ["studies"],
    ["__init__"],  # `import tinyffn` hands on the library, and no plot, lab or teach
    ["plot"],
    ["lab"],
    ["teach"],
    ["cli"],
    ["__main__"],
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Imports inside a function keep something optional optional; cli.py may import one command at a
# time. (file, module) -> why.
LATE_IMPORTS = {
    ("lab/notebook.py", "tinyffn.plot.compare"): "checks run without paying for matplotlib",
    ("data/glyphs.py", "matplotlib"): "text needs no fonts",
    ("data/glyphs.py", "matplotlib.ft2font"): "text needs no fonts",
    ("data/pictures.py", "matplotlib"): "text needs no pictures",
    ("plot/picture.py", "IPython.display"): "plots without a notebook need no IPython",
    ("lab/doctor.py", "jupyter_client.kernelspec"): "a doctor is most needed where it is missing",
    ("lab/keys.py", "msvcrt"): "Windows only",
    ("lab/keys.py", "termios"): "POSIX only",
    ("lab/keys.py", "tty"): "POSIX only",
    ("lab/worker.py", "resource"): "memory limits exist on POSIX only",
}
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"}
LONGEST_FILE = 300


def module_of(path):
    """nn/linear.py -> tinyffn.nn.linear; nn/__init__.py -> tinyffn.nn"""
    parts = ["tinyffn", *path.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(source, modules=()):
    """Each imported module with its line and whether a function imports it.

    `from package import name` is the module package.name if there is one, else the package.
    """
    found = []

    def visit(node, in_function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            in_function = True
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno, in_function) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            for alias in node.names:
                name = f"{package}.{alias.name}"
                is_module = name in modules or name == "matplotlib.pyplot"
                found.append((name if is_module else package, node.lineno, in_function))
        for child in ast.iter_child_nodes(node):
            visit(child, in_function)

    visit(ast.parse(source), False)
    return list(dict.fromkeys(found))


def violations(sources):
    """Every rule that is broken, as a sentence that names the file, the line and the import."""
    modules = {module_of(path) for path in sources}
    edges = {}
    for path, source in sources.items():
        module, room = module_of(path), room_of(module_of(path))
        if room not in FLOOR_OF:
            yield f"tinyffn/{path}: {room} is on no floor; give it one in {Path(__file__).name}"
            continue
        for imported, line, in_function in imports(source, modules):
            edge = f"tinyffn/{path}, line {line}: {module} imports {imported}"
            top = imported.split(".")[0]
            if imported.startswith("."):
                yield f"{edge}: write the full name, so that the floor can be seen"
            if top == "tinyffn":
                other = room_of(imported)
                if other == room:
                    edges.setdefault(module, set()).add(imported)
                elif FLOOR_OF.get(other, len(FLOORS)) >= FLOOR_OF[room]:
                    yield f"{edge}: upwards, or to a neighbour on the same floor"
            if in_function and room != "cli" and (path, imported) not in LATE_IMPORTS:
                yield f"{edge} inside a function: move it to the top of the file"
            if imported.startswith("matplotlib.pyplot") and room != "plot":
                yield f"{edge}: only plot/ may"
            if top in POSIX_ONLY and not in_function and room != "teach":
                yield f"{edge}: it is not there on Windows"
        for line, call in calls_without_encoding(source):
            yield f"tinyffn/{path}, line {line}: {call} must name its encoding"
        if (length := source.count("\n")) > LONGEST_FILE:
            yield f"tinyffn/{path} has {length} lines: more than {LONGEST_FILE} hold two ideas"
    yield from (f"a cycle of imports: {' -> '.join(cycle)}" for cycle in cycles(edges))


def cycles(edges):
    """Cycles in a dict of module -> modules it imports; a package may import its own files."""
    done = set()

    def follow(module, trail):
        if module in trail:
            yield [*trail[trail.index(module) :], module]
        elif module not in done:
            for other in sorted(edges.get(module, ())):
                yield from follow(other, [*trail, module])
            done.add(module)

    for module in sorted(edges):
        yield from follow(module, [])


def calls_without_encoding(source):
    """Calls of open, read_text and write_text that leave the encoding to the machine."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or any(k.arg == "encoding" for k in node.keywords):
            continue
        texts = [a.value for a in (*node.args, *(k.value for k in node.keywords))
                 if isinstance(a, ast.Constant)]  # fmt: skip
        name = ast.unparse(node.func)
        if name == "open" and not {"rb", "wb", "ab", "xb", "r+b"} & set(texts):
            yield node.lineno, name
        method = name.rpartition(".")[2]
        if "." in name and method in {"read_text", "write_text"} and name != "data.read_text":
            yield node.lineno, method


def test_imports_go_downwards_and_the_other_rules_hold():
    broken = list(violations(SOURCES))
    assert not broken, "\n" + "\n".join(broken)


def test_importing_tinyffn_hands_on_the_library_alone():
    modules = {module_of(path) for path in SOURCES}
    rooms = {room_of(imported) for imported, *_ in imports(SOURCES["__init__.py"], modules)}
    assert not rooms & {"plot", "lab", "teach", "cli"}


def test_no_exception_has_outlived_its_reason():
    modules = {module_of(path) for path in SOURCES}
    late = {
        (path, imported)
        for path, source in SOURCES.items()
        for imported, _, in_function in imports(source, modules)
        if in_function
    }
    assert set(LATE_IMPORTS) <= late


BROKEN = [  # file, its source, what must be said
    ("ops/dense.py", "from tinyffn.nn import Linear", "tinyffn.ops.dense imports tinyffn.nn: upw"),
    ("ops/dense.py", "import tinyffn.nn.linear", "imports tinyffn.nn.linear: upwards"),
    ("ops/dense.py", "from tinyffn import nn", "imports tinyffn.nn: upwards"),
    ("ops/dense.py", "from tinyffn import Tensor", "imports tinyffn: upwards"),
    ("ops/dense.py", "import tinyffn", "imports tinyffn: upwards"),
    ("ops/dense.py", "if True:\n    from tinyffn.lab import check", "line 2"),
    ("nn/linear.py", "from tinyffn.optim import SGD", "neighbour on the same floor"),
    ("graph.py", "from tinyffn.tensor import Tensor", "tinyffn.graph imports tinyffn.tensor: upw"),
    ("__init__.py", "from tinyffn import plot", "tinyffn imports tinyffn.plot: upwards"),
    ("nn/linear.py", "from tinyffn.nowhere import x", "imports tinyffn.nowhere: upwards"),
    ("nn/linear.py", "from .init import xavier", "write the full name"),
    ("attic/old.py", "x = 1", "attic is on no floor"),
    ("nn/linear.py", "def f():\n    import json", "imports json inside a function"),
    ("nn/linear.py", "class A:\n    def f(self):\n        from math import pi", "line 3"),
    ("lab/watch.py", "import matplotlib.pyplot as plt", "only plot/ may"),
    ("lab/watch.py", "from matplotlib import pyplot", "only plot/ may"),
    ("lab/watch.py", "import resource", "not there on Windows"),
    ("lab/watch.py", "from pwd import getpwnam", "not there on Windows"),
    ("data/text.py", "open('a')", "open must name its encoding"),
    ("data/text.py", "open('b.txt', 'w')", "open must name its encoding"),
    ("data/text.py", "p.read_text()", "read_text must name its encoding"),
    ("data/text.py", "p.write_text('wb')", "write_text must name its encoding"),
    ("nn/linear.py", "\n" * 301, "has 301 lines"),
]


@pytest.mark.parametrize(("path", "source", "message"), BROKEN)
def test_the_checker_sees(path, source, message):
    others = {"nn/__init__.py": "", "plot/__init__.py": "", "nn/init.py": ""}
    broken = list(violations({**others, path: source}))
    assert len(broken) == 1, broken
    assert message in broken[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("nn/linear.py", "from tinyffn import ops\nfrom tinyffn.nn.init import xavier"),
        ("plot/curves.py", "import matplotlib.pyplot as plt\nfrom tinyffn import Tensor"),
        ("cli.py", "def main():\n    from tinyffn.lab import check"),
        ("teach/sandbox.py", "import resource"),
        ("lab/worker.py", "def limit():\n    import resource"),
        ("data/text.py", "open('a', encoding='utf-8')\nopen('a', 'rb')\nopen('a', mode='wb')"),
        ("data/text.py", "p.read_text(encoding='utf-8')\nwebbrowser.open('a')"),
    ],
)
def test_the_checker_allows(path, source):
    assert list(violations({"ops/__init__.py": "", "nn/init.py": "", path: source})) == []


def test_the_checker_sees_a_cycle_within_a_room():
    broken = violations({
        "nn/__init__.py": "from tinyffn.nn.a import A",
        "nn/a.py": "from tinyffn.nn.b import B",
        "nn/b.py": "from tinyffn.nn import a",
    })  # fmt: skip
    assert list(broken) == ["a cycle of imports: tinyffn.nn.a -> tinyffn.nn.b -> tinyffn.nn.a"]
