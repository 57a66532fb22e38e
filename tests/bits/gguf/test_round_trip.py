"""GGUF files: what is written comes back, and another program reads and writes the same bytes."""

import os

import gguf
import numpy as np
import pytest

from tinyffn.bits.formats import FORMATS, Q1_0, TQ1_0, Blocks
from tinyffn.bits.gguf import gguf_bytes, read_gguf, write_gguf

METADATA = {
    "general.architecture": "tinyffn",
    "a number": 7,
    "negative": -7,
    "large": 2**63,
    "small": -(2**63),
    "half": 0.1,
    "eps": np.float32(1e-6),
    "byte": np.uint8(255),
    "yes": True,
    "no": np.bool_(False),
    "empty text": "",
    "words": ["ein", "été", "", "猫"],
    "numbers": [1, -2, 3],
    "scores": np.array([0.5, -np.inf], np.float32),
    "flags": [True, False, True],
}


def random_tensors(seed):
    rng = np.random.default_rng(seed)
    n, d_in, d_out = (int(k) for k in rng.integers(1, 9, size=3))
    tensors = {
        "norm": rng.normal(size=n).astype(np.float32),
        "table": rng.normal(size=(n, d_in, d_out)).astype(np.float16),
        "turned": np.asfortranarray(rng.normal(size=(d_in, d_out))),
        "number": np.array(rng.integers(-9, 9), np.int64),
        "steps": np.arange(n, dtype=np.int8),
    }
    for form in FORMATS:
        w = rng.normal(size=(form.group * d_in, d_out)).astype(np.float32)
        tensors[f"in {form.name}"] = Blocks(form, form.write(w))
    return tensors


def stored(tensor):
    return tensor.rows if isinstance(tensor, Blocks) else tensor


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("alignment", [8, 32, 256])
def test_what_is_written_comes_back(tmp_path, seed, alignment):
    tensors, path = random_tensors(seed), tmp_path / "model.gguf"
    write_gguf(path, tensors, METADATA, alignment=alignment)
    metadata, found = read_gguf(path)
    assert metadata.pop("general.alignment", 32) == alignment
    assert list(metadata) == list(METADATA)
    for key, value in METADATA.items():
        assert np.array_equal(metadata[key], value), key
    assert type(metadata["a number"]) is int
    assert metadata["scores"].dtype == np.float32
    assert list(found) == list(tensors)
    for name, tensor in tensors.items():
        ours = found[name]
        assert (ours.shape, type(ours)) == (tensor.shape, type(tensor))
        assert stored(ours).dtype == stored(tensor).dtype
        assert stored(ours).tobytes() == np.ascontiguousarray(stored(tensor)).tobytes()
        assert not stored(ours).flags.writeable
        if isinstance(tensor, Blocks):
            assert ours.format is tensor.format
            assert np.array_equal(ours.quantized().values(), tensor.quantized().values())

    shapes = {name: (type_name(t), t.shape) for name, t in tensors.items()}
    assert gguf_bytes(shapes, METADATA, alignment=alignment) == os.path.getsize(path)


def type_name(tensor):
    names = {"float32": "F32", "float16": "F16", "float64": "F64", "int64": "I64", "int8": "I8"}
    return tensor.format.name if isinstance(tensor, Blocks) else names[tensor.dtype.name]


def test_a_file_by_hand(tmp_path):
    path = tmp_path / "by_hand.gguf"
    write_gguf(path, {"w": np.float32([[1, 2, 3], [4, 5, 6]])}, {"d": 3})
    expected = (
        b"GGUF" + bytes([3, 0, 0, 0]) + bytes([1] + 7 * [0]) + bytes([1] + 7 * [0])
        + bytes([1] + 7 * [0]) + b"d" + bytes([4, 0, 0, 0]) + bytes([3, 0, 0, 0])  # d is uint32 3
        + bytes([1] + 7 * [0]) + b"w" + bytes([2, 0, 0, 0])  # w has two axes,
        + bytes([3] + 7 * [0]) + bytes([2] + 7 * [0])  # the one along rows first,
        + bytes(4) + bytes(8)  # is F32, and its data begin at 0
        + bytes(14)  # the header has 82 bytes; the next multiple of 32 is 96
        + np.arange(1, 7, dtype="<f4").tobytes() + bytes(8)
    )  # fmt: skip
    assert path.read_bytes() == expected


def test_a_file_of_nothing(tmp_path):
    write_gguf(tmp_path / "empty.gguf", {})
    assert read_gguf(tmp_path / "empty.gguf") == ({}, {})
    assert gguf_bytes({}) == 32  # a multiple of the alignment
    (tmp_path / "shorter.gguf").write_bytes((tmp_path / "empty.gguf").read_bytes()[:24])
    assert read_gguf(tmp_path / "shorter.gguf") == ({}, {})


@pytest.mark.parametrize("seed", range(3))
def test_the_gguf_package_reads_our_files(tmp_path, seed):
    tensors, path = random_tensors(seed), tmp_path / "ours.gguf"
    del tensors["in Q2_0"]  # a type that it does not know
    write_gguf(path, tensors, METADATA)
    reader = gguf.GGUFReader(path)
    assert [tensor.name for tensor in reader.tensors] == list(tensors)
    for tensor in reader.tensors:
        ours = tensors[tensor.name]
        assert tensor.tensor_type.name == type_name(ours)
        assert tuple(tensor.shape) == (ours.shape[::-1] if ours.shape else ())
        assert tensor.data.tobytes() == np.ascontiguousarray(stored(ours)).tobytes()
        if type_name(ours) == "TQ1_0":
            values = gguf.dequantize(tensor.data, tensor.tensor_type)
            assert np.array_equal(values.T, ours.quantized().values())
    for key, value in METADATA.items():
        assert np.array_equal(reader.fields[key].contents(), value), key


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("alignment", [32, 64])
def test_we_read_files_of_the_gguf_package(tmp_path, seed, alignment):
    tensors, path = random_tensors(seed), tmp_path / "theirs.gguf"
    del tensors["in Q2_0"], tensors["number"], tensors["turned"]
    writer = gguf.GGUFWriter(path, "tinyffn")
    if alignment != 32:
        writer.add_custom_alignment(alignment)
    writer.add_uint32("a number", 7)
    writer.add_float32("eps", 1e-6)
    writer.add_bool("yes", True)
    writer.add_array("words", ["ein", "été", "猫"])
    writer.add_array("numbers", [1, -2, 3])
    for name, tensor in tensors.items():
        raw = gguf.GGMLQuantizationType[type_name(tensor)] if isinstance(tensor, Blocks) else None
        writer.add_tensor(name, stored(tensor), raw_dtype=raw)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    metadata, found = read_gguf(path)
    assert metadata["a number"] == 7
    assert np.float32(metadata["eps"]) == np.float32(1e-6)
    assert metadata["yes"] is True
    assert metadata["words"] == ["ein", "été", "猫"]
    assert np.array_equal(metadata["numbers"], [1, -2, 3])
    assert list(found) == list(tensors)
    for name, tensor in tensors.items():
        assert found[name].shape == tensor.shape
        assert stored(found[name]).tobytes() == stored(tensor).tobytes()

    # Written again by us, it is the same file.
    if alignment == 32:
        metadata["numbers"] = metadata["numbers"].astype(np.int32)
        metadata["eps"] = np.float32(metadata["eps"])
        write_gguf(tmp_path / "again.gguf", found, metadata)
        assert (tmp_path / "again.gguf").read_bytes() == path.read_bytes()


def test_an_array_of_the_file_can_be_written_to_another_of_the_same_name(tmp_path):
    path = tmp_path / "model.gguf"
    write_gguf(path, {"w": np.ones(3, np.float32)})
    if os.name == "nt":
        pytest.skip("Windows does not replace a file that is mapped")
    _, tensors = read_gguf(path)
    write_gguf(path, {"v": tensors["w"]})
    assert list(read_gguf(path).tensors) == ["v"]


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.gguf"
    write_gguf(path, {"w": np.ones(3, np.float32)})
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_gguf(path, {"w": np.zeros(30, np.float32)})
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.gguf"]


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
    "align": ({}, {"general.alignment": 64}, ValueError, "give general.alignment as alignment="),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_file_cannot_hold_is_refused_before_it_is_begun(tmp_path, case):
    tensors, metadata, error, message = REFUSED[case]
    with pytest.raises(error, match=f"write_gguf: .*{message}"):
        write_gguf(tmp_path / "model.gguf", tensors, metadata)
    assert not list(tmp_path.iterdir())


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
    ],
)
def test_shapes_that_no_file_has_are_named(shapes, message):
    with pytest.raises(ValueError, match=message):
        gguf_bytes(shapes)
