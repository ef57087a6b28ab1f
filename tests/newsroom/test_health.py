"""The two addresses for load balancers."""

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder


def test_a_living_process_says_so_without_asking_the_database(client):
    # No mark for the database: a query would raise.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_a_newsroom_in_order_is_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_newsroom_behind_its_migrations_is_not_ready_and_does_not_say_why(client):
    MigrationRecorder(connection).record_unapplied("newsroom", "0002_purges")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_newsroom_without_its_cache_is_not_ready(client):
    with connections["cache"].cursor() as cursor:
        cursor.execute("ALTER TABLE cache_limits RENAME TO cache_limits_away")
    assert client.get("/readyz").status_code == 503


def test_a_newsroom_without_its_database_is_alive_and_not_ready(client):
    # Without the mark every connection is refused, as by a database that is down.
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_health_is_not_sent_on_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_foreign_host_gets_no_health(client, path):
    assert client.get(path, headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client, path):
    assert client.post(path).status_code == 405
