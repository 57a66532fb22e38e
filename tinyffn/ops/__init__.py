"""Every op of the library, by name. Each file holds one idea; this page is their index."""

from tinyffn.ops.activations import gelu, gelu_tanh, relu, silu, swiglu
from tinyffn.ops.attention import attention
from tinyffn.ops.dense import linear
from tinyffn.ops.dropout import dropout
from tinyffn.ops.elementwise import exp, log, maximum, sigmoid, sqrt, tanh, where
from tinyffn.ops.embedding import embedding
from tinyffn.ops.loss import cross_entropy, mse
from tinyffn.ops.norm import layer_norm, rms_norm
from tinyffn.ops.reduce import max, mean, sum
from tinyffn.ops.shape import concatenate, reshape, transpose
from tinyffn.ops.softmax import log_softmax, softmax
from tinyffn.tensor import add, divide, getitem, matmul, multiply, negative, power, subtract

__all__ = [
    "add", "attention", "concatenate", "cross_entropy", "divide", "dropout", "embedding", "exp",
    "gelu", "gelu_tanh", "getitem", "layer_norm", "linear", "log", "log_softmax", "matmul", "max",
    "maximum", "mean", "mse", "multiply", "negative", "power", "relu", "reshape", "rms_norm",
    "sigmoid", "silu", "softmax", "sqrt", "subtract", "sum", "swiglu", "tanh", "transpose", "where",
]  # fmt: skip
