"""The page that says the same of many pictures, with a form below for each by itself."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.text import Truncator

from articles.desk import picture_modules
from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.desk.admin.script_answers import asks_for_json, for_both
from articles.desk.picture_picker import numbers
from articles.desk.picture_words import SHARED, Outcome, set_together
from articles.models import Image
from articles.photos import library
from articles.photos.renditions import picture
from articles.photos.rights import lacks

# A page of forms that is still read and sent with ease.
MOST = 100
_SHORT = 60
# What every place says of a picture by itself.
_OWN = ("caption", "alt_text", "credit", "is_decorative")
_LINES = {"rows": 2, "data-oneline": ""}


class TogetherForm(DeskForm):
    """Words for all chosen pictures; what is left empty stays as each has it."""

    how = forms.ChoiceField(
        label="Where",
        choices=[
            ("empty", "Only where a picture says nothing yet"),
            ("replace", "In all of them, in place of what they say"),
        ],
        initial="empty",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Image
        fields = SHARED
        labels = {"cc_licence": "Which Creative Commons"}
        widgets = {"caption": forms.Textarea(attrs={**_LINES, "data-count": 600})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.words():
            raise forms.ValidationError("Fill in what is to be set: one field or more.")
        return cleaned

    def words(self) -> dict[str, Any]:
        """What was filled in, by field."""
        return {name: self.cleaned_data[name] for name in SHARED if self.cleaned_data.get(name)}


class OwnWordsForm(DeskForm):
    """What is said of one picture."""

    class Meta:
        model = Image
        fields = _OWN
        widgets = {
            "caption": forms.Textarea(attrs={**_LINES, "data-count": 600}),
            "alt_text": forms.Textarea(attrs={**_LINES, "data-count": 500}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{kwargs['instance'].pk}_%s", **kwargs)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after all checks
        # Whoever saves it had the alt text before their eyes.
        self.instance.alt_text_reviewed = True


class ImageTogether(DeskModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        both = for_both(self.admin_site, thing="picture")
        own = [
            ("together/", self.admin_site.admin_view(self.together_view), "together"),
            ("<int:pk>/words/", both(self.words_view), "words"),
        ]
        return [
            *(path(route, view, name=f"articles_image_{name}") for route, view, name in own),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> Any:
        """Ours only: deleting many at once would go past the library and leave no event."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description="Set credit, licence and caption together", permissions=["change"])
    def together(self, request: HttpRequest, chosen: QuerySet[Image]) -> HttpResponse:
        ids = list(chosen.values_list("pk", flat=True)[: MOST + 1])
        if len(ids) > MOST:
            messages.warning(request, f"These are the first {MOST} of those you chose.")
        return HttpResponseRedirect(_address(ids[:MOST]))

    def together_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form for all pictures of ``?id=7&id=8``; on POST set what was filled in."""
        chosen = self._chosen(request)
        form_class = self._form(request, TogetherForm, SHARED)
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            replaces = form.cleaned_data["how"] == "replace"
            outcome = set_together(chosen, form.words(), replaces=replaces, by=request.user)
            _tell(request, outcome)
            return HttpResponseRedirect(_address(image.pk for image in chosen))
        return self._together_page(request, chosen, form)

    def words_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the words of one picture: JSON for a script, and back to its place without."""
        with transaction.atomic():
            image = get_object_or_404(Image.objects.select_for_update(), pk=pk)
            if not self.has_change_permission(request, image):
                raise PermissionDenied
            form = self._form(request, OwnWordsForm, _OWN)(request.POST, instance=image)
            if is_saved := form.is_valid():
                library.correct(form.instance, by=request.user)
        if asks_for_json(request):
            return (
                _saved(image) if is_saved else JsonResponse({"errors": _errors(form)}, status=422)
            )
        if is_saved:
            messages.success(request, f"Saved: “{Truncator(str(image)).chars(_SHORT)}”.")
            ids = numbers(request.GET.getlist("id")) or [pk]
            return HttpResponseRedirect(f"{_address(ids)}#picture-{pk}")
        together = self._form(request, TogetherForm, SHARED)()
        chosen = self._chosen(request) or [image]
        return self._together_page(request, chosen, together, bound=form)

    def _chosen(self, request: HttpRequest) -> list[Image]:
        """The pictures of the address that there are and this person may change, in its order."""
        ids = list(dict.fromkeys(numbers(request.GET.getlist("id"))))
        if not self.has_change_permission(request):
            raise PermissionDenied
        if len(ids) > MOST:
            messages.warning(request, f"A page holds {MOST} pictures; the rest was left out.")
        found = Image.objects.in_bulk(ids[:MOST])
        there = [found[pk] for pk in ids[:MOST] if pk in found]
        mine = [image for image in there if self.has_change_permission(request, image)]
        if left := len(there) - len(mine):
            pictures = "1 picture was" if left == 1 else f"{left} pictures were"
            messages.warning(request, f"{pictures} left out: you may change only your own.")
        return mine

    def _form(self, request: HttpRequest, form: Any, fields: tuple[str, ...]) -> Any:
        make = partial(self.formfield_for_dbfield, request=request)
        return forms.modelform_factory(Image, form=form, fields=fields, formfield_callback=make)

    def _together_page(
        self,
        request: HttpRequest,
        chosen: list[Image],
        form: TogetherForm,
        *,
        bound: OwnWordsForm | None = None,
    ) -> HttpResponse:
        own = self._form(request, OwnWordsForm, _OWN)
        bound_to = bound.instance.pk if bound else None
        stored = Image.objects.in_bulk([image.pk for image in chosen]) if bound else {}
        rows = [
            {
                "image": stored.get(image.pk, image),
                "picture": picture(image),
                "lacks": lacks(stored.get(image.pk, image)),
                "form": bound if image.pk == bound_to else own(instance=image),
            }
            for image in chosen
        ]
        query = urlencode([("id", image.pk) for image in chosen])
        context = {
            **self.admin_site.each_context(request),
            "title": _title(len(chosen)),
            "opts": self.opts,
            "media": picture_modules.media("desk/pictures_together", request),
            "form": form,
            "rows": rows,
            "query": query,
            "most": MOST,
        }
        is_bad = form.errors or bound
        return TemplateResponse(
            request, "desk/together.html", context, status=422 if is_bad else 200
        )


def _title(number: int) -> str:
    if number == 0:
        return "No picture is chosen"
    return "1 picture" if number == 1 else f"{number} pictures together"


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if n := len(outcome.changed):
        messages.success(request, f"{n} picture{' was' if n == 1 else 's were'} changed.")
    if n := len(outcome.same):
        stay = "1 picture stays" if n == 1 else f"{n} pictures stay"
        messages.info(request, f"{stay} as before: nothing was empty there, or all was so already.")
    for image, reason in outcome.refused:
        name = Truncator(str(image)).chars(_SHORT)
        messages.error(request, f"“{name}” was not changed. {reason}")


def _saved(image: Image) -> JsonResponse:
    return JsonResponse(
        {"said": "Saved.", "title": str(image), "lacks": [str(lack) for lack in lacks(image)]}
    )


def _errors(form: OwnWordsForm) -> dict[str, list[str]]:
    """By the name of a field; what concerns several stands under ""."""
    return {
        "" if name == NON_FIELD_ERRORS else name: [str(each) for each in found]
        for name, found in form.errors.items()
    }


def _address(ids: Any) -> str:
    query = urlencode([("id", pk) for pk in ids])
    return f"{reverse('admin:articles_image_together')}?{query}"
