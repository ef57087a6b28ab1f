"""The readers' pages of stories and lists."""

from django.http import Http404, HttpRequest, HttpResponse


def article_detail(
    request: HttpRequest, year: str, month: str, day: str, slug: str
) -> HttpResponse:
    raise Http404


def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def latest(request: HttpRequest) -> HttpResponse:
    raise Http404


def search(request: HttpRequest) -> HttpResponse:
    raise Http404


def plain_page(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
