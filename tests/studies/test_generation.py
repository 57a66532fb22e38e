"""What one more token takes: the bytes of the cache are counted, the clock is asked for order."""

import numpy as np
import pytest

from tinyffn.models import transformer
from tinyffn.studies.generation import cache_bytes, seconds_per_token

SIZES = {"vocab_size": 9, "context": 40, "d_model": 16, "n_heads": 2, "d_ff": 24, "n_layers": 3}


def _model():
    return transformer(**SIZES, rng=np.random.default_rng(1))


def test_the_bytes_are_those_of_a_real_cache():
    caches = _model().new_caches(1)
    held = sum(cache.keys.nbytes + cache.values.nbytes for cache in caches.blocks)
    counted = cache_bytes(n_layers=3, n_kv_heads=2, d_head=8, length=40, bytes_per_number=4)
    assert held == counted == 2 * 3 * 2 * 8 * 40 * 4
    with pytest.raises(ValueError, match="cache_bytes: length is 0"):
        cache_bytes(n_layers=3, n_kv_heads=2, d_head=8, length=0, bytes_per_number=4)


@pytest.mark.parametrize("length", [1, 2, 40])
@pytest.mark.parametrize("use_cache", [True, False])
def test_each_try_reads_what_it_should(monkeypatch, length, use_cache):
    model, read = _model(), []
    embed = model._embed
    monkeypatch.setattr(model, "_embed", lambda ids, start: read.append(ids) or embed(ids, start))
    assert seconds_per_token(model, length, use_cache=use_cache, repeats=2) > 0
    lengths = [ids.shape[1] for ids in read]
    with_cache = [length - 1, 1] if length > 1 else [1]
    assert lengths == 2 * (with_cache if use_cache else [length])
    assert model.training and model.head.w.grad is None


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="seconds_per_token: repeats is 0"):
        seconds_per_token(_model(), 5, use_cache=True, repeats=0)
    with pytest.raises(ValueError, match="41 positions are more than the context of 40"):
        seconds_per_token(_model(), 41, use_cache=False)
