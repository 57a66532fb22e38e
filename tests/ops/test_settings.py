"""A setting that no row changes is a setting that a backward may forget unseen."""

import inspect

import numpy as np
import pytest

from .examples import EXAMPLES, OPS, draw
from .table import SETTINGS_LEFT_ALONE, TABLE

DEFAULTS = [
    (name, p.name, p.default)
    for name, op in OPS.items()
    for p in inspect.signature(op).parameters.values()
    if name in TABLE and p.kind is p.KEYWORD_ONLY and p.default is not p.empty
]


@pytest.mark.parametrize(
    ("name", "setting", "default"), DEFAULTS, ids=[f"{d[0]}-{d[1]}" for d in DEFAULTS]
)
def test_some_row_changes_the_setting(name, setting, default):
    rows = [draw(example)[2] for example in EXAMPLES if example.name == name]
    values = [settings[setting] for settings in rows if setting in settings]
    changed = any(not np.array_equal(value, default) for value in values)
    assert changed or (name, setting) in SETTINGS_LEFT_ALONE, (
        f"every row of {name} leaves {setting} at {default}: add one to tests/ops/table.py that "
        "changes it, so that a backward that forgets it is caught (CONTRIBUTING.md, step 4)"
    )


def test_what_is_left_alone_is_a_setting():
    assert set(SETTINGS_LEFT_ALONE) <= {(name, setting) for name, setting, _ in DEFAULTS}
