"""Time a few programs so that they can be compared."""

import time

from tinyffn.arguments import must_be_positive

# The work of this program's threads, added up: whoever else uses the machine does not count, and
# many threads are not faster than one. Where it ticks too coarsely (Windows), the time that passes.
WORK = (
    time.process_time
    if time.get_clock_info("process_time").resolution < 1e-5
    else time.perf_counter
)


def in_turn(programs, *, calls=5, clock=WORK):
    """Seconds of each call of several programs, one call each, over and over.

    So what else the machine does meets all alike. Each is called once for nothing first: memory is
    fetched and caches are filled. The smallest of the numbers is the least disturbed.

    Arguments  programs: {name: a function of nothing}; clock: a function of nothing that gives
               seconds, such as WORK or time.perf_counter
    Returns    {name: a list of `calls` numbers}
    Errors     ValueError if calls is no whole number above 0, or there is no program
    """
    must_be_positive("in_turn", calls=calls)
    if not programs:
        raise ValueError("in_turn: programs is empty: give {name: a function of nothing}")
    taken = {name: [] for name in programs}
    for program in programs.values():
        program()
    for _ in range(calls):
        for name, program in programs.items():
            start = clock()
            program()
            taken[name].append(clock() - start)
    return taken
