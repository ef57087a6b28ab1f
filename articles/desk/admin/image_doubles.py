"""The filter of the picture list for files that came in more than once."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.photos.doubles import only_doubles


class SameFileTwice(admin.SimpleListFilter):
    title = "same file"
    parameter_name = "same_file"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("twice", "Same file twice")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return only_doubles(queryset) if self.value() == "twice" else queryset
