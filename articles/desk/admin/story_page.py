"""What every page around a story's form shares: who may open it, and its frame."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from articles.desk.admin.story_list import StoryList
from articles.models import Article


class StoryPage(StoryList):
    def _readable(self, request: HttpRequest, pk: int) -> Article:
        article: Article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _page(
        self,
        request: HttpRequest,
        template: str,
        article: Article | None,
        *,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "article": article, "opts": self.opts}
        return TemplateResponse(request, template, context, status=status)
