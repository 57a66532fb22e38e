"""Arithmetic of speed, machines and energy: against closed forms, and the other way round."""

import numpy as np
import pytest

from tinyffn.studies.claims import rates


def test_time_and_speed_are_each_other_upside_down():
    assert rates.times_as_fast(0.6) == pytest.approx(1.6667, abs=1e-4)
    assert rates.times_as_fast(rates.times_as_fast(0.37)) == pytest.approx(0.37)


def test_what_was_before_a_cut_is_cut_to_what_is_now():
    assert rates.before(8, 0.33) * (1 - 0.33) == pytest.approx(8)
    assert rates.before(5, 0) == 5
    assert rates.speed_of_less_work(0.45) == pytest.approx(1 / 0.55)


def test_the_same_power_for_less_time_takes_less_energy_by_as_much():
    watts, seconds = 280, 10
    saved = 1 - watts * seconds / 1.8 / (watts * seconds)
    assert rates.energy_saved(1.8) == pytest.approx(saved)
    assert rates.energy_saved(1) == 0


def test_work_and_energy_of_a_second_are_those_of_its_tokens():
    assert rates.tflops(45_000, 1.8e9) == pytest.approx(81)
    joules = 45_000 * rates.millijoules_per_token(280, 45_000) / 1000
    assert joules == pytest.approx(280)


def test_little_counts_what_a_queue_holds(seed=0):
    """Tokens begin at random; the mean number in work is rate times time."""
    rng = np.random.default_rng(seed)
    begin = np.sort(rng.uniform(0, 100, 20_000))
    stay = rng.exponential(0.5, len(begin))
    moments = np.linspace(20, 80, 2000)
    in_work = [np.sum((begin <= t) & (t < begin + stay)) for t in moments]
    assert rates.in_flight(200, 0.5) == pytest.approx(np.mean(in_work), rel=0.05)


@pytest.mark.parametrize(("share", "n"), [(0.0, 8), (1e-4, 1024), (0.05, 64), (1.0, 4)])
def test_amdahl_both_ways(share, n):
    speed_up = 1 / (share + (1 - share) / n)
    assert rates.serial_share(speed_up / n, n) == pytest.approx(share, abs=1e-12)


def test_a_load_balance_above_one_is_what_two_figures_that_do_not_fit_ask_for():
    assert rates.load_balance(0.94, 0.91) > 1 > rates.load_balance(0.85, 0.91)
    assert rates.load_balance(0.85, 0.91) * 0.91 == pytest.approx(0.85)


MESSAGES = [
    (rates.times_as_fast, (0,), "times_as_fast: time is 0, but must be a number above 0"),
    (rates.before, (1, 1), "before: cut is 1, but must be a number, at least 0 and below 1"),
    (rates.speed_of_less_work, (-0.1,), "before: cut is -0.1"),
    (rates.energy_saved, (0.5,), "energy_saved: speed is 0.5, but must be a number, 1 or above"),
    (rates.tflops, (0, 1), "tflops: tokens_per_second is 0"),
    (rates.millijoules_per_token, (-1, 1), "millijoules_per_token: watts is -1"),
    (rates.in_flight, (1, 0), "in_flight: seconds is 0"),
    (rates.serial_share, (0.9, 1.5), "serial_share: n_machines is 1.5"),
    (rates.serial_share, (0, 8), "serial_share: efficiency is 0"),
    (rates.serial_share, (1.1, 8), "an efficiency of 1.1 on 8 machines says nothing"),
    (rates.serial_share, (0.9, 1), "it must be at most 1, on 2 machines or more"),
    (rates.load_balance, (0, 1), "load_balance: parallel is 0"),
]


@pytest.mark.parametrize(("function", "arguments", "says"), MESSAGES)
def test_what_cannot_be_is_refused(function, arguments, says):
    with pytest.raises(ValueError) as error:
        function(*arguments)
    assert says in str(error.value)
