"""The list of stories: state, section, authors, dates; filters, search, publishing some at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.desk import queues, rights, states
from articles.desk.admin.base import LONGEST_SEARCH, DeskModelAdmin
from articles.desk.capped_pages import CappedPages
from articles.desk.publish_many import Outcome, publish_each
from articles.desk.story_search import matching
from articles.models import Article
from articles.publishing import PublicState, public_state

MOST_AT_ONCE = 50


class StateFilter(admin.SimpleListFilter):
    title = "on the site"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        never = (PublicState.NONE.value, "Never published")
        return [never, *((state.value, word) for state, (_, word) in states.BADGES.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        known = {state.value: condition for state, condition in states.IN_STATE.items()}
        condition = known.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class WorkFilter(admin.SimpleListFilter):
    title = "at the desk"
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(work.value, word) for work, (_, word) in states.WORK_BADGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        step = self.value()
        return queryset.filter(queues.at_step(step)) if step else queryset


class WhoseFilter(admin.SimpleListFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("mine", "Mine"), ("waiting", "Waiting for me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = {"mine": queues.mine, "waiting": queues.waiting_for}.get(self.value() or "")
        return queryset.filter(chosen(request.user)) if chosen else queryset


class DueFilter(admin.SimpleListFilter):
    title = "due"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [
            ("overdue", "Overdue"),
            ("today", "Today"),
            ("any", "At some time"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        now = timezone.now()
        chosen = {
            "overdue": queues.overdue(now),
            "today": queues.today(now),
            "any": Q(due_at__isnull=False),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


class BinFilter(admin.SimpleListFilter):
    """Without a word about the bin, the list shows what is not in it."""

    title = "bin"
    parameter_name = "bin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("yes", "In the bin")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Not in the bin"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        is_in_it = self.value() == "yes"
        return queryset.filter(queues.in_the_bin() if is_in_it else queues.ON_THE_DESK)


class StoryPages(CappedPages):
    along = ("-saved_at", "-id")


class StoryList(DeskModelAdmin):
    list_display = ["story", "state", "section", "authors", "due_on", "published_on", "saved_on"]
    list_display_links = ["story"]
    list_filter = [
        WhoseFilter,
        WorkFilter,
        StateFilter,
        DueFilter,
        "section",
        "access",
        "kind",
        "saved_at",
        BinFilter,
    ]
    actions = ["publish_chosen"]
    paginator = StoryPages
    search_fields = ["headline", "standfirst", "slug", "bylines__author__name"]
    search_help_text = "Headline, standfirst or author; of older stories, whole words"
    ordering = ["-saved_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        stories: QuerySet[Article] = super().get_queryset(request)
        stories = stories.select_related("section", "published")
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("_changelist")
        # The form reads its own rows.
        return stories.prefetch_related("bylines__author") if is_list else stories

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return matching(queryset, search_term[:LONGEST_SEARCH]), False

    @admin.display(description="Story", ordering="headline")
    def story(self, article: Article) -> SafeString:
        return format_html(
            '<span class="story__title">{}</span><span class="story__note">{}</span>',
            article,
            article.standfirst,
        )

    @admin.display(description="State")
    def state(self, article: Article) -> SafeString:
        badges = format_html_join(
            "", '<span class="badge" data-state="{}">{}</span>', states.badges(article)
        )
        if article.access == "free":
            return badges
        access = article.get_access_display().partition(":")[0]
        return format_html('{}<span class="premium">{}</span>', badges, access)

    @admin.display(description="Authors")
    def authors(self, article: Article) -> str:
        return ", ".join(line.author.name for line in article.bylines.all())

    @admin.display(description="Due", ordering="due_at", empty_value="")
    def due_on(self, article: Article) -> str:
        if article.due_at is None:
            return ""
        clock = states.clock(article.due_at)
        if article.due_at > timezone.now():
            return clock
        return format_html('<span class="late">Late: {}</span>', clock)

    @admin.display(description="Published", ordering="published__published_at", empty_value="")
    def published_on(self, article: Article) -> str:
        published = getattr(article, "published", None)
        if published is None:
            return ""
        at = states.clock(published.published_at)
        if public_state(article) is not PublicState.SCHEDULED:
            return at
        return format_html('<span class="ahead">Goes out {}</span>', at)

    @admin.display(description="Saved", ordering="saved_at")
    def saved_on(self, article: Article) -> str:
        return states.clock(article.saved_at)

    # --- Publishing some at once ----------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Asked by Django before it offers, or does, what is marked with ``publish``."""
        return rights.may_publish(request.user)

    @admin.action(permissions=["publish"], description="Publish chosen stories")
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        chosen = list(queryset[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = f"Choose at most {MOST_AT_ONCE} stories at once. Nothing was published."
            messages.error(request, text)
            return
        outcomes = list(publish_each(chosen, editor=request.user))
        out = sum(not outcome.reasons for outcome in outcomes)
        if out:
            messages.success(request, f"Published {out} {'story' if out == 1 else 'stories'}.")
        if refused := [outcome for outcome in outcomes if outcome.reasons]:
            messages.error(request, _refusals(refused))


def _refusals(refused: list[Outcome]) -> SafeString:
    lines = format_html_join(
        "",
        '<li><a href="{}">{}</a>: {}</li>',
        (
            (
                reverse("admin:articles_article_change", args=[outcome.article.pk]),
                outcome.article,
                " ".join(outcome.reasons),
            )
            for outcome in refused
        ),
    )
    return format_html("Not published: <ul>{}</ul>", lines)
