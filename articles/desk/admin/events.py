"""The audit trail as one list. It is read here, and written nowhere by hand."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.desk import log
from articles.desk.admin.base import DeskModelAdmin
from articles.desk.capped_pages import CappedPages
from articles.models import Event

# As far as the list reaches back; older events are found by filter. Nothing counts millions.
MOST = 5000
DAY = dt.timedelta(days=1)


class NewestOnly(CappedPages):
    most = MOST


class KindFilter(admin.ChoicesFieldListFilter):
    template = "desk/long_filter.html"


class WhoFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "who"
    template = "desk/long_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = get_user_model()._default_manager.filter(is_staff=True)
        people = [(str(user.pk), user.get_full_name()) for user in staff.order_by("pk")[:500]]
        return [*sorted(people, key=lambda person: person[1].casefold()), ("0", log.THE_SYSTEM)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() is None:
            return queryset
        if self.value() not in {key for key, _ in self.lookup_choices}:
            raise IncorrectLookupParameters
        return queryset.filter(actor=int(self.value() or 0) or None)


class ThingFilter(admin.SimpleListFilter):
    title = "thing"
    parameter_name = "thing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = model_admin.admins_by_kind().items()
        return sorted((kind, str(other.opts.verbose_name).capitalize()) for kind, other in kinds)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(target_kind=self.value()) if self.value() else queryset


class DayFilter(admin.SimpleListFilter):
    """One day on the newsroom's clock: today, yesterday, or any."""

    title = "day"
    parameter_name = "day"
    template = "desk/day_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        return [(today.isoformat(), "Today"), ((today - DAY).isoformat(), "Yesterday")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield from super().choices(changelist)
        params = [(k, v) for k, v in changelist.params.items() if k != self.parameter_name]
        yield {"others": params, "day": self.value() or ""}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if not self.value():
            return queryset
        zone = timezone.get_current_timezone()
        try:
            day = dt.datetime.strptime(self.value() or "", "%Y-%m-%d").replace(tzinfo=zone)
            # Not 24 hours later: a day on which the clocks change has 23 or 25.
            following = (day + DAY).date()
            end = dt.datetime.combine(following, dt.time(), zone)
            return queryset.filter(at__gte=day.astimezone(dt.UTC), at__lt=end.astimezone(dt.UTC))
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error


@admin.register(Event)
class EventAdmin(DeskModelAdmin):
    """Read only, for operators, too."""

    menu = (120, "Log")
    audited = False
    paginator = NewestOnly
    list_display = ["when", "what", "thing", "who", "why"]
    list_display_links = ["when"]
    list_filter = [DayFilter, ("kind", KindFilter), WhoFilter, ThingFilter]
    search_fields = ["target_name", "=target_id"]
    search_help_text = "Name or number of the thing"
    ordering = ["-at", "-id"]
    fields = readonly_fields = ("when", "what", "thing", "number", "who", "why")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def admins_by_kind(self) -> dict[str, DeskModelAdmin]:
        """Who shows the things that events call so."""
        return {
            other.target_kind or str(other.opts.model_name): other
            for other in self.admin_site._registry.values()
            if isinstance(other, DeskModelAdmin) and not isinstance(other, EventAdmin)
        }

    @admin.display(description="When", ordering="at")
    def when(self, event: Event) -> str:
        return date_format(timezone.localtime(event.at), "N j, Y, H:i:s")

    @admin.display(description="What", ordering="kind")
    def what(self, event: Event) -> str:
        return event.get_kind_display()

    @admin.display(description="To what")
    def thing(self, event: Event) -> str:
        """Its name, leading there; a reader's random id and never their name."""
        other = self.admins_by_kind().get(event.target_kind)
        kind = str(other.opts.verbose_name) if other else event.target_kind
        name = event.target_name or f"{kind.capitalize()} {event.target_id[:8]}"
        try:
            url = other.audit_url(event.target_id) if other else ""
        except NoReverseMatch:
            url = ""
        return format_html('<a href="{}">{}</a>', url, name) if url else name

    @admin.display(description="Its number")
    def number(self, event: Event) -> str:
        return f"{event.target_kind} {event.target_id}"

    @admin.display(description="Who", ordering="actor_name")
    def who(self, event: Event) -> str:
        return event.actor_name or log.THE_SYSTEM

    @admin.display(description="Why, and what exactly", empty_value="")
    def why(self, event: Event) -> SafeString:
        facts = format_html_join(
            "", '<span class="story__note">{}: {}</span>', log.facts(event.details)
        )
        return format_html("{}{}", event.note, facts)
