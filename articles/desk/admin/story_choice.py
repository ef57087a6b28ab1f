"""Choosing what stands where two people changed the same words, for a text that was kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from articles.desk import ancestry, choices, kept_texts, merge_words, merging, revisions, saving
from articles.desk.admin import choice_page, story_merge
from articles.desk.admin.story_pages import StoryPages
from articles.models import Article, Revision


class StoryChoice(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        view: Callable[..., HttpResponse] = self.admin_site.admin_view(self.choose_view)
        return [
            path("<int:pk>/choose/<int:number>/", view, name="articles_article_choose"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show on GET what is to be chosen; on POST save the choice, or leave the text out."""
        with transaction.atomic():
            article = saving.lock(pk)
            if article is None:
                raise Http404
            kept = article.revisions.filter(number=number, reason=Revision.Reason.CONFLICT).first()
            if kept is None:
                raise Http404
            if kept.created_by != request.user or not self.has_change_permission(request, article):
                raise PermissionDenied
            if kept.settled_at is not None:
                messages.info(request, "You have chosen for this text already.")
            elif "leave_out" in request.POST:
                kept_texts.settle(kept)
                messages.success(request, f"Your text was left out. {_stays(kept)}")
            else:
                return self._choose(request, article, kept)
            return HttpResponseRedirect(_address(article))

    def _choose(self, request: HttpRequest, article: Article, kept: Revision) -> HttpResponse:
        site = self.admin_site.each_context(request)
        text = request.POST.get("beginning", "")
        _, base = ancestry.began_from(article, str(kept.base), text=text)
        savers = ancestry.savers(article, since=kept.base, user=request.user)
        now = revisions.snapshot(article)
        number, seen = _seen(request, article, now)
        merged = merging.merge(base, kept.content, now if seen is None else seen)
        chosen = choices.chosen(merged, request.POST)
        if request.method != "POST" or seen is None or len(chosen) < len(merged.conflicts):
            if seen != now:
                merged = merging.merge(base, kept.content, now)
            return choice_page.ask(
                request, article, kept, merged, savers, site=site, data=request.POST
            )
        content = merged.content_with(chosen)
        if seen == now:
            said = f"Saved as you chose. {_stays(kept)}"
            merge = story_merge.Merging(kept, merge_words.note(savers), said)
            story_merge.go_on_with(request, article, content, merge)
        else:
            # Somebody saved again. What was chosen was chosen against the text of before.
            answer = story_merge.put_together(
                request, article, mine=content, base=seen, number=number, site=site
            )
            kept_texts.settle(kept)
            if answer is not None:
                return answer
        return super().changeform_view(request, str(article.pk), form_url=_address(article))


def _seen(
    request: HttpRequest, article: Article, now: dict[str, Any]
) -> tuple[int | None, dict[str, Any] | None]:
    """The revision that was chosen against, and its content; None where that is not said."""
    head = request.POST.get("head", "")
    if request.method != "POST" or head == str(article.head):
        return article.head, now
    return ancestry.began_from(article, head)


def _stays(kept: Revision) -> str:
    return f"All of it stays among the revisions, as revision {kept.number}."


def _address(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])
