"""A story's form filled with what its writer typed earlier: by an address, so without scripts."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import body
from articles.desk import autosave, conflicts, kept_posts, revisions
from articles.desk.admin.story_signed_out import StorySignedOut
from articles.models import Article, Revision

_THINGS = ("section", "lead_image")


class StoryTakenBack(StorySignedOut):
    """Offers what was typed and not saved, and gives it back under ``?from=<revision>``."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" and object_id and "from" in request.GET:
            taken = self._typed(request, object_id)
            if taken is None:
                messages.info(request, "There is nothing more to take back.")
                address = reverse("admin:articles_article_change", args=[object_id])
                return HttpResponseRedirect(address)
            request.taken_back = taken  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        taken = _taken(request)
        return form if taken is None else _filled(form, taken.content)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        taken = _taken(request)
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if taken is None:
                yield formset, inline
            else:
                rows = _rows(taken, formset.get_default_prefix())
                yield type(formset.__name__, (formset,), {"extra": len(rows)}), inline

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        values: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        taken = _taken(request)
        if taken is not None:
            values |= {"queryset": inline.model.objects.none(), "initial": _rows(taken, prefix)}
        return values

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        if context.get("may_write") and request.method != "POST":
            context["kept_post"] = kept_posts.of(request.user).filter(article=article).first()
            if article is not None:
                context |= self._typed_before(request, article)
        return super().render_change_form(request, context, *args, **kwargs)

    def _typed_before(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        taken = _taken(request)
        done = {autosave.base_of({"base": number}) for number in request.GET.getlist("leave")}
        done.add(taken.number if taken else None)
        found: dict[str, Any] = {
            "offers": [
                (offer.number, f"You typed more {autosave.when(offer)} that was not saved.")
                for offer in autosave.offers(article, user=request.user, besides=done)
            ]
        }
        if taken is not None:
            # It is saved as words from then, so that what others saved since is not lost.
            found["base"] = "" if taken.base is None else taken.base
            found["whole_rows"] = tuple(conflicts.ROWS)
            typed = autosave.sentence(f"This is what you typed {autosave.when(taken)}")
            found["taken_back"] = f"{typed} Save to keep it in the story."
        return found

    def _typed(self, request: HttpRequest, object_id: str) -> Revision | None:
        number = autosave.base_of({"base": request.GET["from"]})
        article = self.get_object(request, object_id)
        if article is None or not self.has_change_permission(request, article):
            return None
        return autosave.typed_by(request.user, article=article, number=number)


def _taken(request: HttpRequest) -> Revision | None:
    taken: Revision | None = getattr(request, "taken_back", None)
    return taken


def _rows(taken: Revision, kind: str) -> list[dict[str, Any]]:
    rows = taken.content.get(kind) or []
    return [{**row, "position": place} for place, row in enumerate(rows)]


def _filled(form: Any, content: dict[str, Any]) -> Any:
    """The form's class, whose fields begin with ``content``."""
    initial = {name: content[name] for name in (*revisions.FIELDS, *_THINGS) if name in content}
    initial["body"] = body.sanitise(str(initial.get("body", "")))
    initial["topics"] = [topic for topic in content.get("topics", ()) if isinstance(topic, int)]

    class Filled(form):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "initial": initial})

    return Filled
