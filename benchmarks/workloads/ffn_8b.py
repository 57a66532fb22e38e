"""One token through the feed-forward layer of an 8-billion-parameter model, at its real size.

Its inputs, and those of its last map, are rounded to 8 bits for each token; the peers round alike.
"""

import numpy as np

from benchmarks.workloads.signs import as_floats, value, weight

TITLE = (
    "gated feed-forward layer 4096 -> 12288 -> 4096 in signs, groups of 128, 8-bit inputs: a token"
)
UNIT, UNITS_PER_CALL = "token", 1
D_MODEL, D_FF, GROUP = 4096, 12288, 128

__all__ = ["value"]


def data():
    return np.random.default_rng(1).standard_normal((1, D_MODEL)).astype(np.float32)


def weights():
    """gate, up and down, one after the other: packed, with 16-bit scales."""
    for seed, (d_in, d_out) in enumerate([(D_MODEL, D_FF), (D_MODEL, D_FF), (D_FF, D_MODEL)]):
        yield weight(d_in, d_out, GROUP, np.float16, seed)


def with_tinyffn(x):
    from tinyffn import Tensor, nn
    from tinyffn.graph import no_grad

    layer = nn.GatedFeedForward(1, 1, rng=np.random.default_rng(0))  # its maps are put in below
    layer.gate, layer.up, layer.down = (
        nn.PackedLinear(packed, activations="int8") for packed in weights()
    )

    def once():
        with no_grad():
            return layer(Tensor(x)).data

    return once


def with_numpy(x):
    gate, up, down = (as_floats(packed) for packed in weights())

    def rounded(z):
        scale = np.abs(z).max() / 127
        return scale * np.rint(z / scale)

    def once():
        z = rounded(x)
        g = z @ gate.T
        return rounded(g / (1.0 + np.exp(-g)) * (z @ up.T)) @ down.T

    return once


def with_pytorch(x):
    import torch

    gate, up, down = (torch.from_numpy(as_floats(packed)) for packed in weights())
    x = torch.from_numpy(x)

    def rounded(z):
        scale = z.abs().max() / 127
        return scale * torch.round(z / scale)

    @torch.inference_mode()
    def once():
        z = rounded(x)
        h = torch.nn.functional.silu(z @ gate.T) * (z @ up.T)
        return rounded(h) @ down.T

    return once
