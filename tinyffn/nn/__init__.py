"""Layers: they hold parameters and hand them to ops. The mathematics is in `ops/`."""

from tinyffn.nn import init
from tinyffn.nn.activation import AconC, Pade, PReLU, Swish
from tinyffn.nn.attention import KeyValueCache, MultiHeadAttention
from tinyffn.nn.block import TransformerBlock
from tinyffn.nn.dropout import Dropout
from tinyffn.nn.feedforward import FeedForward, GatedFeedForward, MaxoutFeedForward, gated_d_ff
from tinyffn.nn.linear import Embedding, Linear
from tinyffn.nn.mixing import PastTokens, TokenMixing, TokenShift
from tinyffn.nn.module import Module, Parameter, evaluating
from tinyffn.nn.norm import LayerNorm, RMSNorm
from tinyffn.nn.save import load_arrays, save_arrays
from tinyffn.nn.sequential import Sequential
from tinyffn.nn.spatial import SpatialGate

__all__ = [
    "AconC", "Dropout", "Embedding", "FeedForward", "GatedFeedForward", "KeyValueCache",
    "LayerNorm", "Linear", "MaxoutFeedForward", "Module", "MultiHeadAttention", "PReLU", "Pade",
    "Parameter", "PastTokens", "RMSNorm", "Sequential", "SpatialGate", "Swish", "TokenMixing",
    "TokenShift", "TransformerBlock", "evaluating", "gated_d_ff", "init", "load_arrays",
    "save_arrays",
]  # fmt: skip
