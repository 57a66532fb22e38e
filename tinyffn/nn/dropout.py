"""Dropout as a layer: draws the mask that ops.dropout takes."""

from tinyffn import ops
from tinyffn.arguments import must_be_generator, must_be_share
from tinyffn.nn.module import Module


class Dropout(Module):
    """In training, zero each entry with chance `rate` and scale up the rest; else do nothing.

    Arguments  rate: in [0, 1); rng: the generator that the masks come from
    """

    def __init__(self, rate, *, rng):
        must_be_share("Dropout", rate=rate)
        must_be_generator("Dropout", rng)
        self.rate = rate
        self.rng = rng

    def __call__(self, x):
        if not self.training or self.rate == 0.0:
            return x
        keep = self.rng.random(x.shape, dtype="float32") >= self.rate
        return ops.dropout(x, keep=keep, rate=self.rate)
