"""What did this page say then? And erasing what must not be kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import events
from articles.desk import newsroom_time, rights, said
from articles.desk.admin.story_pages import StoryPages
from articles.models import Article, Event, PublishedVersion
from articles.proof import archive, erasure

_FOLDS = {"0": 0, "1": 1}
PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why, for good",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why: the reason is kept in place of the content."},
    )


class StoryArchive(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("said/", self.said_by_address_view, "said_by_address"),
            ("<int:pk>/said/", self.said_view, "said"),
            ("<int:pk>/said/<int:number>/", self.version_view, "version"),
            ("<int:pk>/said/<int:number>/erase/", self.erase_view, "erase_version"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def said_by_address_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for an address and a time; lead to the story that has or had the address."""
        if not rights.may_read_archive(request.user):
            raise PermissionDenied
        address, at = request.GET.get("path", ""), request.GET.get("at", "")
        article = said.story_at(address) if address else None
        if article is not None:
            url = reverse("admin:articles_article_said", args=[article.pk])
            return HttpResponseRedirect(f"{url}?{urlencode({'at': at})}" if at else url)
        problem = "No story has or had this address." if address else ""
        return self._private(
            request,
            "desk/said_by_address.html",
            None,
            status=404 if address else 200,
            title="What did this page say?",
            address=address,
            at=newsroom_time.as_input(at),
            problem=problem,
            zone=timezone.get_current_timezone_name(),
        )

    def said_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All versions with their times; with ``?at=``, the one that readers saw then."""
        article = self._archived(request, pk)
        text = request.GET.get("at", "")
        asked: dict[str, Any] = {"at": newsroom_time.as_input(text)}
        if text:
            asked |= self._asked(request, article, text)
        now = timezone.now()
        return self._private(
            request,
            "desk/said.html",
            article,
            status=400 if asked.get("problem") else 200,
            title="What did this page say?",
            spans=said.spans(article, at=now),
            zone=timezone.get_current_timezone_name(),
            may_erase=rights.may_erase(request.user),
            **asked,
        )

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version, whole."""
        article = self._archived(request, pk)
        version = _version(article, number)
        _note(request, article, version=number)
        return self._private(
            request,
            "desk/version.html",
            article,
            title=f"Version {number}",
            page=said.page_of(version),
            may_erase=rights.may_erase(request.user),
        )

    def erase_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Say what goes and what stays, and ask for the reason; erase on POST."""
        article: Article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not rights.may_erase(request.user):
            raise PermissionDenied
        version = _version(article, number)
        form = ReasonForm(request.POST or None, label_suffix="")
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                erasure.erase(version, by=request.user, reason=form.cleaned_data["reason"])
            except erasure.NotErased as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, f"The content of version {number} is erased.")
                return HttpResponseRedirect(reverse("admin:articles_article_said", args=[pk]))
        return self._private(
            request,
            "desk/erase_version.html",
            article,
            status=status,
            title=f"Erase version {number}?",
            version=version,
            form=form,
            why_not=_why_not(version),
            left=erasure.left(version),
        )

    def _archived(self, request: HttpRequest, pk: int) -> Article:
        article = self._readable(request, pk)
        if not rights.may_read_archive(request.user):
            raise PermissionDenied
        return article

    def _asked(self, request: HttpRequest, article: Article, text: str) -> dict[str, Any]:
        """What the page says about the time asked for: a version, that there was none, or why
        that is no time."""
        zone = ZoneInfo(timezone.get_current_timezone_name())
        try:
            at = newsroom_time.parse(text, zone, fold=_FOLDS.get(request.GET.get("fold", "")))
        except newsroom_time.TimeComesTwice as question:
            return {"question": str(question), "choices": question.choices}
        except newsroom_time.UnclearTime as problem:
            return {"problem": str(problem)}
        if at > timezone.now():
            return {"problem": "That time is still to come."}
        version = archive.live_at(article.pk, at)
        _note(request, article, version=version.number if version else None, at=at)
        return {"moment": at, "page": said.page_of(version, at=at) if version else None}

    def _private(
        self,
        request: HttpRequest,
        template: str,
        article: Article | None,
        *,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        response = self._page(request, template, article, **context)
        response.status_code = status
        for name, value in PRIVATE.items():
            response[name] = value
        return response


def _version(article: Article, number: int) -> PublishedVersion:
    found = article.versions.select_related("created_by", "approved_by", "erased_by", "article")
    version = found.defer("content").filter(number=number).first()
    if version is None:
        raise Http404
    return version


def _why_not(version: PublishedVersion) -> str:
    if version.erased_at is not None and not erasure.may_erase_revision(version):
        return "Its content is erased already."
    return erasure.why_not(version)


@transaction.atomic
def _note(
    request: HttpRequest,
    article: Article,
    *,
    version: int | None,
    at: dt.datetime | None = None,
) -> None:
    """Who reads what was public is written down, as what it is is read."""
    details: dict[str, Any] = {"version": version}
    if at is not None:
        details["time"] = at.isoformat()
    events.record(
        Event.Kind.ARCHIVE_READ,
        actor=request.user,
        target_kind="article",
        target_id=article.pk,
        target_name=article.headline,
        details=details,
    )
