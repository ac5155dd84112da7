#!/usr/bin/env python3
"""Run a command in a network namespace of its own, where only localhost exists: `offline.py COMMAND ...`."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def enter_namespace() -> None:
    """Leave the network behind; raise OSError where the system does not allow it."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        # Not root: own a user namespace first, and map ourselves into it.
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        with open("/proc/self/setgroups", "w", encoding="ascii") as out:
            out.write("deny")
        with open("/proc/self/uid_map", "w", encoding="ascii") as out:
            out.write(f"{user} {user} 1")
        with open("/proc/self/gid_map", "w", encoding="ascii") as out:
            out.write(f"{group} {group} 1")
    # Notebook kernels and the site's tests talk over localhost, which is off in a new namespace.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


if __name__ == "__main__":
    try:
        enter_namespace()
    except OSError as error:
        sys.exit(f"no network namespace here: {error}")
    os.execvp(sys.argv[1], sys.argv[1:])
