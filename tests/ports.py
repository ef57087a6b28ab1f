"""Free ports of this machine."""

import socket


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
