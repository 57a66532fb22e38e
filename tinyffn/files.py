"""Write a file whole or not at all."""

import contextlib
import os
from pathlib import Path


@contextlib.contextmanager
def whole_file(owner, path):
    """A file to write bytes to, which takes its place at `path` once all is written.

    It is written beside its place under another name. If anything goes wrong, the unfinished file
    is removed, and what was at `path` before is still there.

    Errors     FileNotFoundError, beginning with `owner`, if there is no such folder; OSError if the
               place cannot be written
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{owner}: there is no folder {path.parent}")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(unfinished, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
