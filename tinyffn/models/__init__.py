"""Layers put together to do something."""

from tinyffn.models.generate import generate, sample
from tinyffn.models.language import LanguageModel, load_model, save_model, transformer

__all__ = ["LanguageModel", "generate", "load_model", "sample", "save_model", "transformer"]
