"""GGUF files: what is written comes back, and another program reads and writes the same bytes."""

import os

import gguf
import numpy as np
import pytest

from tinyffn.bits.formats import FORMATS, Q1_0, Blocks
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
    "int8": np.int8(-128),
    "two bytes": np.uint16(65_535),
    "int16": np.int16(-32_768),
    "largest": np.uint64(2**64 - 1),
    "long": np.int64(-(2**40)),
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


def test_blocks_of_one_row_and_of_many_matrices_come_back(tmp_path):
    rows = Q1_0.write(np.random.default_rng(2).normal(size=(256, 6)))
    tensors = {"row": Blocks(Q1_0, rows[0]), "experts": Blocks(Q1_0, rows.reshape(2, 3, 36))}
    write_gguf(tmp_path / "a.gguf", tensors)
    found = read_gguf(tmp_path / "a.gguf").tensors
    assert [of.shape for of in found.values()] == [(256,), (2, 3, 256)]
    for name, tensor in tensors.items():
        assert found[name].shape == tensor.shape
        assert np.array_equal(found[name].rows, tensor.rows)
    shapes = {name: ("Q1_0", tensor.shape) for name, tensor in tensors.items()}
    assert gguf_bytes(shapes) == os.path.getsize(tmp_path / "a.gguf")


def test_the_longest_name_and_key_and_four_axes_come_back(tmp_path):
    tensors = {"é" * 31 + "w": np.ones((1, 2, 3, 1), np.float32)}
    write_gguf(tmp_path / "a.gguf", tensors, {"k" * 65_535: 1})
    metadata, found = read_gguf(tmp_path / "a.gguf")
    assert metadata == {"k" * 65_535: 1}
    assert [(name, w.shape) for name, w in found.items()] == [("é" * 31 + "w", (1, 2, 3, 1))]


def test_what_is_in_the_other_order_of_bytes_is_turned(tmp_path):
    tensors = {"w": np.arange(3, dtype=">f4"), "n": np.arange(-2, 2, dtype=">i8")}
    write_gguf(tmp_path / "a.gguf", tensors, {"sizes": np.array([1, 2**20], ">i4")})
    metadata, found = read_gguf(tmp_path / "a.gguf")
    assert metadata["sizes"].tolist() == [1, 2**20]
    assert [array.tolist() for array in found.values()] == [[0.0, 1.0, 2.0], [-2, -1, 0, 1]]


def test_metadata_are_copies_and_tensors_look_into_the_file(tmp_path):
    write_gguf(tmp_path / "a.gguf", {"w": np.ones(3)}, {"n": [1, 2], "flags": [True, False]})
    metadata, found = read_gguf(tmp_path / "a.gguf")
    assert metadata["n"].flags.owndata and metadata["n"].flags.writeable
    assert metadata["flags"].tolist() == [True, False]
    assert not found["w"].flags.owndata


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


THEIRS = {
    "float32": ("add_float32", np.float32(1e-6)),
    "uint8": ("add_uint8", 255),
    "int8": ("add_int8", -128),
    "uint16": ("add_uint16", 65_535),
    "int16": ("add_int16", -32_768),
    "uint64": ("add_uint64", 2**64 - 1),
    "int64": ("add_int64", -(2**40)),
    "scores": ("add_array", [0.5, -np.inf]),
    "bytes": ("add_array", b"\x00\xff"),
    "flags": ("add_array", [True, False, True]),
}


def test_we_read_all_types_of_metadata_that_the_package_writes(tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "theirs.gguf", "tinyffn")
    for key, (add, value) in THEIRS.items():
        getattr(writer, add)(key, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    metadata = read_gguf(tmp_path / "theirs.gguf").metadata
    for key, (_, value) in THEIRS.items():
        expected = list(value) if isinstance(value, bytes) else value
        assert np.array_equal(metadata[key], expected), key
    kinds = {key: metadata[key].dtype for key in ("scores", "bytes", "flags")}
    assert kinds == {"scores": np.float32, "bytes": np.uint8, "flags": np.bool_}


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
