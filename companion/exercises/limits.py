"""A time limit for code that may never end."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# After the limit the exception is raised again and again: a loop that swallows exceptions catches most of
# them inside its `try`, but sooner or later one arrives between two rounds, where nothing catches it.
_REPEAT_SECONDS = 0.011


class TimeLimitExceeded(BaseException):
    """Raised inside code that ran too long; a BaseException, so that ``except Exception`` lets it through."""


def _call_with_alarm(function: Callable[[], T], seconds: float) -> T:
    """Raise from the handler of SIGALRM: interrupts waiting calls such as ``time.sleep`` too."""
    armed = True

    def ring(signum: int, frame: object) -> None:
        if armed:
            raise TimeLimitExceeded

    started = time.monotonic()
    old_handler = signal.signal(signal.SIGALRM, ring)
    old_delay, old_interval = signal.setitimer(
        signal.ITIMER_REAL, seconds, _REPEAT_SECONDS
    )
    try:
        return function()
    finally:
        while armed:
            # The alarm may ring on the very line that switches it off.
            with contextlib.suppress(TimeLimitExceeded):
                armed = False
                signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old_handler)
        if old_delay > 0:  # somebody else's alarm, pytest-timeout's for one, goes on
            left = max(old_delay - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, old_interval)


def _call_with_watchdog(function: Callable[[], T], seconds: float) -> T:
    """Let a second thread raise in this one: for Windows and for threads other than the main one."""
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    this_thread = ctypes.c_ulong(threading.get_ident())
    done = threading.Event()
    lock = threading.Lock()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            with lock:
                if not done.is_set():
                    raise_in(this_thread, ctypes.py_object(TimeLimitExceeded))
            wait = _REPEAT_SECONDS

    watchdog = threading.Thread(target=watch, name="companion-time-limit", daemon=True)
    watchdog.start()
    try:
        return function()
    finally:
        finished = False
        while not finished:
            with contextlib.suppress(TimeLimitExceeded):
                done.set()
                with lock:
                    raise_in(
                        this_thread, None
                    )  # an exception still under way must not hit the caller
                finished = True


def call_with_time_limit(function: Callable[[], T], seconds: float) -> T:
    """Call a function, and stop it when it takes too long.

    On the main thread of Linux and macOS an alarm signal stops Python code and waiting system calls.
    Elsewhere a second thread raises the exception at the next bytecode, so a call that waits inside the
    system (``time.sleep``, ``input``) ends first. Neither can interrupt a single long call into compiled code,
    such as one product of huge matrices: the exception comes when that call returns.

    Args:
        function: Called without arguments.
        seconds: The limit, wall-clock time.

    Returns:
        What the function returns.

    Raises:
        TimeLimitExceeded: In the line that was being executed when the time was up.
        ValueError: If the limit is not positive.

    Example:
        >>> call_with_time_limit(lambda: 6 * 7, seconds=5.0)
        42
    """
    if not seconds > 0:
        raise ValueError(
            f"the time limit must be a positive number of seconds, got {seconds}"
        )
    if (
        hasattr(signal, "SIGALRM")
        and threading.current_thread() is threading.main_thread()
    ):
        return _call_with_alarm(function, seconds)
    return _call_with_watchdog(function, seconds)
