"""Build the notebooks of the course from their sources, executed and with all outputs.

    python lessons/build.py            every lesson
    python lessons/build.py 01 03      these

A source in `src/` is plain Python in percent format: `# %%` starts a code cell and
`# %% [markdown]` a cell of text. Edit the source, build, and commit both. Built twice on one
machine, a notebook is the same to the byte: cells are named after what they say, and nothing
that differs from run to run (times, warnings, live widgets) is kept.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tqdm import tqdm
from traitlets.config import Config

from tinyffn.lab.folder import prepare, write_whole
from tinyffn.studies.made_with import made_with

HERE = Path(__file__).resolve().parent
SECONDS_PER_CELL = 120
WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def sources() -> list[Path]:
    """The source files of all lessons, in order."""
    return sorted((HERE / "src").glob("[0-9]*.py"))


def target(source: Path) -> Path:
    """Where the notebook of a source lies."""
    return HERE / f"{source.stem}.ipynb"


def convert(source: Path) -> nbformat.NotebookNode:
    """A source as a notebook that has not been run."""
    cells = []
    seen: Counter[str] = Counter()
    for cell in jupytext.read(source, fmt="py:percent").cells:
        # The same text twice gets two names, and a new cell leaves the names of others alone.
        words = f"{cell.cell_type}\n{cell.source}\n{seen[cell.source]}"
        seen[cell.source] += 1
        name = hashlib.sha256(words.encode("utf-8")).hexdigest()[:8]
        new = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
        slide = {"slideshow": {"slide_type": _slide(cell)}}
        cells.append(new(cell.source, id=name, metadata=slide))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "tinyffn": made_with()}
    return new_notebook(cells=cells, metadata=metadata)


def _slide(cell: nbformat.NotebookNode) -> str:
    """A heading opens a slide; what follows appears step by step, so answers wait for guesses."""
    if cell.cell_type == "markdown" and cell.source.startswith("#"):
        return "subslide" if cell.source.startswith("###") else "slide"
    return "fragment"


def course_folder(home: Path) -> Path:
    """Make a student's course folder in `home`, with every exercise still to do.

    Returns the folder for notebooks in it.
    """
    folder = prepare(home).folder / "lessons"
    folder.mkdir(exist_ok=True)  # there may be no notebook yet
    return folder


def execute(notebook: nbformat.NotebookNode, title: str, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a fresh kernel, in place, and drop what a reader on paper cannot use.

    Raises nbclient.exceptions.CellExecutionError, which quotes the cell that failed.
    """
    metadata = notebook.metadata.copy()
    with tqdm(total=len(notebook.cells), desc=title, unit="cell") as bar:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            on_cell_complete=lambda cell, cell_index: bar.update(cell_index + 1 - bar.n),
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        )
        # Do not answer widgets as a browser would: at times that waits for ever, and what a slider
        # draws at its first setting then stays in the notebook as a still picture.
        client.comm_open_handlers = {"jupyter.widget": lambda message: None}
        # One thread: sums are then added in the same order on every run.
        client.execute(env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
        bar.update(bar.total - bar.n)
    notebook.metadata = metadata
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"slideshow": cell.metadata.slideshow})
        if cell.cell_type == "code":
            cell.outputs = _settled(cell.outputs)
    return notebook


def _settled(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Without warnings and live widgets; text that arrived in pieces is put together."""
    kept: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.get("name") == "stderr" or WIDGET in output.get("data", {}):
            continue
        if kept and output.output_type == "stream" == kept[-1].output_type:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook all at once, so that an interrupted build leaves the old one whole."""
    write_whole(path, f"{nbformat.writes(notebook)}\n".encode())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Build the notebooks of the course.")
    parser.add_argument("lesson", nargs="*", help="numbers such as 01; none means all")
    wanted = parser.parse_args(arguments).lesson
    known = {path.name[:2]: path for path in sources()}
    if unknown := sorted(set(wanted) - set(known)):
        sys.exit(f"build: no lesson {', '.join(unknown)}; there are: {', '.join(known)}")
    for number in wanted or known:
        source = known[number]
        with tempfile.TemporaryDirectory() as home:
            notebook = execute(convert(source), source.stem, course_folder(Path(home)))
        write(notebook, target(source))


if __name__ == "__main__":
    main()
