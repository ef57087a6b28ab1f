"""Pictures that the library has twice: the same bytes in two rows."""

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from articles.models import Image


def doubles_of(images: Sequence[Image]) -> dict[int, Image]:
    """For each of ``images`` that the library had already, the oldest of that file. One query."""
    found = Image.objects.filter(content_hash__in={image.content_hash for image in images})
    others = list(found.order_by("pk"))
    doubles: dict[int, Image] = {}
    for image in images:
        for other in others:
            if other.pk < image.pk and other.content_hash == image.content_hash:
                doubles.setdefault(image.pk, other)
    return doubles


def only_doubles(images: QuerySet[Image]) -> QuerySet[Image]:
    """Those of ``images`` whose file the library has more than once."""
    twice = (
        Image.objects.order_by()
        .values("content_hash")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
        .values("content_hash")
    )
    return images.filter(content_hash__in=twice)
