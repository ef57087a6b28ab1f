"""The servers that are compared, each a process of its own on loopback, gone when measured."""

import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.deploy import standing
from tests.live import ROOT, child_environment
from tests.ports import free_port


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: int
    """Of the server's main process; its workers are children."""
    scheme: str = "http"
    behind: int | None = None
    """The main process of the server that this one asks."""

    @property
    def processes(self) -> list[int]:
        return [self.process] + ([self.behind] if self.behind else [])

    def url(self, path: str) -> str:
        return f"{self.scheme}://localhost:{self.port}{path}"


@contextmanager
def newsroom(data: Path, *, workers: int = 2, **environment: str) -> Iterator[Server]:
    """Our own, as `make run` starts it."""
    port = free_port()
    whole = child_environment(data, PORT=str(port), **environment)
    command = [sys.executable, "-m", "newsroom.tasks.web", f"--port={port}", f"--workers={workers}"]
    with _running(command, port=port, path="/healthz", environment=whole) as server:
        yield server


@contextmanager
def newsroom_behind_nginx(data: Path) -> Iterator[Server]:
    """Our own behind nginx, as the sample in ``deploy/`` sets it up: with TLS, and told of ends."""
    port, purges = free_port(), free_port()
    told = {"PURGE_URLS": f"purge+http://127.0.0.1:{purges}", "TRUSTED_PROXY_COUNT": "1"}
    site_url = f"https://localhost:{port}"
    with (
        newsroom(data, EDGE="1", SITE_URL=site_url, **told) as site,
        tempfile.TemporaryDirectory(prefix="newsroom-nginx-") as folder,
        standing.nginx(
            Path(folder),
            site=site.port,
            data=data,
            renditions=str(data / "renditions"),
            port=port,
            purges=purges,
        ) as nginx,
    ):
        yield Server(port, nginx, "https", site.process)


@contextmanager
def plain_django(page: bytes) -> Iterator[Server]:
    port = free_port()
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(page)
        file.flush()
        command = [sys.executable, "-m", "granian", "--interface=wsgi", "--http=1"]
        command += [f"--port={port}", "--workers=2", "--blocking-threads=3", "--log-level=warning"]
        command.append("tests.bench.plain_django:application")
        environment = os.environ | {"PAGE": file.name}
        environment.pop("DJANGO_SETTINGS_MODULE")
        with _running(command, port=port, path="/", environment=environment) as server:
            yield server


@contextmanager
def nginx_static(pages: dict[str, bytes]) -> Iterator[tuple[Server, Server]]:
    """nginx with the same bytes in files, packed beforehand; pages by their path.

    Out: without TLS, and with it.
    """
    port, with_tls = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="newsroom-nginx-") as folder:
        for path, page in pages.items():
            file = Path(folder, "html", path.strip("/"), "index.html")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(page)
            file.with_name("index.html.gz").write_bytes(gzip.compress(page, 6))
        standing.certify(Path(folder))
        Path(folder, "nginx.conf").write_text(
            f"worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log;"
            "events {} http { access_log off; gzip_static on; keepalive_requests 100000000;"
            "default_type text/html; server { listen 127.0.0.1:%d; listen 127.0.0.1:%d ssl;"
            "ssl_certificate %s/newsroom.pem; ssl_certificate_key %s/newsroom.key;"
            "root %s/html; } }" % (port, with_tls, folder, folder, folder)
        )
        Path(folder).chmod(0o755)
        command = ["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"]
        with _running(command, port=port, path=next(iter(pages))) as server:
            yield server, Server(with_tls, server.process, "https")


@contextmanager
def _running(
    command: list[str], *, port: int, path: str, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        server = Server(port, process.pid)
        try:
            _wait(server.url(path))
            yield server
        finally:
            process.terminate()


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
