"""Layers: they hold parameters and hand them to ops. The mathematics is in `ops/`."""

from tinyffn.nn import init
from tinyffn.nn.activation import AconC, Pade, PReLU, Swish
from tinyffn.nn.attention import MultiHeadAttention
from tinyffn.nn.binary import BinaryLinear, BitLinear, XnorLinear, clip_latent
from tinyffn.nn.block import TransformerBlock
from tinyffn.nn.dropout import Dropout
from tinyffn.nn.experts import MixtureOfExperts, balance_loss
from tinyffn.nn.feedforward import FeedForward, GatedFeedForward, MaxoutFeedForward, gated_d_ff
from tinyffn.nn.gguf import load_gguf, save_gguf
from tinyffn.nn.linear import Embedding, Linear, Unembedding
from tinyffn.nn.mixing import TokenMixing, TokenShift
from tinyffn.nn.module import Module, Parameter, evaluating, frozen
from tinyffn.nn.norm import LayerNorm, RMSNorm
from tinyffn.nn.packed import PackedLinear, packed_model
from tinyffn.nn.past import KeyValueCache, PastTokens
from tinyffn.nn.perception import PerceptionBlock, PerceptionCache
from tinyffn.nn.quantized import QuantizedLinear
from tinyffn.nn.replace import replace_linears
from tinyffn.nn.save import load_arrays, save_arrays
from tinyffn.nn.scale import ChannelScale
from tinyffn.nn.sequential import Sequential
from tinyffn.nn.spatial import SpatialGate
from tinyffn.nn.tiny_attention import TinyAttention

__all__ = [
    "AconC", "BinaryLinear", "BitLinear", "ChannelScale", "Dropout", "Embedding", "FeedForward",
    "GatedFeedForward", "KeyValueCache", "LayerNorm", "Linear", "MaxoutFeedForward",
    "MixtureOfExperts", "Module", "MultiHeadAttention", "PReLU", "PackedLinear", "Pade",
    "Parameter", "PastTokens", "PerceptionBlock", "PerceptionCache", "QuantizedLinear", "RMSNorm",
    "Sequential", "SpatialGate", "Swish", "TinyAttention", "TokenMixing", "TokenShift",
    "TransformerBlock", "Unembedding", "XnorLinear", "balance_loss", "clip_latent", "evaluating",
    "frozen", "gated_d_ff", "init", "load_arrays", "load_gguf", "packed_model", "replace_linears",
    "save_arrays", "save_gguf",
]  # fmt: skip
