"""Starting JupyterLab on a course folder."""

import contextlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path

from tinyffn.lab.course import CourseError

HOST = "127.0.0.1"  # this machine alone
USUAL_PORTS = range(8888, 8899)


def start_jupyter(folder: Path, port: int | None, browser: bool, lesson: str | None = None) -> int:
    """Run JupyterLab until it ends, on a lesson (a file name); returns its exit code.

    Prints the address first. Raises CourseError if JupyterLab is not installed or the port is
    taken.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError(
            "JupyterLab is not installed: it comes with the course extra, "
            "pip install -e '.[course]' in a clone, else pip install 'tinyffn[course]'"
        )
    port = free_port(port)
    page = f"/lab/tree/lessons/{lesson}" if lesson else "/lab"
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--log-level=WARN", "-y"]
    command += [f"--ServerApp.root_dir={folder}", f"--ServerApp.default_url={page}"]
    command += [f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    # Nothing leaves this machine: no look for news, for newer versions, or for extensions.
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    if is_root():
        print(f"You are root: JupyterLab is told to allow that, and listens on {HOST} alone.")
        command.append("--allow-root")
    if not browser or not has_browser():
        command.append("--no-browser")
    print(f"The course is at http://{HOST}:{port}{page}?token={token}")
    print("Stop it with Ctrl-C.", flush=True)
    # The token goes through the environment, since every user can read a command line.
    return wait_for(subprocess.Popen(command, env={**environment(), "JUPYTER_TOKEN": token}))


def environment() -> dict[str, str]:
    """This environment, with our settings of JupyterLab, and for its terminals our commands."""
    more = {
        "JUPYTER_CONFIG_PATH": str(Path(__file__).parent),  # holds labconfig/: no offer of news
        "PATH": str(Path(sys.executable).parent),  # tinyffn and python, without activating
    }
    for name, place in more.items():
        more[name] = os.pathsep.join(p for p in (place, os.environ.get(name)) if p)
    # Lessons multiply small matrices: more threads only wait for each other, and where the machine
    # is busy they make a lesson many times slower. One thread also adds up in the printed order.
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ, **more}


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Wait until a server ends. Ctrl-C reaches it too; what ends this program ends it as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        print("Stopped. Your work is in the course folder.")
        return 0
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def free_port(wanted: int | None) -> int:
    """The port asked for, or the first free one of those that Jupyter usually takes."""
    for port in USUAL_PORTS if wanted is None else [wanted]:
        with socket.socket() as trial:
            if os.name == "posix":  # else a port stays taken for a minute after its server ended
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return port
    if wanted is None:
        raise CourseError("ports 8888 to 8898 are all taken: give another one with --port")
    raise CourseError(f"port {wanted} cannot be had: give another one with --port, or none")


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
