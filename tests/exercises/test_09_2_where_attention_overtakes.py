"""The reference of exercise 9.2 against counting on every text, and against the ledger."""

import numpy as np
import pytest

from tinyffn.studies.flops import Sizes
from tinyffn.studies.ledger import MODELS


@pytest.fixture
def overtakes(part):
    return part("9.2", "reference").overtakes


def first_text(sizes, times, *, causal):
    """The shortest text by trying them all."""
    n = 1
    while True:
        cost = sizes.flops(n, causal=causal)
        if cost["maps"] + cost["pairs"] > times * cost["feed_forward"]:
            return n
        n += 1


def test_it_is_the_first_text_on_which_attention_costs_more(overtakes, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for _ in range(5):
            n_kv_heads, group, d_head, d_model = (int(n) for n in rng.integers(1, 6, size=4))
            d_ff, times, gated = (
                int(rng.integers(1, 60)),
                int(rng.integers(1, 4)),
                rng.random() < 0.5,
            )
            n_heads = n_kv_heads * group
            sizes = Sizes(d_model, n_heads, d_ff, n_kv_heads=n_kv_heads, d_head=d_head, gated=gated)
            found = overtakes(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times)
            tried = tuple(first_text(sizes, times, causal=causal) for causal in (False, True))
            assert found == tried


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_real_models(overtakes, model):
    s = model.sizes
    found = overtakes(s.d_model, s.d_ff, s.n_heads, s.n_kv_heads, s.d_head, s.gated)
    assert found == (s.overtakes() + 1, s.overtakes(causal=True))  # they are whole in all of these


def test_plain_blocks_follow_the_rule_of_thumb(overtakes):
    for d_head in (1, 8, 64):
        d = 6 * d_head
        assert overtakes(d, 4 * d, 6, 6, d_head, False) == (2 * d + 1, 4 * d)
