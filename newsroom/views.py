"""The front page and the pages for errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def front(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/front.html", {"is_front": True})
