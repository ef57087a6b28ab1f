"""Pages about what is on the site already: correct, retract, archive."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from articles import publishing
from articles.desk import rights
from articles.desk.admin.story_pages import StoryPages
from articles.desk.correction_form import CorrectionForm
from articles.models import Article
from articles.publishing import PublicState, public_state


class StoryCorrections(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/correct/", self.correct_view, "correct"),
            ("<int:pk>/retract/", self.retract_view, "retract"),
            ("<int:pk>/archive/", self.archive_view, "archive"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what was wrong and what is right; on POST correct it in public."""
        article = self._allowed(request, pk, rights.may_correct)
        live = publishing.live_content(article)
        form = CorrectionForm(
            request.POST or None,
            live=live,
            has_changes=public_state(article) is PublicState.LIVE_WITH_CHANGES,
            signature=_name(request.user),
        )
        conflicts: Any = ()
        if live is not None and request.method == "POST" and form.is_valid():
            try:
                return self._correct(request, article, form)
            except publishing.QueueConflict as asked:
                conflicts = asked.conflicts
                form.ask_about_the_queue(str(asked))
            except publishing.Misplaced as misplaced:
                form.add_error("old", str(misplaced))
            except publishing.PublishRefused as refusal:
                for finding in refusal.findings.missing:
                    form.add_error(None, finding.text)
        return self._page(
            request,
            "desk/correct.html",
            article,
            title="Correct this story" if live is not None else "It is not on the site",
            form=form,
            is_live=live is not None,
            wait=publishing.waiting(article),
            conflicts=conflicts,
            earlier=article.corrections.all(),
        )

    def _correct(
        self, request: HttpRequest, article: Article, form: CorrectionForm
    ) -> HttpResponse:
        correcting, prefer = form.correcting(), form.prefer()
        if form.publishes_changes():
            publishing.publish(
                article,
                editor=request.user,
                tell_readers=True,
                correcting=correcting,
                prefer=prefer,
            )
            fitted = True
        else:
            outcome = publishing.correct(
                article, editor=request.user, correcting=correcting, prefer=prefer
            )
            fitted = outcome.is_in_working_copy
        messages.success(request, "Corrected. Readers see it now, with your note.")
        if not fitted:
            messages.warning(
                request,
                "The desk's text says something else at that place. It was left as it is: "
                "put the right words in before you publish again.",
            )
        return _to_story(article.pk)

    def retract_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason that readers will see; on POST take the story back for good."""
        article = self._allowed(request, pk, rights.may_retract)
        error = ""
        if request.method == "POST":
            try:
                publishing.retract(
                    article,
                    editor=request.user,
                    text=request.POST.get("text", "")[:2000],
                    signature=request.POST.get("signature", "")[:200],
                )
            except publishing.PublishRefused as refusal:
                error = str(refusal)
            except publishing.NotPublished as refusal:
                messages.warning(request, str(refusal))
                return _to_story(pk)
            else:
                messages.success(request, "Retracted. Its address now says so, and why.")
                return _to_story(pk)
        return self._page(
            request,
            "desk/retract.html",
            article,
            title="Retract this story for good?",
            error=error,
            is_over=public_state(article) is PublicState.RETRACTED,
            signature=request.POST.get("signature", _name(request.user)),
            text=request.POST.get("text", ""),
        )

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask on GET; on POST put a live story into the archive, or take it out."""
        article = self._allowed(request, pk, rights.may_publish)
        is_archived = public_state(article) is PublicState.ARCHIVED
        if request.method == "POST":
            act = publishing.unarchive if is_archived else publishing.archive
            try:
                act(article, editor=request.user, reason=request.POST.get("reason", "")[:1000])
            except (publishing.NotPublished, publishing.PublishRefused) as refusal:
                messages.warning(request, str(refusal))
            else:
                done = "It is news again." if is_archived else "It is in the archive now."
                messages.success(request, done)
            return _to_story(pk)
        title = "Take it out of the archive?" if is_archived else "Put it in the archive?"
        return self._page(
            request, "desk/archive.html", article, title=title, is_archived=is_archived
        )

    def _allowed(self, request: HttpRequest, pk: int, may: Callable[[Any], bool]) -> Article:
        article = self._readable(request, pk)
        if not may(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        return article


def _to_story(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _name(user: Any) -> str:
    name: str = user.get_full_name()
    return name
