"""Every op of the library, by name. Each file holds one idea; this page is their index."""

from tinyffn.ops.activations import (
    gelu,
    gelu_tanh,
    identity,
    leaky_relu,
    relu,
    silu,
    squared_relu,
)
from tinyffn.ops.attention import attention
from tinyffn.ops.dense import linear
from tinyffn.ops.dropout import dropout
from tinyffn.ops.elementwise import exp, log, maximum, sigmoid, sqrt, tanh, where
from tinyffn.ops.embedding import embedding
from tinyffn.ops.gates import geglu, glu, reglu, swiglu
from tinyffn.ops.learnable import acon_c, maxout, pade, prelu, swish
from tinyffn.ops.loss import cross_entropy, mse
from tinyffn.ops.mixing import mix_tokens, toeplitz, token_shift
from tinyffn.ops.norm import layer_norm, rms_norm
from tinyffn.ops.reduce import max, mean, sum
from tinyffn.ops.rotary import rotary
from tinyffn.ops.shape import concatenate, reshape, transpose
from tinyffn.ops.softmax import log_softmax, softmax
from tinyffn.ops.straight_through import sign_ste, straight_through
from tinyffn.tensor import add, divide, getitem, matmul, multiply, negative, power, subtract

__all__ = [
    "acon_c", "add", "attention", "concatenate", "cross_entropy", "divide", "dropout", "embedding",
    "exp", "geglu", "gelu", "gelu_tanh", "getitem", "glu", "identity", "layer_norm", "leaky_relu",
    "linear", "log", "log_softmax", "matmul", "max", "maximum", "maxout", "mean", "mix_tokens",
    "mse", "multiply", "negative", "pade", "power", "prelu", "reglu", "relu", "reshape", "rms_norm",
    "rotary", "sigmoid", "sign_ste", "silu", "softmax", "sqrt", "squared_relu", "straight_through",
    "subtract", "sum", "swiglu", "swish", "tanh", "toeplitz", "token_shift", "transpose", "where",
]  # fmt: skip
