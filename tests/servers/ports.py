"""Free ports of the loopback interface, each given once."""

import random
import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"
# Below those that Linux takes for outgoing connections, so that none of them is in the way.
RANGE = range(20_000, 32_000)


def free_port(among: Sequence[int] = RANGE) -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on, and that is given once while this process lives.

    Whoever stops a server can therefore start it again on the same port. Processes that run tests at
    the same time are told apart by a name that the kernel gives to one socket only and takes back
    with the process; like ports, such names belong to the machine's network, so no file is left behind.

    Raises:
        OSError: all are taken.
    """
    for port in random.sample(among, len(among)):
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            mark.bind(f"\0ledger-tests-port-{port}")
        except OSError:  # another process has it, or this one
            mark.close()
            continue
        if _is_free(port):
            mark.detach()  # open for as long as the process lives
            return port
        mark.close()
    raise OSError("no port is free")


def is_open(port: int) -> bool:
    """Tell whether something accepts connections on a port of 127.0.0.1."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
