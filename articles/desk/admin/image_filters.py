"""By what the picture library is narrowed down."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, Image, PublishedArticle, Section
from articles.photos.rights import Lack, lacking, lacking_something, with_doubtful_alt
from articles.photos.vocabularies import DIGITAL_SOURCE_TYPES

SOON = dt.timedelta(days=30)
_GREATEST_ID = 2**63 - 1
_DAY = dt.timedelta(days=1)
_RECENT = 300
_NAMES = 8
_LONGEST_NAME = 200
_TYPED_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

Pictures = QuerySet[Image]


class _Conditions(admin.SimpleListFilter):
    """Choices that each stand for one condition; anything else that is asked narrows nothing."""

    template = "desk/long_filter.html"
    names: ClassVar[dict[str, tuple[Callable[[], Q], str]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (_, label) in self.names.items()]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        chosen = self.names.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen[0]())


class Missing(_Conditions):
    """Pictures of which something is not said that must be."""

    title = "missing"
    parameter_name = "missing"
    names = {  # as the class above says
        "any": (lacking_something, "Anything"),
        "credit": (partial(lacking, Lack.CREDIT), "Without credit"),
        "licence": (partial(lacking, Lack.LICENCE), "Without licence"),
        "alt": (partial(lacking, Lack.ALT_TEXT), "Without alt text"),
        "unread": (with_doubtful_alt, "Alt text unreviewed"),
    }


class RightsState(_Conditions):
    """Whether the licence runs now. One that is blocked is only that."""

    title = "rights now"
    parameter_name = "rights"
    names = {
        "running": (lambda: _free() & _begun() & ~_ended(), "Running"),
        "soon": (lambda: _free() & _ends_soon(), "Ends within 30 days"),
        "ended": (lambda: _free() & _ended(), "Ended"),
        "later": (lambda: _free() & Q(licence_starts__gt=timezone.now()), "Not begun"),
        "blocked": (lambda: ~_free(), "Blocked"),
    }


def _free() -> Q:
    return Q(blocked_at=None)


def _begun() -> Q:
    return Q(licence_starts=None) | Q(licence_starts__lte=timezone.now())


def _ended() -> Q:
    return Q(licence_ends__isnull=False, licence_ends__lte=timezone.now())


def _ends_soon() -> Q:
    now = timezone.now()
    return Q(licence_ends__gt=now, licence_ends__lte=now + SOON)


class KindOfLicence(admin.SimpleListFilter):
    title = "licence"
    parameter_name = "licence"
    template = "desk/long_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Image.Licence.choices]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        is_known = self.value() in Image.Licence.values
        return queryset.filter(licence=self.value()) if is_known else queryset


def _codes(*codes: str) -> Callable[[], Q]:
    known = {address.rpartition("/")[2]: address for address in DIGITAL_SOURCE_TYPES}
    return partial(Q, digital_source_type__in=[known[code] for code in codes])


class HowMade(_Conditions):
    title = "how it was made"
    parameter_name = "made"
    names = {
        "photograph": (
            _codes("digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm"),
            "Photograph",
        ),
        "copy": (_codes("print", "screenCapture"), "Scan or screen"),
        "drawn": (
            _codes("digitalCreation", "digitalArt", "dataDrivenMedia", "virtualRecording"),
            "Illustration",
        ),
        "composite": (
            _codes("composite", "compositeCapture", "compositeSynthetic"),
            "Composite",
        ),
        "changed": (
            _codes("humanEdits", "minorHumanEdits", "algorithmicallyEnhanced"),
            "Changed",
        ),
        "ai": (
            _codes("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"),
            "Made or changed with AI",
        ),
        "unknown": (partial(Q, digital_source_type=""), "Not known"),
    }


class InSection(admin.SimpleListFilter):
    """Filed under the section, or the lead picture of one of its stories."""

    title = "section"
    parameter_name = "section"
    template = "desk/long_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Section.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        asked = self.value() or ""
        if not (asked.isascii() and asked.isdigit()) or int(asked) > _GREATEST_ID:
            return queryset
        number = int(asked)
        working = Article.objects.filter(section=number, lead_image__isnull=False)
        public = PublishedArticle.objects.filter(section=number, lead_image__isnull=False)
        return queryset.filter(
            Q(section=number)
            | Q(pk__in=working.values("lead_image"))
            | Q(pk__in=public.values("lead_image"))
        )


class _Typed(admin.SimpleListFilter):
    """A choice that is typed, with some to choose from below. ``field`` says how it is labelled."""

    template = "desk/typed_filter.html"
    label: ClassVar[str]
    hint: ClassVar[str] = ""

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield from super().choices(changelist)
        others = [(k, v) for k, v in changelist.params.items() if k != self.parameter_name]
        typed = "" if self.value() in dict(self.lookup_choices) else self.value() or ""
        yield {
            "others": [*others, *([("q", changelist.query)] if changelist.query else [])],
            "name": self.parameter_name,
            "label": self.label,
            "hint": self.hint,
            "typed": typed,
            "trouble": self.trouble(typed),
        }

    def trouble(self, typed: str) -> str:
        """Why what was typed finds nothing, in a sentence; "" where it may."""
        return ""


class Photographer(_Typed):
    """Found by a part of the name. Names to choose from are those of the newest pictures."""

    title = "photographer"
    parameter_name = "creator"
    label = "Name, or a part of it"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        asked = _plain(request.GET.get(self.parameter_name, ""))
        found = Image.objects.exclude(creator="").order_by("-created_at", "-id")
        if len(asked) > _LONGEST_NAME:
            return []
        if asked:
            found = found.filter(creator__icontains=asked)
        names = dict.fromkeys(found.values_list("creator", flat=True)[:_RECENT])
        return [(name, name) for name in list(names)[:_NAMES]]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        asked = _plain(self.value() or "")
        if not asked:
            return queryset
        # No name is as long, and databases refuse to look for very long ones.
        if len(asked) > _LONGEST_NAME:
            return queryset.none()
        if asked in dict(self.lookup_choices):
            return queryset.filter(creator=asked)
        return queryset.filter(creator__icontains=asked)


class _Day(_Typed):
    """A year, a month or a day, as 2026, 2026-03 or 2026-03-14."""

    label = "Year, month or day"
    hint = "As 2026, 2026-03 or 2026-03-14"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        return [
            (today.isoformat(), "Today"),
            ((today - _DAY).isoformat(), "Yesterday"),
            (f"{today:%Y-%m}", "This month"),
            (f"{today:%Y}", "This year"),
        ]

    def trouble(self, typed: str) -> str:
        is_wrong = bool(typed) and _span(typed) is None
        return "That is no date. Write it as 2026, 2026-03 or 2026-03-14." if is_wrong else ""

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        asked = (self.value() or "").strip()
        if not asked:
            return queryset
        span = _span(asked)
        return queryset.none() if span is None else queryset.filter(self.condition(asked, span))

    def condition(self, asked: str, span: tuple[dt.datetime, dt.datetime]) -> Q:
        """What is true of a picture of the time ``span``, from its first moment to its end."""
        raise NotImplementedError


class Arrived(_Day):
    title = "arrived"
    parameter_name = "arrived"

    def condition(self, asked: str, span: tuple[dt.datetime, dt.datetime]) -> Q:
        return Q(created_at__gte=span[0], created_at__lt=span[1])


class MadeOn(_Day):
    """By the date as it is kept, which begins with the day where the picture was made."""

    title = "made on"
    parameter_name = "made_on"

    def condition(self, asked: str, span: tuple[dt.datetime, dt.datetime]) -> Q:
        return Q(date_created__startswith=asked)


def _span(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """The first moment (aware, UTC) of a typed year, month or day and that after it; or None."""
    parts = _TYPED_DAY.fullmatch(text.strip())
    if parts is None:
        return None
    year, month, day = (int(part) if part else None for part in parts.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        if day:
            after = first + _DAY
        else:
            # Any day of the next month or year will do: what follows takes its first.
            after = (first + dt.timedelta(days=31 if month else 366)).replace(day=1)
            after = after if month else after.replace(month=1)
        return _midnight(first), _midnight(after)
    except (ValueError, OverflowError):
        return None


def _midnight(day: dt.date) -> dt.datetime:
    zone = timezone.get_current_timezone()
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
