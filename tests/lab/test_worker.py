"""The wire: what crosses, what does not, and what a hostile other end can send."""

import io
import json
import struct

import numpy as np
import pytest

from tinyffn.lab.worker import Handle, Unsendable, decode, encode, read_frame, write_frame


def test_values_cross_as_they_are():
    value = {"a": [1, 2.5, None, True, "é"], "b": (np.arange(6).reshape(2, 3), {3: -1})}
    back = decode(encode(value))
    assert back["a"] == value["a"] and back["b"][1] == {3: -1}
    assert back["b"][0].dtype == value["b"][0].dtype
    np.testing.assert_array_equal(back["b"][0], value["b"][0])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "bool", "complex64"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3, 1)])
def test_arrays_keep_dtype_and_shape(dtype, shape):
    array = np.ones(shape, dtype)
    for sent in (array, array.T.copy().T, array[::-1] if shape else array):
        back = decode(encode(sent))
        assert (back.dtype, back.shape) == (array.dtype, shape)
        np.testing.assert_array_equal(back, sent)


def test_numpy_numbers_keep_their_dtype():
    assert decode(encode(np.float32(0.1))).dtype == np.float32
    assert decode(encode(np.float64(0.1))).dtype == np.float64


def test_a_subclass_arrives_as_a_plain_array():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

    assert type(decode(encode(np.zeros(3).view(Liar)))) is np.ndarray


def test_nan_and_infinity_cross():
    assert np.isnan(decode(encode(float("nan")))) and decode(encode(float("inf"))) == float("inf")


def test_what_cannot_cross_becomes_a_handle_or_an_error():
    assert decode(encode([print], lambda f: Handle(7, f.__name__, True))) == [
        Handle(7, "print", True)
    ]
    with pytest.raises(Unsendable, match="builtin_function"):
        encode([print])
    with pytest.raises(Unsendable, match="dtype object"):
        encode(np.array([None]))
    nested: list = []
    nested.append(nested)
    with pytest.raises(Unsendable, match="deep"):
        encode(nested)
    with pytest.raises(Unsendable, match="64 MB"):
        encode(np.zeros(9 * 2**20))


def payload(header: object, blob: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + blob


@pytest.mark.parametrize(
    "described",
    [
        ["object", [1]],
        ["O", [1]],
        ["V8", [1]],
        ["str32", [2]],
        ["float64,float64", [1]],
        ["float64", [2]],  # more than is there
        ["float64", [10**18]],
        ["float64", [2**40, 0, 2**40]],  # 0 bytes, but no array can have such sides
        ["float64", [-1, -1]],
        ["float64", [-1]],
        ["float64", [1.0]],
        ["float64", [True]],
        ["float64", 1],
        ["float64"],
        ["float64", [1], 2],
        [["float64"], [1]],
        [{}, [1]],
        8,
    ],
)
def test_a_hostile_array_is_refused(described):
    with pytest.raises((ValueError, TypeError, KeyError, EOFError)):
        decode(payload({"array": described}, b"8" * 8))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xff\xff\xff",
        payload(b"not json"),
        payload([1, 2]),
        payload({}),
        payload({"array": 1, "list": []}),
        payload({"array": "x"}),
        payload({"handle": [1]}),
        payload({"evil": 1}),
        payload({"dict": [[{"list": []}, 1]]}),
        payload(b"[" * 100_000),
        payload(b'{"list": [' * 20_000 + b"]}" * 20_000),
    ],
)
def test_a_hostile_payload_is_an_exception_and_nothing_worse(data):
    with pytest.raises((ValueError, TypeError, struct.error, RecursionError, EOFError)):
        decode(data)


def test_frames():
    pipe = io.BytesIO()
    write_frame(pipe, b"one")
    write_frame(pipe, b"")
    pipe.seek(0)
    assert (read_frame(pipe), read_frame(pipe)) == (b"one", b"")
    with pytest.raises(EOFError):
        read_frame(pipe)
    with pytest.raises(ValueError, match="a frame of"):
        read_frame(io.BytesIO(b"\x7f" + bytes(7)))
