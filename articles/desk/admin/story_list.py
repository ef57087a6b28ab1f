"""The list of stories: state, section, authors, dates; filters and search."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.desk import rights, states
from articles.desk.admin.base import DeskModelAdmin
from articles.models import Article


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(state.value, word) for state, (_, word) in states.BADGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        known = {state.value: condition for state, condition in states.IN_STATE.items()}
        condition = known.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class WhoseFilter(admin.SimpleListFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("mine", "Mine")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() != "mine":
            return queryset
        mine = Article.objects.filter(rights.of_own(request.user)).values("pk")
        return queryset.filter(Q(pk__in=mine))


class StoryList(DeskModelAdmin):
    list_display = ["story", "state", "section", "authors", "published_on", "saved_on"]
    list_display_links = ["story"]
    list_filter = [StateFilter, WhoseFilter, "section", "access", "kind", "saved_at"]
    search_fields = ["headline", "standfirst", "slug", "bylines__author__name"]
    search_help_text = "Headline, standfirst or author"
    ordering = ["-saved_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        stories: QuerySet[Article] = super().get_queryset(request)
        return stories.select_related("section", "published").prefetch_related("bylines__author")

    @admin.display(description="Story", ordering="headline")
    def story(self, article: Article) -> SafeString:
        return format_html(
            '<span class="story__title">{}</span><span class="story__note">{}</span>',
            article,
            article.standfirst,
        )

    @admin.display(description="State")
    def state(self, article: Article) -> SafeString:
        shape, word = states.badge(article)
        badge = format_html('<span class="badge" data-state="{}">{}</span>', shape, word)
        if article.access == "free":
            return badge
        access = article.get_access_display().partition(":")[0]
        return format_html('{}<span class="premium">{}</span>', badge, access)

    @admin.display(description="Authors")
    def authors(self, article: Article) -> str:
        return ", ".join(line.author.name for line in article.bylines.all())

    @admin.display(description="Published", ordering="published__published_at", empty_value="")
    def published_on(self, article: Article) -> str:
        published = getattr(article, "published", None)
        return states.clock(published.published_at) if published else ""

    @admin.display(description="Saved", ordering="saved_at")
    def saved_on(self, article: Article) -> str:
        return states.clock(article.saved_at)
