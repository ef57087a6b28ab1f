"""The pages around a story's form: its revisions, and taking it off the site."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import publishing
from articles.desk import compare, preview, revisions, rights, states
from articles.desk.admin.story_list import StoryList
from articles.models import Article
from articles.publishing import PublicState, public_state
from articles.site import head
from articles.site.frame import frame_of


class StoryPages(StoryList):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/unpublish/", self.unpublish_view, "unpublish"),
            ("<int:pk>/preview/", self.preview_view, "preview"),
            ("<int:pk>/revisions/", self.revisions_view, "revisions"),
            ("<int:pk>/revisions/<int:number>/", self.revision_view, "revision"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def unpublish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a reason on GET; take the story off the site on POST."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not rights.may_publish(request.user):
            raise PermissionDenied
        if request.method != "POST":
            is_live = public_state(article) in (PublicState.LIVE, PublicState.LIVE_WITH_CHANGES)
            return self._page(
                request,
                "desk/unpublish.html",
                article,
                title="Take this story off the site?" if is_live else "It is not on the site",
                is_live=is_live,
            )
        try:
            reason = request.POST.get("reason", "").strip()[:1000]
            publishing.unpublish(article, editor=request.user, reason=reason)
        except publishing.NotPublished as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "The story is off the site. You can publish it again.")
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The saved story as a page of the site, for the kind of reader that ``?as=`` names."""
        article = self._readable(request, pk)
        now, frame = timezone.now(), frame_of(request)
        readers = preview.readers(now)
        chosen = request.GET.get("as", "")
        chosen = chosen if chosen in readers else "anonymous"
        page = preview.page_for(article, readers[chosen][1], frame=frame, at=now)
        return TemplateResponse(
            request,
            "desk/preview.html",
            {
                "article": article,
                "page": page,
                "head": replace(head.of_article(page, frame, ()), robots="noindex"),
                "current_section_id": page.section.id,
                "choices": [(word, name) for word, (name, _) in readers.items()],
                "chosen": chosen,
            },
            headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"},
        )

    def revisions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every kept revision: who, when, why."""
        article = self._readable(request, pk)
        kept = article.revisions.select_related("created_by").defer("content")
        return self._page(
            request, "desk/revisions.html", article, title="Revisions", revisions=kept
        )

    def revision_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One revision beside the story as it stands now, and whole."""
        article = self._readable(request, pk)
        kept = article.revisions.select_related("created_by").filter(number=number).first()
        if kept is None:
            raise Http404
        return self._page(
            request,
            "desk/revision.html",
            article,
            title=f"Revision {number}",
            revision=kept,
            saved=states.clock(kept.created_at),
            differences=compare.differences(kept.content, revisions.snapshot(article)),
            whole=compare.whole(kept.content),
        )

    def _readable(self, request: HttpRequest, pk: int) -> Article:
        article: Article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _page(
        self, request: HttpRequest, template: str, article: Article | None, **context: Any
    ) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "article": article, "opts": self.opts}
        return TemplateResponse(request, template, context)
