"""A wire between a host and its database that can be cut: nothing passes, nothing is closed."""

import socket
import threading
from contextlib import suppress

from tests.ports import free_port


class Wire:
    """Passes on what comes at ``port`` to ``end``, and back, while it is whole."""

    def __init__(self, end: tuple[str, int]) -> None:
        self.port = free_port()
        self._end = end
        self._is_whole = threading.Event()
        self._is_whole.set()
        self._server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._is_whole.clear()

    def mend(self) -> None:
        self._is_whole.set()

    def close(self) -> None:
        self.mend()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        self._is_whole.wait()
        far = socket.create_connection(self._end)
        back = threading.Thread(target=self._pass_on, args=(far, near), daemon=True)
        back.start()
        self._pass_on(near, far)
        back.join()
        near.close()
        far.close()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while some := source.recv(65536):
                self._is_whole.wait()
                target.sendall(some)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
