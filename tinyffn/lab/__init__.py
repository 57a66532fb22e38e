"""What a student uses: check, hint, predict and mine in a notebook, `tinyffn` in a terminal.

Read `worker.py` first (where a student's file runs), then `checks.py` and `grade.py`.
"""

from tinyffn.lab.example import run_example
from tinyffn.lab.mine import mine
from tinyffn.lab.notebook import check, hint, predict

__all__ = ["check", "hint", "mine", "predict", "run_example"]
