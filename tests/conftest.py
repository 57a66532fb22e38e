"""What all tests share."""

import signal


def pytest_configure():
    """Listen to Ctrl-C, also where the tests were started in the background.

    A shell lets its background jobs ignore that signal, and they hand this down to every process
    that they start: the tests of interrupted commands would wait for ever.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
