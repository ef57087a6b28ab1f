"""Work for the worker."""

from django.utils import timezone
from django_tasks import task

from articles.models import Image
from articles.photos import serving
from articles.photos.making import make_missing
from articles.photos.renditions import printed
from articles.photos.rights import may_be_served


@task()
def make_renditions(image_id: int) -> int:
    """Make the public files of a picture that pages print, and keep its average colour.

    Out: how many were missing. One that was deleted, or may not be shown now, has none: a web
    server would hand them out. A failure is tried again by the worker.
    """
    image = Image.objects.filter(pk=image_id).first()
    if image is None or not may_be_served(image, timezone.now()):
        return 0
    made = make_missing(image, printed(image))
    if made.colour is not None and made.colour != image.colour:
        # By the file it was made of: another may have taken its place meanwhile.
        same = Image.objects.filter(pk=image_id, content_hash=image.content_hash)
        same.update(colour=made.colour)
    serving.remove_if_gone(image.rendition_name, at=timezone.now())
    return made.files
