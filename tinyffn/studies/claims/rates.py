"""Arithmetic of speed, machines and energy: what figures of an article say about each other.

A page that boasts of many numbers can be audited without its authors: some follow from others.
"""

from tinyffn.arguments import must_be_above, must_be_at_least, must_be_positive, must_be_share


def times_as_fast(time):
    """How many times as fast a program is that takes `time` of the time: 1 / time.

    Taking 0.6 of the time is 1.67 times as fast; 1.4 times as fast takes 0.71 of the time. "40 %
    faster" is said of both.

    Errors     ValueError unless time is a number above 0
    """
    must_be_above("times_as_fast", 0, time=time)
    return 1 / time


def before(now, cut):
    """What a number was before it was cut by a share: now / (1 - cut), in the same unit.

    Errors     ValueError unless cut is at least 0 and below 1
    """
    must_be_share("before", cut=cut)
    return now / (1 - cut)


def speed_of_less_work(cut):
    """How many times as fast a program would be if time went with work: 1 / (1 - cut).

    Errors     ValueError unless cut is at least 0 and below 1
    """
    return before(1.0, cut)


def energy_saved(speed):
    """The share of energy that is saved by being `speed` times as fast, at the same power.

    Energy is power times time: 1 - 1 / speed.

    Errors     ValueError unless speed is a number, 1 or above
    """
    must_be_at_least("energy_saved", 1, speed=speed)
    return 1 - 1 / speed


def tflops(tokens_per_second, flops_per_token):
    """What a machine does that makes so many tokens, in 10¹² FLOP a second.

    Errors     ValueError unless both are numbers above 0
    """
    must_be_above("tflops", 0, tokens_per_second=tokens_per_second, flops_per_token=flops_per_token)
    return tokens_per_second * flops_per_token / 1e12


def millijoules_per_token(watts, tokens_per_second):
    """The energy of a token in mJ: a watt is a joule a second, so 1000 watts / tokens_per_second.

    Errors     ValueError unless both are numbers above 0
    """
    must_be_above("millijoules_per_token", 0, watts=watts, tokens_per_second=tokens_per_second)
    return 1000 * watts / tokens_per_second


def in_flight(tokens_per_second, seconds):
    """How many tokens are being made at a time, if each takes `seconds` on average.

    Little's law: as many as arrive, times how long they stay. It asks for the mean time; the time
    that 95 % stay under is longer, and gives an estimate only.

    Errors     ValueError unless both are numbers above 0
    Source     Little 1961 (Operations Research 9(3), 383-387)
    """
    must_be_above("in_flight", 0, tokens_per_second=tokens_per_second, seconds=seconds)
    return tokens_per_second * seconds


def serial_share(efficiency, n_machines):
    """The share of the work that only one machine can do, from the efficiency of n machines.

        speed-up = 1 / (s + (1 - s) / n) = efficiency n
        s        = (1 / efficiency - 1) / (n - 1)

    Errors     ValueError unless efficiency is above 0 and at most 1, and n_machines whole, above 1
    Source     Amdahl 1967 (AFIPS Spring Joint Computer Conference, 483-485)
    """
    must_be_positive("serial_share", n_machines=n_machines)
    must_be_above("serial_share", 0, efficiency=efficiency)
    if efficiency > 1 or n_machines < 2:
        raise ValueError(
            f"serial_share: an efficiency of {efficiency} on {n_machines} machines says nothing: "
            "it must be at most 1, on 2 machines or more"
        )
    return (1 / efficiency - 1) / (n_machines - 1)


def load_balance(parallel, communication):
    """The load balance that two efficiencies leave room for; above 1 there is none.

    In the terms of the POP centre, parallel efficiency is load balance times communication
    efficiency, and each of the two is at most 1. So the product is not larger than either.

    Errors     ValueError unless both are numbers above 0
    """
    must_be_above("load_balance", 0, parallel=parallel, communication=communication)
    return parallel / communication
