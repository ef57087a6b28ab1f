"""Pictures in a bucket: the same code against a server that speaks S3, on this machine."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making
from articles.photos.crops import Crop
from articles.photos.renditions import Step
from newsroom.media import Bucket, storages_of
from tests.cast import make_image

KEYS = {"access_key": "testing", "secret_key": "testing-secret"}
REGION = "us-east-1"


@pytest.fixture(scope="module")
def server():
    moto = pytest.importorskip("moto.server", reason="moto is missing: pip install 'moto[server]'")
    pytest.importorskip("storages", reason="django-storages is missing: django-storages[s3]")
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server, settings):
    """An empty bucket that the newsroom keeps its pictures in."""
    import boto3

    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing-secret"}
    made = boto3.resource("s3", endpoint_url=server, region_name=REGION, **keys)
    made = made.create_bucket(Bucket="meridian")
    told = Bucket("meridian", server, REGION, **KEYS)
    places = storages_of(told, data=Path("/nonexistent"))
    settings.STORAGES = settings.STORAGES | places
    # The field of the library took its storage when it was defined.
    field = Image._meta.get_field("file")
    before, field.storage = field.storage, storages["default"]
    yield made
    field.storage = before
    made.objects.all().delete()
    made.delete()


def keys_of(bucket) -> list[str]:
    return sorted(each.key for each in bucket.objects.all())


@pytest.mark.django_db
def test_an_upload_is_kept_made_served_and_removed(client, bucket):
    image = make_image(size=(640, 400))
    address = f"/media/r/{image.rendition_name}"
    assert keys_of(bucket) == [f"originals/{image.file.name}"]

    response = client.get(f"{address}-4x3/320.avif")
    assert response.status_code == 200
    assert Pillow.open(io.BytesIO(response.content)).size == (320, 240)
    assert client.get(f"{address}/321.jpg").status_code == 404
    assert making.make(image, [Step(320, "avif", Crop.STANDARD), Step(320, "jpg")]) == 1

    public = [key for key in keys_of(bucket) if key.startswith("renditions/")]
    assert public == [
        f"renditions/{image.rendition_name}-4x3/320.avif",
        f"renditions/{image.rendition_name}/320.jpg",
    ]
    stored = bucket.Object(public[0])
    assert stored.content_type == "image/avif"
    assert stored.cache_control == "public, max-age=31536000, immutable"

    making.remove(image.rendition_name)
    assert keys_of(bucket) == [f"originals/{image.file.name}"]


@pytest.mark.django_db
def test_a_lost_original_is_not_found(client, bucket):
    image = make_image(size=(640, 400))
    bucket.objects.all().delete()

    assert client.get(f"/media/r/{image.rendition_name}/320.jpg").status_code == 404


@pytest.mark.django_db
def test_a_picture_taken_out_is_gone(bucket, django_capture_on_commit_callbacks):
    image = make_image(size=(640, 400))
    making.make(image, [Step(320, "jpg")])

    with django_capture_on_commit_callbacks(execute=True):
        library.take_out(image, by=None)

    assert keys_of(bucket) == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"endpoint": "https://s3.example"}, "MEDIA_S3_BUCKET is missing"),
        ({"secret_key": "x"}, "MEDIA_S3_BUCKET is missing"),
        ({"name": "meridian", "access_key": "x"}, "MEDIA_S3_SECRET_KEY is missing"),
        ({"name": "meridian", "secret_key": "x"}, "MEDIA_S3_ACCESS_KEY is missing"),
        ({"name": "meridian", "endpoint": "s3.example"}, "MEDIA_S3_ENDPOINT does not begin"),
    ],
)
def test_a_bucket_set_up_by_half_is_named(said, problem):
    nothing = dict.fromkeys(("name", "endpoint", "region", "access_key", "secret_key"), "")
    bucket = Bucket(**(nothing | said))

    assert any(problem in each for each in bucket.problems())
    assert not Bucket(**nothing).problems()
    # It is never used by half.
    assert "FileSystem" in storages_of(bucket, data=Path("/nonexistent"))["default"]["BACKEND"]
