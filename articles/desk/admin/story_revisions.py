"""The revisions of a story: listed, compared, brought back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from articles.desk import compare, restoring, revision_list, revisions, rights
from articles.desk.admin.story_page import StoryPage
from articles.desk.diff import stories
from articles.models import Article, Revision

_LONGEST_NUMBER = 9


class RevisionPages(StoryPage):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/revisions/", self.revisions_view, "revisions"),
            ("<int:pk>/revisions/<int:number>/", self.revision_view, "revision"),
            ("<int:pk>/revisions/<int:number>/restore/", self.restore_view, "restore"),
            ("<int:pk>/compare/", self.compare_view, "compare"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def revisions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every kept revision, newest first, page by page: who, when, why, and where it stands."""
        article = self._readable(request, pk)
        page = revision_list.page(article, before=_number(request, "before"))
        return self._page(request, "desk/revisions.html", article, title="Revisions", page=page)

    def revision_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One revision beside the story as it stands now, and whole."""
        article = self._readable(request, pk)
        kept = _revision(article, number)
        return self._page(
            request,
            "desk/revision.html",
            article,
            title=f"Revision {number}",
            revision=kept,
            who=revision_list.who(kept),
            when=revision_list.moment(kept),
            badges=revision_list.badges(article, number),
            one_before=revision_list.one_before(article, number),
            comparison=stories.compare(kept.content, revisions.snapshot(article)),
            whole=compare.whole(kept.content),
            may_restore=number != article.head and rights.may_change(request.user, article),
        )

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two revisions as one text, the older one's words struck out, the newer one's marked.

        ``?a=`` and ``?b=`` are numbers in any order. Without them: what is on the site, or the
        revision before, and the newest.
        """
        article = self._readable(request, pk)
        if not article.head:
            return self._page(request, "desk/compare.html", article, title="Compare revisions")
        a, b = self._chosen(request, article)
        older = _revision(article, a)
        newer = older if a == b else _revision(article, b)
        on_site = revision_list.on_site(article)
        return self._page(
            request,
            "desk/compare.html",
            article,
            title="Compare revisions",
            choices=revision_list.choices(article, also={a, b, on_site or b}),
            older=a,
            newer=b,
            on_site=on_site,
            comparison=stories.compare(older.content, newer.content),
            may_restore=a != article.head and rights.may_change(request.user, article),
        )

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Bring a revision back on POST; a GET only shows it."""
        article = self._readable(request, pk)
        if not rights.may_change(request.user, article):
            raise PermissionDenied
        here = reverse("admin:articles_article_revision", args=[pk, number])
        if request.method != "POST":
            return HttpResponseRedirect(here)
        base = request.POST.get("base", "")
        try:
            done = restoring.bring_back(article, number=number, base=base, editor=request.user)
        except Revision.DoesNotExist:
            raise Http404 from None
        except restoring.SavedMeanwhile:
            return self._saved_meanwhile(request, pk, number, base)
        except restoring.DoesNotFit as refusal:
            text = f"Revision {number} cannot be brought back as it is; nothing was changed."
            messages.error(request, " ".join([text, *refusal.problems]))
            return HttpResponseRedirect(here)
        _tell(request, number, done)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))

    def _saved_meanwhile(
        self, request: HttpRequest, pk: int, number: int, base: str
    ) -> HttpResponse:
        article = self._readable(request, pk)
        newest = article.revisions.filter(number=article.head).select_related("created_by").first()
        began = int(base) if base.isdecimal() and len(base) <= _LONGEST_NUMBER else 0
        is_known = article.revisions.filter(number=began).exists()
        return self._page(
            request,
            "desk/saved_meanwhile.html",
            article,
            status=409,
            title="Saved meanwhile",
            number=number,
            newest=newest,
            who=revision_list.who(newest) if newest else "",
            when=revision_list.moment(newest) if newest else "",
            base=began if is_known else None,
        )

    def _chosen(self, request: HttpRequest, article: Article) -> tuple[int, int]:
        """The numbers of the older and the newer one."""
        a, b = _number(request, "a"), _number(request, "b")
        if b is None:
            b = article.head
        if a is None:
            live = revision_list.on_site(article)
            a = live if live and live < b else revision_list.one_before(article, b) or b
        return min(a, b), max(a, b)


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the address; None where there is none, and no page for what is no number."""
    value = request.GET.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER):
        raise Http404
    return int(value)


def _revision(article: Article, number: int) -> Revision:
    kept: Revision | None = (
        article.revisions.select_related("created_by").filter(number=number).first()
    )
    if kept is None:
        raise Http404
    return kept


def _tell(request: HttpRequest, number: int, done: restoring.Restored) -> None:
    if done.revision is None:
        messages.info(request, f"The story already says what revision {number} says.")
    else:
        text = f"Revision {number} is back, as revision {done.revision.number}. Nothing is lost."
        messages.success(request, text)
    if done.gone:
        text = f"Gone meanwhile, so missing in it: {', '.join(done.gone)}."
        messages.warning(request, text)
