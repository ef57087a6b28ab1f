"""When pages change by themselves: the next time that is set anywhere."""

import datetime as dt

from django.db.models import Min, Q

from articles.models import Image, PublishedArticle


def next_after(at: dt.datetime) -> dt.datetime | None:
    """The first moment after ``at`` (aware) at which a story comes, changes or goes by its time, or
    a licence begins or ends. Four queries; None if nothing lies ahead."""
    stories = PublishedArticle.objects.indexed()
    ahead = [
        stories.filter(**{f"{time}__gt": at}).aggregate(next=Min(time))["next"]
        for time in ("published_at", "next_at", "off_at")
    ]
    licences = Image.objects.aggregate(
        starts=Min("licence_starts", filter=Q(licence_starts__gt=at)),
        ends=Min("licence_ends", filter=Q(licence_ends__gt=at)),
    )
    return min((time for time in (*ahead, *licences.values()) if time), default=None)
