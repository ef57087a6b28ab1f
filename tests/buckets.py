"""A service that speaks S3, as a process on this machine, for as long as a test needs it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx

from newsroom.media import Bucket
from tests.ports import free_port

STARTS_WITHIN = 180.0
"""Seconds; it imports a lot."""


class Service:
    """An S3 of one's own, empty at first."""

    def __init__(self, address: str, process: subprocess.Popen[bytes]) -> None:
        self.address = address
        self._process = process

    def bucket(self, name: str) -> Bucket:
        """Make a bucket, and say how the newsroom reaches it."""
        self._client().create_bucket(Bucket=name)
        return Bucket(name, self.address, "us-east-1", "key", "secret")

    def names(self, bucket: str) -> set[str]:
        """What lies in a bucket."""
        found = self._client().list_objects_v2(Bucket=bucket).get("Contents", [])
        return {entry["Key"] for entry in found}

    def kind(self, bucket: str, name: str) -> str:
        """The media type that a file was stored with."""
        kind: str = self._client().head_object(Bucket=bucket, Key=name)["ContentType"]
        return kind

    def empty(self) -> None:
        """Forget all buckets."""
        httpx.post(f"{self.address}/moto-api/reset").raise_for_status()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.address,
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )


@contextmanager
def running_service() -> Iterator[Service]:
    """Start one; it ends with the block."""
    port = free_port()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    service = Service(f"http://127.0.0.1:{port}", process)
    try:
        _wait_for(service.address, process)
        yield service
    finally:
        service.stop()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, "the service did not start"
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service did not answer in time")
