"""Without PyTorch the oracle is skipped; where it is required, its absence is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
sys.path[:] = eval(sys.argv[1])
sys.modules["torch"] = None  # as if it were not installed
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[2], "-k", "gelu_tanh"]))
"""


@pytest.mark.parametrize("required, code, says", [("", 0, "2 skipped"), ("require", 1, "2 errors")])
def test_without_torch(required, code, says):
    result = subprocess.run(
        [sys.executable, "-c", CODE, repr(sys.path), str(Path(__file__).with_name("test_ops.py"))],
        env=os.environ | {"TINYFFN_ORACLE": required}, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout
    assert says in result.stdout
