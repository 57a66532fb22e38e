"""What is refused before a GGUF file is begun, and what its messages name."""

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0, TQ1_0, Blocks
from tinyffn.bits.gguf import gguf_bytes, write_gguf

W = Q1_0.write(np.ones((256, 2), np.float32))
REFUSED = {
    "list": ({"w": [1.0]}, {}, TypeError, "'w' is a list, but must be an array"),
    "dtype": ({"w": np.ones(2, complex)}, {}, TypeError, "'w' is complex128, but must be floats"),
    "bytes": ({"w": W}, {}, TypeError, "'w' is uint8, but must be floats or signed integers, or B"),
    "rows": ({"w": Blocks(Q1_0, W[:, 1:])}, {}, ValueError, r"the blocks of 'w' are uint8 \(2, 35"),
    "other": ({"w": Blocks(TQ1_0, W)}, {}, ValueError, "whole blocks of 54 bytes, as TQ1_0.write"),
    "empty": ({"w": np.ones((2, 0))}, {}, ValueError, r"'w' is \(2, 0\), but must have at most 4"),
    "axes": ({"w": np.ones((1,) * 5)}, {}, ValueError, "but must have at most 4 axes"),
    "name": ({"": np.ones(1)}, {}, ValueError, "a tensor is named '', but its name must have 1 to"),
    "long": ({"é" * 32: np.ones(1)}, {}, ValueError, "must have 1 to 63 bytes"),
    "id": ({3: np.ones(1)}, {}, ValueError, "a tensor is named 3"),
    "key": ({}, {"": 1}, ValueError, "a key of the metadata is '', but must be a string of 1 to"),
    "number key": ({}, {5: 1}, ValueError, "a key of the metadata is 5"),
    "value": ({}, {"a": None}, TypeError, "metadata 'a' is None, but must be a string, a bool, an"),
    "dict": ({}, {"a": {}}, TypeError, "metadata 'a' is {}"),
    "none": ({}, {"a": []}, TypeError, r"metadata 'a' is \[\], but must be"),
    "nested": ({}, {"a": [[1], [2]]}, TypeError, r"metadata 'a' is \[\[1\], \[2\]\]"),
    "ragged": ({}, {"a": [[1], [2, 3]]}, TypeError, "metadata 'a' is"),
    "mixed": ({}, {"a": ["x", 1]}, TypeError, "metadata 'a' is"),
    "half": ({}, {"a": np.float16(1)}, TypeError, "a float of 32 or 64 bits"),
    "int": ({}, {"a": 2**64}, ValueError, "metadata 'a' is 18446744073709551616, which 64 bits"),
    "rounded": ({}, {"a": [2**63 + 1, -1]}, TypeError, r"metadata 'a' is \[92233720368547758"),
    "half a pair": ({}, {"a": ["b", "\udcff"]}, ValueError, "metadata 'a' has the text .*udcff'"),
    "half a key": ({}, {"\udcff": 1}, ValueError, "a key of the metadata is .*udcff', but must be"),
    "half a name": ({"\udcff": np.ones(1)}, {}, ValueError, "a tensor is named .*udcff', but its"),
    "long text": ({}, {"a": "x" * (2**24 + 1)}, ValueError, "'a' has the text .* 16777216 bytes"),
    "long key": ({}, {"k" * 65_536: 1}, ValueError, "a key of the metadata is 'kkkk"),
    "align": ({}, {"general.alignment": 64}, ValueError, "give general.alignment as alignment="),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_file_cannot_hold_is_refused_before_it_is_begun(tmp_path, case):
    tensors, metadata, error, message = REFUSED[case]
    with pytest.raises(error, match=f"write_gguf: .*{message}"):
        write_gguf(tmp_path / "model.gguf", tensors, metadata)
    assert not list(tmp_path.iterdir())


def test_the_longest_axis_is_counted():
    size = gguf_bytes({"w": ("I8", (2**63 - 1,))})
    assert size == 64 + 2**63  # 61 bytes of header, and one to fill up the data


def test_a_header_is_no_longer_than_what_is_read_again(tmp_path, monkeypatch):
    def of_items(n):
        write_gguf(tmp_path / "model.gguf", {}, {"a": np.zeros(n, np.int8)})

    monkeypatch.setattr("tinyffn.bits.gguf.layout.LARGEST_HEADER_BYTES", 24 + 25 + 40)
    of_items(40)
    with pytest.raises(ValueError, match=r"names and metadata take 90 bytes, .* at most 89:"):
        of_items(41)


@pytest.mark.parametrize("alignment", [0, 4, 48, 32.0, True])
def test_alignments_are_powers_of_two(tmp_path, alignment):
    with pytest.raises(ValueError, match=r"alignment is .*, but must be a power of two, 8"):
        write_gguf(tmp_path / "model.gguf", {}, alignment=alignment)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="write_gguf: there is no folder"):
        write_gguf(tmp_path / "nowhere" / "model.gguf", {})


@pytest.mark.parametrize(
    "shapes, message",
    [
        ({"w": ("Q4_K", (256,))}, "'w' has the type 'Q4_K', but must have one of F32, F16, I8"),
        ({"w": ("Q1_0", (2, 100))}, r"'w' \(2, 100\) has the type Q1_0: its last axis must be a m"),
        ({"w": ("Q1_0", ())}, "must be a multiple of 128"),
        ({"w": ("F32", (2, 0))}, r"gguf_bytes: 'w' is \(2, 0\), but must have at most 4 axes"),
        ({"": ("F32", (2,))}, "gguf_bytes: a tensor is named ''"),
        ({"w": ("F32", (2**63,))}, "none of them empty or longer than 63 bits can say"),
        ({"w": ("F64", (2**62, 1)), "v": ("F64", (2,))}, "up to 'w' take 36893488147419103232"),
    ],
)
def test_shapes_that_no_file_has_are_named(shapes, message):
    with pytest.raises(ValueError, match=message):
        gguf_bytes(shapes)
