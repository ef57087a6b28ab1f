"""Work for the worker."""

from django_tasks import task

from articles.models import Image
from articles.photos import making


@task()
def make_renditions(image_id: int) -> int:
    """Make all public sizes of a picture; out: how many were missing. A deleted one has none."""
    image = Image.objects.filter(pk=image_id).first()
    return making.make(image) if image else 0
