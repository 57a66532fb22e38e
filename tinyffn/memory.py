"""Keep freed memory for the next array: a switch for programs that train.

The C library glibc gives every large array back to the system the moment it is freed. The next
array of that size is mapped anew, and its pages are filled with zeros one by one as they are first
touched: page faults, which can take a third of a training step. Told to keep what is freed, it
hands the same warm pages out again.
"""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # names and numbers from glibc's malloc.h
LARGEST_KEPT_BYTES = 2**25  # glibc takes no threshold above 32 MB for single arrays
LARGEST_TOTAL_BYTES = 2**30


def keep_freed_memory():
    """From now on, let this process keep the memory of freed arrays up to 32 MB each.

    Faster, and never smaller: memory that one part of a program has freed stays its own, up to a
    gigabyte. Call it once, at the start of a program that trains; nothing in the library does.

    Returns    whether it took effect; False where the C library is not glibc, and nothing changes
    """
    try:
        libc = ctypes.CDLL(None)
        _ = libc.gnu_get_libc_version
    except (AttributeError, OSError, TypeError):  # no such function, or (Windows) no such library
        return False
    took_mmap = libc.mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
    took_trim = libc.mallopt(M_TRIM_THRESHOLD, LARGEST_TOTAL_BYTES)
    return bool(took_mmap and took_trim)
