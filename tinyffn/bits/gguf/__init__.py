"""GGUF, the file format of llama.cpp: whole models in one file, block formats among them."""

from tinyffn.bits.gguf.reader import Gguf, read_gguf
from tinyffn.bits.gguf.writer import gguf_bytes, write_gguf

__all__ = ["Gguf", "gguf_bytes", "read_gguf", "write_gguf"]
