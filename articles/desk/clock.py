"""Times as the desk says them: on the newsroom's clock, and with its zone where it matters."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Publication


def clock(at: dt.datetime) -> str:
    """A time (aware) on the newsroom's clock: "9:41 a.m." today, "Jan. 24, 9:41 a.m." before."""
    at, now = timezone.localtime(at), timezone.localtime()
    if at.date() == now.date():
        return date_format(at, "P")
    return date_format(at, "N j, P" if at.year == now.year else "N j, Y, P")


def in_full(at: dt.datetime) -> str:
    """A time (aware) with day and zone, as "Jan. 24, 2025, 6 p.m. EST", whoever asks."""
    zone = (Publication.objects.first() or Publication()).zone_info
    return date_format(at.astimezone(zone), "N j, Y, P T")
