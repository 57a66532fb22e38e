"""Training: one loop, and a history that is plain data."""

from tinyffn.train.accumulate import accumulate_gradients, alike, counted_targets
from tinyffn.train.history import History
from tinyffn.train.loop import fit

__all__ = ["History", "accumulate_gradients", "alike", "counted_targets", "fit"]
