"""Optimisers, learning-rate schedules, gradient clipping and averages of parameters."""

from tinyffn.optim.adam import Adam, AdamW, is_matrix
from tinyffn.optim.averaging import WeightAverage
from tinyffn.optim.clip import clip_by_scale, clip_global_norm
from tinyffn.optim.hypergradient import Hypergradient
from tinyffn.optim.optimizer import Optimizer
from tinyffn.optim.schedules import (
    constant,
    inverse_sqrt,
    reduce_on_plateau,
    warmup_cosine,
)
from tinyffn.optim.sgd import SGD

__all__ = [
    "SGD", "Adam", "AdamW", "Hypergradient", "Optimizer", "WeightAverage", "clip_by_scale",
    "clip_global_norm", "constant", "inverse_sqrt", "is_matrix", "reduce_on_plateau",
    "warmup_cosine",
]  # fmt: skip
