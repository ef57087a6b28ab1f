"""nginx and Varnish as our samples set them up, with the lines adapted that say so."""

import datetime as dt
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.live import ROOT
from tests.ports import free_port

_FOLDERS = "/usr/sbin:/usr/local/sbin"
NGINX = shutil.which("nginx") or shutil.which("nginx", path=_FOLDERS)
VARNISH = shutil.which("varnishd") or shutil.which("varnishd", path=_FOLDERS)
PURGE_MODULE = Path("/usr/lib/nginx/modules/ngx_http_cache_purge_module.so")
HAS_NGINX = NGINX is not None and PURGE_MODULE.exists()
STARTS_WITHIN = 20.0

_AROUND = """
load_module {module};
pcre_jit on;
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/errors.log;
worker_processes auto;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def adapted(sample: str, lines: Mapping[str, str]) -> str:
    """A sample of ``deploy/`` with what is written there replaced by ours."""
    text = (ROOT / "deploy" / sample).read_text()
    for written, ours in lines.items():
        assert written in text, written
        text = text.replace(written, ours)
    return text


@contextmanager
def nginx(
    folder: Path, *, site: int, data: Path, renditions: str, port: int, purges: int
) -> Iterator[int]:
    """nginx with TLS at ``port`` before the server at ``site``; it takes purges at ``purges``.

    Out: the id of its main process.
    """
    certify(folder)
    lines = {
        "127.0.0.1:8000": f"127.0.0.1:{site}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "server_name news.example;": "server_name localhost;",
        "/etc/ssl/newsroom": str(folder / "newsroom"),
        "/var/log/nginx": str(folder),
        "/var/cache/nginx/newsroom": str(folder / "cache"),
        "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{purges};",
        "/srv/newsroom/var/renditions": renditions,
        "/srv/newsroom/var;": f"{data};",
    }
    (folder / "site.conf").write_text(adapted("nginx.conf", lines))
    # Started by root, it would serve as somebody else, who may not read the files of a test.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        _AROUND.format(folder=folder, user=user, module=PURGE_MODULE)
    )
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors.log")]
    url = f"https://localhost:{port}"
    with _running(command, url=url, log=folder / "errors.log") as process:
        yield process


@contextmanager
def varnish(folder: Path, *, site: int, port: int) -> Iterator[None]:
    """Varnish at ``port`` before the server at ``site``."""
    lines = {'.port = "8000"': f'.port = "{site}"'}
    (folder / "site.vcl").write_text(adapted("varnish.vcl", lines))
    command = [str(VARNISH), "-F", "-n", str(folder / "work"), "-a", f"127.0.0.1:{port}"]
    command += ["-f", str(folder / "site.vcl"), "-s", "malloc,32m", "-T", "none", "-j", "none"]
    log = folder / "errors.log"
    with _running(command, url=f"http://localhost:{port}", log=log):
        yield


def certify(folder: Path) -> None:
    """A certificate for localhost, in ``newsroom.pem`` and ``newsroom.key``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "newsroom.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "newsroom.key").write_bytes(key.private_bytes(pem, *plain))


@contextmanager
def _running(command: list[str], *, url: str, log: Path) -> Iterator[int]:
    with log.open("ab") as words:
        server = subprocess.Popen(command, stdout=words, stderr=words)
    try:
        _wait_for(url, server, log)
        yield server.pid
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{url}/healthz", verify=False).status_code == 200:  # noqa: S501
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer: {log.read_text()}")
