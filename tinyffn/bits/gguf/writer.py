"""Write a GGUF file: metadata and named arrays, plain or in a block format."""

import numpy as np

from tinyffn.arguments import is_whole
from tinyffn.bits.formats import Blocks
from tinyffn.bits.gguf.layout import (
    ALIGNMENT,
    ALIGNMENT_KEY,
    LONGEST_AXIS,
    LONGEST_KEY,
    LONGEST_NAME,
    MOST_AXES,
    PLAIN,
    TYPES,
    Tensor,
    header,
    padded,
    utf8,
)
from tinyffn.files import whole_file


def write_gguf(path, tensors, metadata=None, *, alignment=ALIGNMENT):
    """Write named arrays to a GGUF file: the whole of it, or nothing.

        write_gguf("m.gguf", {"up": Blocks(Q1_0, Q1_0.write(w)), "norm": gain}, {"d_model": 64})

    Arguments  tensors: name -> floats or signed integers, or Blocks, (d_out, d_in) as they are;
               metadata: name -> number, string, or a list of them; alignment: where data may begin
    Errors     ValueError or TypeError naming the entry that a file cannot hold; OSError if the
               place cannot be written. Then what was at `path` before is still there
    """
    metadata = {} if metadata is None else dict(metadata)
    infos = [_info(name, tensor) for name, tensor in tensors.items()]
    head = _checked_header(infos, metadata, alignment)
    with whole_file("write_gguf", path) as file:
        file.write(head)
        for info, tensor in zip(infos, tensors.values(), strict=True):
            stored = tensor.rows if isinstance(tensor, Blocks) else tensor
            file.write(np.ascontiguousarray(stored, info.type.dtype).data)
            file.write(bytes(-info.size_bytes % alignment))


def gguf_bytes(shapes, metadata=None, *, alignment=ALIGNMENT):
    """How many bytes write_gguf makes: headers, padding and all, without any array.

        gguf_bytes({"up": ("Q1_0", (256, 64)), "norm": ("F32", (64,))}, {"d_model": 64})

    Arguments  shapes: name -> type and shape, d_in last; the others as for write_gguf
    Errors     as write_gguf, or ValueError if a type is unknown or d_in is not whole groups of it
    """
    infos = []
    for name, (type_name, shape) in shapes.items():
        if type_name not in TYPES:
            raise ValueError(
                f"gguf_bytes: {name!r} has the type {type_name!r}, but must have one of "
                f"{', '.join(TYPES)}"
            )
        kind = TYPES[type_name]
        if kind.group > 1 and (not shape or shape[-1] % kind.group):
            raise ValueError(
                f"gguf_bytes: {name!r} {tuple(shape)} has the type {type_name}: its last axis must "
                f"be a multiple of {kind.group}"
            )
        infos.append(_checked("gguf_bytes", Tensor(name, tuple(shape), kind)))
    head = _checked_header(infos, {} if metadata is None else dict(metadata), alignment)
    return len(head) + sum(padded(info.size_bytes, alignment) for info in infos)


def _checked_header(infos, metadata, alignment):
    if not is_whole(alignment) or alignment < 8 or alignment & (alignment - 1):
        raise ValueError(
            f"write_gguf: alignment is {alignment!r}, but must be a power of two, 8 or above"
        )
    for key in metadata:
        if not 1 <= len(utf8(key) or b"") <= LONGEST_KEY:
            raise ValueError(
                f"write_gguf: a key of the metadata is {key!r:.60}, but must be a string of 1 to "
                f"{LONGEST_KEY} bytes in UTF-8"
            )
    if ALIGNMENT_KEY in metadata:
        raise ValueError(f"write_gguf: give {ALIGNMENT_KEY} as alignment=, not in the metadata")
    return header(infos, metadata, alignment)[0]


def _info(name, tensor):
    """A tensor's name, shape and type."""
    if isinstance(tensor, Blocks):
        kind = TYPES[tensor.format.name]
        rows = tensor.rows
        if rows.dtype != np.uint8 or not rows.ndim or rows.shape[-1] % kind.block_bytes:
            raise ValueError(
                f"write_gguf: the blocks of {name!r} are {rows.dtype} {rows.shape}, but must be "
                f"uint8 with rows of whole blocks of {kind.block_bytes} bytes, as "
                f"{kind.name}.write makes them"
            )
        return _checked("write_gguf", Tensor(name, tensor.shape, kind))
    if not isinstance(tensor, np.ndarray):
        raise TypeError(f"write_gguf: {name!r} is a {type(tensor).__name__}, but must be an array")
    for type_name, (_, dtype) in PLAIN.items():
        if tensor.dtype.newbyteorder("<") == np.dtype(dtype):
            return _checked("write_gguf", Tensor(name, tensor.shape, TYPES[type_name]))
    raise TypeError(
        f"write_gguf: {name!r} is {tensor.dtype}, but must be floats or signed integers, or Blocks"
    )


def _checked(owner, tensor):
    """The tensor, if a file can hold it.

    Errors     ValueError otherwise
    """
    name, shape, _ = tensor
    if not 1 <= len(utf8(name) or b"") <= LONGEST_NAME:
        raise ValueError(
            f"{owner}: a tensor is named {name!r:.80}, but its name must have 1 to {LONGEST_NAME} "
            "bytes in UTF-8"
        )
    if len(shape) > MOST_AXES or not all(is_whole(n) and 0 < n <= LONGEST_AXIS for n in shape):
        raise ValueError(
            f"{owner}: {name!r} is {shape}, but must have at most {MOST_AXES} axes, none of them "
            "empty or longer than 63 bits can say"
        )
    return tensor
