"""Work for the worker."""

from django_tasks import task

from articles.models import Image
from articles.photos.making import make_missing
from articles.photos.renditions import printed


@task()
def make_renditions(image_id: int) -> int:
    """Make the public files of a picture that pages print, and keep its average colour.

    Out: how many were missing. A deleted one has none. A failure is tried again by the worker.
    """
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return 0
    made = make_missing(image, printed(image))
    if made.colour is not None and made.colour != image.colour:
        # By the file it was made of: another may have taken its place meanwhile.
        same = Image.objects.filter(pk=image_id, content_hash=image.content_hash)
        same.update(colour=made.colour)
    return made.files
