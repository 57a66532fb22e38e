"""Files that are cut off, damaged or made to do harm: one sentence, and no memory spent on them."""

import struct
import tracemalloc

import numpy as np
import pytest

from tinyffn.bits.formats import FORMATS, Blocks
from tinyffn.bits.gguf import read_gguf, write_gguf

HUGE = [2**31, 2**32 - 1, 2**40, 2**62, 2**63, 2**64 - 1]
MEMORY = 300_000  # bytes that reading a small file may take, with the text of the error


def u32(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def u64(*numbers):
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def text(word, length=None):
    return u64(len(word) if length is None else length) + word


def entry(key=b"k", kind=4, value=b"\1\0\0\0"):
    return text(key) + u32(kind) + value


def tensor(name=b"w", axes=(4,), kind=0, begin=0, n_axes=None):
    n_axes = len(axes) if n_axes is None else n_axes
    return text(name) + u32(n_axes) + u64(*axes) + u32(kind) + u64(begin)


def file(entries=(), tensors=(), data=64, magic=b"GGUF", version=3, counts=None):
    counts = counts or (len(tensors), len(entries))
    head = magic + u32(version) + u64(*counts) + b"".join(entries) + b"".join(tensors)
    return head + bytes(-len(head) % 32) + bytes(data)


def alignment(value, kind=4):
    return entry(b"general.alignment", kind, value)


CASES = {
    "nothing": (b"", "has 0 bytes, but the beginning of a GGUF file has 24"),
    "magic": (file(magic=b"GGML"), "it begins with b'GGML', not with b'GGUF': no GGUF file"),
    "zip": (b"PK\3\4" + bytes(60), r"it begins with b'PK\x03\x04'"),
    "version 1": (file(version=1), "its version is 1, but only 3 can be read"),
    "version 4": (file(version=4), "its version is 4, but only 3 can be read"),
    "big-endian": (file(version=3 << 24), "only 3 can be read: its bytes are in big-endian order"),
    "key length": (file([text(b"k", 2**20)]), "a metadata key at byte 32 has 1048576 bytes, more"),
    "key cut": (file([text(b"k", 999)]), "a metadata key at byte 32 takes 999 bytes, but the file"),
    "empty key": (file([entry(b"")]), "the metadata key '' is empty"),
    "key twice": (file([entry(), entry()]), "the metadata key 'k' is there twice"),
    "key not text": (file([entry(b"\xff")]), "a metadata key at byte 32 is not text in UTF-8"),
    "value type": (file([entry(kind=13)]), "'k' has the unknown value type 13"),
    "value not text": (
        file([entry(kind=8, value=text(b"\xc3"))]), "'k' at byte 45 is not text in UTF-8"
    ),
    "bool": (file([entry(kind=7, value=b"\2")]), "'k' holds 2, where only 0 and 1 are true or fal"),
    "bools": (file([entry(kind=9, value=u32(7) + u64(2) + b"\1\3")]), "'k' holds 3, where only 0"),
    "array of arrays": (
        file([entry(kind=9, value=(u32(9) + u64(1)) * 50)]), "'k' is an array of arrays, which is"
    ),
    "array type": (file([entry(kind=9, value=u32(99) + u64(1))]), "unknown value type 99"),
    "array's text": (
        file([entry(kind=9, value=u32(8) + u64(1) + text(b"\xff"))]), "an item of 'k' at byte 57 is"
    ),
    "alignment 0": (file([alignment(u32(0))]), "its alignment is 0, not a power of two, 8 or abo"),
    "alignment 48": (file([alignment(u32(48))]), "its alignment is 48, not a power of two"),
    "alignment 4": (file([alignment(u32(4))]), "its alignment is 4, not a power of two"),
    "alignment 64-bit": (file([alignment(u64(32), 10)]), "its alignment is 32, not a power of two"),
    "alignment text": (file([alignment(text(b"32"), 8)]), "its alignment is '32', not a power"),
    "alignments": (
        file([alignment(u32(4) + u64(2) + u32(32, 32), 9)]), "its alignment is array([32, 32]"
    ),
    "large alignment": (file([alignment(u32(2**31))], [tensor()]), "the data of 'w' end at byte"),
    "name length": (file(tensors=[tensor(b"w" * 64)]), "a tensor's name at byte 32 has 64 bytes"),
    "empty name": (file(tensors=[tensor(b"")]), "the tensor name '' is empty"),
    "name twice": (file(tensors=[tensor(), tensor()]), "the tensor name 'w' is there twice"),
    "name not text": (file(tensors=[tensor(b"\x80")]), "a tensor's name at byte 32 is not text"),
    "axes": (file(tensors=[tensor(axes=(1,) * 5)]), "the tensor 'w' has 5 axes, more than 4"),
    "empty axis": (file(tensors=[tensor(axes=(4, 0))]), "has the shape (0, 4): no axis may be em"),
    "type": (file(tensors=[tensor(kind=12)]), "the tensor 'w' has the type 12, which is none of 0"),
    "row": (
        file(tensors=[tensor(axes=(64,), kind=41)]),
        "'w' of type Q1_0 has the shape (64,): no axis may be empty, and the last must be a multip",
    ),
    "block number": (file(tensors=[tensor(axes=(), kind=41)]), "of type Q1_0 has the shape ()"),
    "begin": (
        file(tensors=[tensor(begin=16)]),
        "the data of 'w' begin at 16, not at a multiple of the alignment, 32",
    ),
    "outside": (
        file(tensors=[tensor(axes=(40,))]),
        "the data of 'w' end at byte 224, but the file has 128: it is cut off, or damaged",
    ),
    "before": (file(tensors=[tensor(begin=2**64 - 32)]), "the data of 'w' end at byte 18446744073"),
    "overlap": (
        file(tensors=[tensor(axes=(16,)), tensor(b"v", begin=32)]),
        "the data of 'w' and of 'v' overlap",
    ),
    "same place": (file(tensors=[tensor(), tensor(b"v")]), "the data of 'w' and of 'v' overlap"),
    "inside": (
        file(tensors=[tensor(b"v", begin=32), tensor(axes=(24,))], data=96),
        "the data of 'w' and of 'v' overlap",
    ),
}  # fmt: skip
for n in HUGE:
    claim = f"claims {n} tensors and 0 metadata entries, more than its 96 bytes can describe"
    CASES |= {
        f"{n} tensors": (file(counts=(n, 0)), claim),
        f"{n} entries": (file(counts=(0, n)), f"claims 0 tensors and {n} metadata entries"),
        f"key of {n}": (file([text(b"k", n)]), f"a metadata key at byte 32 has {n} bytes, more"),
        f"string of {n}": (
            file([entry(kind=8, value=u64(n))]), f"'k' at byte 45 has {n} bytes, more than 16777216"
        ),
        f"{n} strings": (
            file([entry(kind=9, value=u32(8) + u64(n))]), f"array 'k' claims {n} strings, more than"
        ),
        f"{n} numbers": (
            file([entry(kind=9, value=u32(0) + u64(n))]), f"value of 'k' at byte 49 takes {n} byte"
        ),
        f"{n} doubles": (file([entry(kind=9, value=u32(12) + u64(n))]), f"takes {8 * n} bytes"),
        f"{n} axes": (
            file(tensors=[tensor(n_axes=n % 2**32 or 9)]), "axes, more than 4"
        ),
        f"axis of {n}": (file(tensors=[tensor(axes=(n,))]), "the data of 'w' end at byte"),
        f"{n} to the 4th": (file(tensors=[tensor(axes=(n,) * 4)]), "the data of 'w' end at byte"),
        f"begin at {n}": (file(tensors=[tensor(begin=n & ~31)]), "the data of 'w' end at byte"),
    }  # fmt: skip


def refusal(path):
    """The sentence with which a file is refused, and how much memory that took at its peak."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError) as caught:
            read_gguf(path)
        return str(caught.value), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_refused_in_a_sentence_before_memory_is_spent(tmp_path, case):
    content, message = CASES[case]
    path = tmp_path / "hostile.gguf"
    path.write_bytes(content)
    sentence, memory = refusal(path)
    assert sentence.startswith(f"read_gguf: {path}")
    assert message in sentence
    assert ("big-endian" in sentence) == (case == "big-endian")
    assert "\n" not in sentence
    assert len(sentence) < 400 + len(str(path))
    assert memory < MEMORY


def test_the_frame_of_these_cases_is_a_good_file(tmp_path):
    path = tmp_path / "good.gguf"
    path.write_bytes(file([entry()], [tensor(), tensor(b"v", begin=32)]))
    metadata, tensors = read_gguf(path)
    assert metadata == {"k": 1}
    assert [array.tolist() for array in tensors.values()] == [[0.0] * 4, [0.0] * 4]


def cut(content, n_bytes):
    """The first 24 bytes of a file, its beginning, and n more."""
    return content[: 24 + n_bytes]


@pytest.mark.parametrize(
    "counts, least",  # tensors and entries, and how many bytes they take at the least
    [((3, 0), 3 * 24), ((0, 5), 5 * 13), ((2, 3), 2 * 24 + 3 * 13)],
)
def test_a_claim_is_refused_where_the_file_is_a_byte_too_short(tmp_path, counts, least):
    path = tmp_path / "claims.gguf"
    for n_bytes, is_claim in ((least, False), (least - 1, True)):
        path.write_bytes(cut(file(counts=counts, data=128), n_bytes))
        assert ("can describe" in refusal(path)[0]) == is_claim


def test_strings_are_refused_where_the_file_is_a_byte_too_short(tmp_path):
    path = tmp_path / "strings.gguf"
    content = file([entry(kind=9, value=u32(8) + u64(4) + bytes(4 * 8))])
    path.write_bytes(cut(content, 25 + 4 * 8))
    assert read_gguf(path).metadata == {"k": [""] * 4}
    path.write_bytes(cut(content, 25 + 4 * 8 - 1))
    assert "the array 'k' claims 4 strings, more than fit into it" in refusal(path)[0]


def test_a_header_that_is_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("tinyffn.bits.gguf.reader.LARGEST_HEADER_BYTES", 64)
    path = tmp_path / "long.gguf"
    path.write_bytes(file([entry(kind=9, value=u32(0) + u64(40) + bytes(40))]))
    assert "takes 40 bytes, but a header may not be longer 15 bytes later" in refusal(path)[0]


def test_a_large_file_of_empty_strings_is_stopped(tmp_path):
    n = 2**24
    path = tmp_path / "sparse.gguf"
    with open(path, "wb") as sparse:
        sparse.write(file([entry(kind=9, value=u32(8) + u64(n))], data=0))
        sparse.truncate(8 * n + 4096)
    sentence, memory = refusal(path)
    assert f"the array 'k' claims {n} strings, more than fit into it" in sentence
    assert memory < MEMORY


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    rng = np.random.default_rng(1)
    tensors = {"norm": np.ones(5, np.float32), "id": np.array(3, np.int64)}
    for form in FORMATS:
        w = rng.normal(size=(form.group, 1)).astype(np.float32)
        tensors[form.name] = Blocks(form, form.write(w))
    path = tmp_path_factory.mktemp("gguf") / "whole.gguf"
    write_gguf(path, tensors, {"name": "small", "list": ["a", "bc"], "n": [1, 2], "eps": 0.1})
    return path.read_bytes()


def test_every_cut_of_a_file_is_refused(tmp_path, whole):
    path = tmp_path / "cut.gguf"
    path.write_bytes(whole)
    read_gguf(path)
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"read_gguf: .*cut\.gguf"):
            read_gguf(path)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(tmp_path, whole, seed):
    rng = np.random.default_rng(seed)
    path = tmp_path / "damaged.gguf"
    refused = 0
    for _ in range(400):
        damaged = np.frombuffer(whole, np.uint8).copy()
        at = rng.integers(0, len(whole) if seed % 2 else 500, size=rng.integers(1, 4))
        damaged[at] ^= rng.integers(1, 256, size=len(at), dtype=np.uint8)
        path.write_bytes(damaged.tobytes())
        try:
            for tensor in read_gguf(path).tensors.values():
                tensor.quantized().values() if isinstance(tensor, Blocks) else tensor.sum()
        except ValueError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused > 40


def test_what_is_not_a_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_gguf(tmp_path / "nowhere.gguf")
    with pytest.raises(OSError, match=str(tmp_path.name)):
        read_gguf(tmp_path)
