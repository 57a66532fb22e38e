"""What one more token takes: seconds with and without a cache, and the bytes of the cache."""

import time

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating


def seconds_per_token(model, length, *, use_cache, repeats=5):
    """Seconds until the logits after `length` ids are there: the quickest of a few tries.

    With the cache, all ids but the last have been read before, and that time is not counted.

    Errors     ValueError if length or repeats is no whole number above 0, or the model cannot read
               so many
    """
    must_be_positive("seconds_per_token", length=length, repeats=repeats)
    ids = np.zeros((1, length), dtype=np.int64)
    tries = []
    with evaluating(model), no_grad():
        for _ in range(repeats):
            caches = None
            if use_cache:
                caches = model.new_caches(1)
                if length > 1:
                    model(ids[:, :-1], caches)
            start = time.perf_counter()
            model(ids[:, -1:] if use_cache else ids, caches)
            tries.append(time.perf_counter() - start)
    return min(tries)


def cache_bytes(*, n_layers, n_kv_heads, d_head, length, bytes_per_number):
    """What a key-value cache holds: a key and a value for each layer, head and position.

        2 n_layers n_kv_heads d_head length bytes_per_number

    Errors     ValueError if one is no whole number above 0
    """
    sizes = {
        "n_layers": n_layers,
        "n_kv_heads": n_kv_heads,
        "d_head": d_head,
        "length": length,
        "bytes_per_number": bytes_per_number,
    }
    must_be_positive("cache_bytes", **sizes)
    return 2 * n_layers * n_kv_heads * d_head * length * bytes_per_number
