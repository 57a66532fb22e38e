"""Compression programs as language models: what a text costs that follows another."""

import bz2
import lzma
import zlib

COMPRESSORS = {
    "zlib": lambda data: zlib.compress(data, 9),
    "bz2": lambda data: bz2.compress(data, 9),
    "lzma": lambda data: lzma.compress(data, preset=9),
}


def compressed_bits(train, test):
    """Bits per character of the text `test` for somebody who has read the text `train`.

        8 (bytes of train and test compressed - bytes of train compressed) / characters of test

    A program that compresses foretells, in effect: what it expects gets few bits. zlib and lzma do
    it mostly by copying: instead of a passage they write where it stood before, and how long it is.
    bz2 sorts the characters of a block by what stands next to them (the Burrows-Wheeler transform):
    those with the same neighbours come to stand together, and are mostly alike. So they are the
    rivals that know passages by heart. zlib looks back 32,768 bytes only, bz2 over a block of
    900,000.

    Returns    {"zlib": bits, "bz2": bits, "lzma": bits}
    Errors     ValueError if test is empty
    """
    if not test:
        raise ValueError("compressed_bits: test is empty, so it has no bits per character")
    before, whole = train.encode("utf-8"), (train + test).encode("utf-8")
    return {
        name: 8 * (len(compress(whole)) - len(compress(before))) / len(test)
        for name, compress in COMPRESSORS.items()
    }
