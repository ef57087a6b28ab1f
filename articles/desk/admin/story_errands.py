"""Small pages around a story that change no word of it: due time, copy, bin."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles.desk import bin as desk_bin
from articles.desk import copying, newsroom_time, rights, workflow
from articles.desk.admin.story_pages import StoryPages
from articles.models import Article, Publication


class StoryErrands(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/due/", self.due_view, "due"),
            ("<int:pk>/copy/", self.copy_view, "copy"),
            ("<int:pk>/bin/", self.bin_view, "bin"),
            ("<int:pk>/unbin/", self.unbin_view, "unbin"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def due_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask when the desk wants the story; an empty answer means no time."""
        article = self._changeable(request, pk)
        zone = (Publication.objects.first() or Publication()).zone_info
        field: dict[str, Any] = {
            "label": "Due",
            "name": "due_at",
            "value": newsroom_time.typed(article.due_at, zone),
            "zone": newsroom_time.zone_in_words(zone, article.due_at or timezone.now()),
        }
        if request.method == "POST":
            try:
                at = newsroom_time.posted(request.POST, "due_at", zone)
                workflow.set_due(article, at=at, by=request.user)
            except newsroom_time.UnclearTime as unclear:
                field |= {"value": request.POST["due_at"], "error": str(unclear)}
                field |= {"choices": getattr(unclear, "choices", ())}
            except workflow.WorkflowRefused as refusal:
                messages.error(request, str(refusal))
                return self._back(pk)
            else:
                said = f"Due {newsroom_time.clock(at)}" if at else "No longer due at a time"
                messages.success(request, newsroom_time.sentence(said))
                return self._back(pk)
        title = "When is it due?"
        return self._page(request, "desk/due.html", article, title=title, field=field)

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask on GET; begin a draft with the story's words on POST, and lead there."""
        article = self._readable(request, pk)
        if not rights.may_copy(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, "desk/copy.html", article, title="Copy this story?")
        draft = copying.copy(article, by=request.user)
        messages.success(request, "This is the copy: a draft of your own. It needs an address.")
        return self._back(draft.pk)

    def bin_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask on GET; put a draft into the bin on POST."""
        article = self._changeable(request, pk)
        if request.method != "POST":
            title = "Put it in the bin?" if desk_bin.may_hold(article) else "It stays"
            may_hold = desk_bin.may_hold(article)
            return self._page(request, "desk/bin.html", article, title=title, may_hold=may_hold)
        try:
            desk_bin.put(article, by=request.user)
        except desk_bin.BinRefused as refusal:
            messages.error(request, str(refusal))
            return self._back(pk)
        days = desk_bin.KEPT_FOR.days
        messages.success(request, f"“{article}” is in the bin. It can come back for {days} days.")
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    def unbin_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask on GET; take a draft out of the bin on POST."""
        article = self._changeable(request, pk)
        if request.method != "POST":
            title = "Take it out of the bin?"
            return self._page(request, "desk/unbin.html", article, title=title)
        try:
            desk_bin.take_out(article, by=request.user)
        except desk_bin.BinRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "It is out of the bin, as it was.")
        return self._back(pk)

    def _changeable(self, request: HttpRequest, pk: int) -> Article:
        article = self._readable(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def _back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
