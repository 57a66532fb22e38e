"""What lessons train on. Nothing here touches the network."""

from tinyffn.data.text import (
    Characters,
    documentation,
    fingerprint,
    random_windows,
    read_text,
    split,
    tidy,
)

__all__ = [
    "Characters", "documentation", "fingerprint", "random_windows", "read_text", "split", "tidy",
]  # fmt: skip
