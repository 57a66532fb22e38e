"""Layers put together to do something."""

from tinyffn.models.generate import generate, sample
from tinyffn.models.language import Caches, LanguageModel, load_model, save_model, transformer
from tinyffn.models.mlp import MLP
from tinyffn.models.perception import perception
from tinyffn.models.window import WindowMLP

__all__ = [
    "MLP", "Caches", "LanguageModel", "WindowMLP", "generate", "load_model", "perception", "sample",
    "save_model", "transformer",
]  # fmt: skip
