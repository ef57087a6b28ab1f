"""The addresses of the stories. Included last: a section's address may be any word left over."""

from django.urls import path, register_converter

from articles.site import views


class Year:
    """Four digits, kept as they are written in the address."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: int | str) -> str:
        return f"{int(value):04d}"


class TwoDigits(Year):
    """A month or a day."""

    regex = "[0-9]{2}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02d}"


register_converter(Year, "yyyy")
register_converter(TwoDigits, "nn")

app_name = "articles"
urlpatterns = [
    path("<yyyy:year>/<nn:month>/<nn:day>/<slug:slug>/", views.article_detail, name="detail"),
    path("authors/<slug:slug>/", views.author_detail, name="author"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
    path("latest/", views.latest, name="latest"),
    path("search/", views.search, name="search"),
    path("about/<slug:slug>/", views.plain_page, name="page"),
    path("<slug:slug>/", views.section_detail, name="section"),
]
