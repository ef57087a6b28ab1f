"""The pages around a story's form: its preview, and taking it off the site."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import publishing
from articles.desk import preview, rights, social_card
from articles.desk.admin.story_revisions import RevisionPages
from articles.publishing import PublicState, public_state
from articles.site import embed_boxes, head
from articles.site.frame import frame_of


class StoryPages(RevisionPages):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/unpublish/", self.unpublish_view, "unpublish"),
            ("<int:pk>/preview/", embed_boxes.may_frame(self.preview_view), "preview"),
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
        chosen = chosen if chosen in readers or chosen == social_card.WORD else "anonymous"
        reader = readers.get(chosen, readers["anonymous"])[1]
        page = preview.page_for(article, reader, frame=frame, at=now)
        embed_boxes.allow(request, page.frame_hosts)
        tags = replace(head.of_article(page, frame, ()), robots="noindex")
        choices = [*((word, name) for word, (name, _) in readers.items()), social_card.CHOICE]
        is_card = chosen == social_card.WORD
        return TemplateResponse(
            request,
            "desk/social_card.html" if is_card else "desk/preview.html",
            {
                "article": article,
                "page": page,
                "head": tags,
                "card": social_card.card_of(page, tags) if is_card else None,
                "current_section_id": page.section.id,
                "choices": choices,
                "chosen": chosen,
            },
            headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"},
        )
