"""tinyffn: the feed-forward half of the transformer, from scratch in NumPy.

A course you can run and a library you can read. To read it, start with `tensor.py`, then
`ops/dense.py`, then `nn/feedforward.py`.
"""

from tinyffn import nn, ops, optim
from tinyffn.gradcheck import check_pair, numeric_gradient
from tinyffn.graph import graph, no_grad
from tinyffn.tensor import Tensor, op

__version__ = "0.1.0"

__all__ = [
    "Tensor", "check_pair", "graph", "nn", "no_grad", "numeric_gradient", "op", "ops", "optim",
]  # fmt: skip
