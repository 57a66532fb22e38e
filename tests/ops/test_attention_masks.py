"""Attention with masks, with shared keys and values, and the weights that one may look at."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.ops.attention import attention_weights

rng = np.random.default_rng(0)


@pytest.mark.parametrize("causal", [True, False])
def test_what_a_mask_hides_might_as_well_not_be_there(causal):
    """Each query alone, over the keys that it sees: the same y, and no gradient for the others."""
    q, k, v, dy = (rng.standard_normal((5, d)) for d in (3, 3, 2, 2))
    mask = rng.random((5, 5)) < 0.5
    mask[:, 0] = True
    y, _ = ops.attention.pair(q, k, v, causal=causal, mask=mask)
    for i, seen in enumerate(mask & np.tri(5, dtype=bool) if causal else mask):
        alone = ops.attention.pair(q[[i]], k[seen], v[seen], causal=False)[0]
        np.testing.assert_allclose(y[[i]], alone, rtol=1e-13)
        _, dk, dv = ops.attention.pair(q[[i]], k, v, causal=False, mask=seen)[1](dy[[i]])
        assert dv[seen].all()
        assert not dk[~seen].any() and not dv[~seen].any()


def test_a_mask_of_the_past_is_the_causal_mask():
    q, k, v, dy = (rng.standard_normal((2, 5, d)) for d in (3, 3, 4, 4))
    y, backward = ops.attention.pair(q, k, v)
    past = np.tri(5, dtype=bool)
    for settings in ({"causal": False, "mask": past}, {"mask": past}, {"mask": past | True}):
        y_2, backward_2 = ops.attention.pair(q, k, v, **settings)
        assert np.array_equal(y_2, y)
        assert all(map(np.array_equal, backward_2(dy), backward(dy)))


def test_attention_weights_are_what_attention_weighs_with():
    q, k, v = (rng.standard_normal((2, 5, d)) for d in (3, 3, 4))
    for settings in ({}, {"causal": False}, {"mask": np.eye(5, dtype=bool)}):
        p = attention_weights(q, k, **settings)
        assert np.array_equal(p @ v, ops.attention.pair(q, k, v, **settings)[0])
    with pytest.raises(ValueError, match=r"attention: q \(2, 5, 3\), k \(5, 3\) must share"):
        attention_weights(q, k[0])


def test_shared_keys_are_not_copied_for_the_heads_that_share_them():
    q, k, v = rng.standard_normal((2, 8, 4, 3)), *rng.standard_normal((2, 2, 1, 4, 3))
    _, backward = ops.attention.pair(q, k, v)
    remembered = [cell.cell_contents for cell in backward.__closure__]
    assert any(a is k for a in remembered) and any(a is v for a in remembered)
