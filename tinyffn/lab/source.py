"""Whether a student's file can be graded at all, from its text alone: it is not run here."""

import ast
import warnings
from collections.abc import Iterator

MAX_BYTES = 10**6  # a task has a few kB; Python takes seconds to compile so much more
MAIN = "__name__ == '__main__'"


def refusal(source: bytes, uses: tuple[str, ...] = ()) -> str:
    """Why a file cannot be graded, in one sentence; an empty string if it can.

    It must compile, and import nothing but NumPy and the modules that the exercise's `uses`
    lists. What stands under `if __name__ == "__main__":` does not count: it is not run either.
    """
    if len(source) > MAX_BYTES:
        return f"it has more than {MAX_BYTES // 10**6} MB"
    try:
        with warnings.catch_warnings():  # a warning is no reason to refuse
            warnings.simplefilter("ignore")
            compile(source, "task.py", "exec", dont_inherit=True)
            imported = list(imports(ast.parse(source)))
    except SyntaxError as error:
        column = f", column {error.offset}" if error.offset else ""
        where = f"line {error.lineno}{column}: " if error.lineno else ""
        text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
        return f"{where}{error.msg}{text}"
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, nesting without end
        return str(error) or type(error).__name__
    allowed = ("numpy", "__future__", *uses)
    for line, names in imported:
        if not any(f"{name}.".startswith(f"{root}.") for name in names for root in allowed):
            also = " and ".join(["NumPy", *uses])
            return f"line {line} imports {names[0]}, but this exercise may use {also} alone"
    return ""


def imports(tree: ast.Module) -> Iterator[tuple[int, list[str]]]:
    """Every import of a module, its main block left out: the line, and what it may mean.

    `from tinyffn import tensor` may mean a name in tinyffn, or the module tinyffn.tensor.
    """
    for statement in tree.body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == MAIN:
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, [alias.name]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    yield node.lineno, [module, f"{module}.{alias.name}"]
