"""Work for the worker."""

from django.utils import timezone
from django_tasks import task

from articles.models import Image
from articles.photos import serving
from articles.photos.making import average, make_missing
from articles.photos.renditions import batches
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
    # A batch at a time: who waits for a file of another batch waits for one of them only.
    made = [make_missing(image, steps) for steps in batches(image)]
    colour = made[-1].colour or average(image)
    # By the name it was made under: pages may name all its files from now on.
    Image.objects.filter(pk=image_id, rendition_name=image.rendition_name).update(colour=colour)
    serving.remove_if_gone(image.rendition_name, at=timezone.now())
    return sum(each.files for each in made)
