"""A mail server on loopback that can refuse, dawdle, hang up, and kill whoever talks to it."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

POINTS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "text", "taken", "answered")
"""Moments of a talk: a new line; each command as it comes; the whole text has come; it was taken
(from here on the reader has the mail); the other side was told so."""


class PostOffice:
    """Takes mails. ``at`` is asked at every point and may return an answer to give instead."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: Counter[str] = Counter()
        self.lines = 0
        self.open: set[asyncio.Transport] = set()
        self.at: Callable[[str, str], str | None] = lambda point, address: None
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await asyncio.to_thread(self.at, "RCPT", address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [address] = envelope.rcpt_tos
        if answer := await asyncio.to_thread(self.at, "text", address):
            return answer
        self.taken[address] += 1
        return await asyncio.to_thread(self.at, "taken", address) or "250 Taken"

    def start(self) -> None:
        self._controller.start()
        # The controller has called itself, to see whether it answers.
        self.lines = 0

    def stop(self) -> None:
        # Lines of the dead are closed first, or they outlive the loop they belong to.
        for line in list(self.open):
            self._controller.loop.call_soon_threadsafe(line.abort)
        until = time.monotonic() + 5
        while self.open and time.monotonic() < until:
            time.sleep(0.01)
        self._controller.stop()


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Clerk(self.handler, enable_SMTPUTF8=True, hostname="post.example")


class _Clerk(SMTP):
    def connection_made(self, transport: Any) -> None:
        self.line = transport
        self.event_handler.open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open.discard(self.line)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        self.event_handler.lines += 1
        if await self._at("connect"):
            await super()._handle_client()

    async def push(self, status: Any) -> None:
        if status == HANG_UP:
            self.transport.abort()
            return
        await super().push(status)
        if str(status).startswith("250 Taken"):
            await self._at("answered")

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if await self._at("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if await self._at("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._at("DATA"):
            await super().smtp_DATA(arg)

    async def _at(self, point: str) -> bool:
        """Out: whether to go on as usual."""
        envelope = self.envelope
        address = envelope.rcpt_tos[0] if envelope and envelope.rcpt_tos else ""
        answer = await asyncio.to_thread(self.event_handler.at, point, address)
        if answer:
            await self.push(answer)
        return answer is None


HANG_UP = "hang up"
"""The answer that is none: the line is gone."""


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.start()
    try:
        yield office
    finally:
        office.stop()


class Trap:
    """Does something the ``nth`` time a point comes, once, and counts how often it came."""

    def __init__(self, point: str, nth: int, act: Callable[[], str | None]) -> None:
        self.point, self.nth, self.act = point, nth, act
        self.seen = 0
        self.sprung = threading.Event()

    def __call__(self, point: str, address: str) -> str | None:
        if point != self.point:
            return None
        self.seen += 1
        if self.seen != self.nth:
            return None
        answer = self.act()
        self.sprung.set()
        return answer
