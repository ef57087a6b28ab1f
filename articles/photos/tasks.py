"""Work for the worker."""

from django.utils import timezone
from django_tasks import task

from articles.models import Image
from articles.photos import making, serving
from articles.photos.rights import may_be_served


@task()
def make_renditions(image_id: int) -> int:
    """Make all public sizes of a picture; out: how many were missing.

    One that was deleted, or may not be shown now, has none: a web server would hand them out.
    """
    image = Image.objects.filter(pk=image_id).first()
    if image is None or not may_be_served(image, timezone.now()):
        return 0
    made = making.make(image)
    serving.remove_if_gone(image.rendition_name, at=timezone.now())
    return made
