"""The time limit: on the main thread, on other threads, and against loops that swallow exceptions."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from companion.exercises import limits
from companion.exercises.limits import TimeLimitExceeded, call_with_time_limit


def endless() -> None:
    while True:
        pass


def swallows_exceptions() -> None:
    while True:
        with contextlib.suppress(Exception):
            sum(range(50))


def swallows_everything() -> None:
    while True:
        try:  # noqa: SIM105
            sum(range(50))
        except BaseException:
            pass


def suppresses_everything() -> None:
    while True:
        with contextlib.suppress(BaseException):
            sum(range(50))


def swallows_everything_and_goes_on() -> None:
    rounds = 0
    while True:
        try:
            rounds += helper(rounds)
        except BaseException:
            rounds = 0


def helper(x: int) -> int:
    for _ in range(10):
        x += 1
    return x


def on_main_thread(function: Callable[[], object], seconds: float) -> None:
    call_with_time_limit(function, seconds)


def by_watchdog(function: Callable[[], object], seconds: float) -> None:
    limits._call_with_watchdog(function, seconds)


def on_another_thread(function: Callable[[], object], seconds: float) -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call_with_time_limit(function, seconds)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive(), "the endless loop goes on"
    if raised:
        raise raised[0]


LOOPS = [
    endless,
    swallows_exceptions,
    swallows_everything,
    suppresses_everything,
    swallows_everything_and_goes_on,
]
WAYS = [on_main_thread, by_watchdog, on_another_thread]


@pytest.mark.parametrize("call", WAYS)
@pytest.mark.parametrize("loop", LOOPS)
def test_an_endless_loop_is_stopped(
    call: Callable[..., None], loop: Callable[[], None]
) -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitExceeded):
        call(loop, 0.2)
    assert time.monotonic() - started >= 0.2
    assert sys.gettrace() is None or "coverage" in repr(sys.gettrace())


@pytest.mark.parametrize("call", WAYS)
def test_nothing_rings_after_a_call_that_ended_in_time(
    call: Callable[..., None],
) -> None:
    call(lambda: None, 0.1)
    until = time.monotonic() + 0.3
    while time.monotonic() < until:  # an exception still under way would arrive here
        pass


@pytest.mark.parametrize("call", WAYS)
def test_nothing_rings_after_a_call_that_was_stopped(call: Callable[..., None]) -> None:
    for _ in range(5):
        with pytest.raises(TimeLimitExceeded):
            call(endless, 0.05)
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        pass


@pytest.mark.skipif(
    not hasattr(signal, "SIGALRM"), reason="this system has no alarm signal"
)
def test_waiting_is_interrupted_where_there_are_signals() -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitExceeded):
        call_with_time_limit(lambda: time.sleep(60), 0.2)
    assert time.monotonic() - started < 30


@pytest.mark.skipif(
    not hasattr(signal, "SIGALRM"), reason="this system has no alarm signal"
)
def test_the_alarm_of_somebody_else_goes_on() -> None:
    rung = []
    old = signal.signal(signal.SIGALRM, lambda signum, frame: rung.append(signum))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        call_with_time_limit(lambda: time.sleep(0.1), 5.0)
        assert not rung
        time.sleep(0.5)
        assert rung == [signal.SIGALRM]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def test_results_and_exceptions_come_through() -> None:
    assert call_with_time_limit(lambda: 3, 1.0) == 3
    with pytest.raises(ZeroDivisionError):
        call_with_time_limit(lambda: 1 / 0, 1.0)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_limit_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive number of seconds"):
        call_with_time_limit(lambda: None, seconds)
