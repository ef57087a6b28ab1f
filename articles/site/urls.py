"""The addresses of the stories. Included last: a section's address may be any word left over."""

from django.urls import path, re_path, register_converter

from articles.photos.views import rendition
from articles.site import feeds, list_views, sitemaps, views
from articles.site.correction_views import correction_feed, correction_list
from articles.site.search.views import search_page


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


class Part:
    """The number of a part of a sitemap; small, so that no database refuses it."""

    regex = "[0-9]{1,7}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Part, "part")
register_converter(Year, "yyyy")
register_converter(TwoDigits, "nn")

app_name = "articles"
urlpatterns = [
    path("<yyyy:year>/<nn:month>/<nn:day>/<slug:slug>/", views.article_detail, name="detail"),
    path("latest/", list_views.latest, name="latest"),
    path("search/", search_page, name="search"),
    path("corrections/", correction_list, name="corrections"),
    path("corrections/feeds/rss/", correction_feed, name="corrections-feed-rss"),
    path("about/<slug:slug>/", list_views.plain_page, name="page"),
    path("authors/<slug:slug>/", list_views.author_detail, name="author"),
    path("topics/<slug:slug>/", list_views.topic_detail, name="topic"),
    path("feeds/rss/", feeds.site_feed, name="feed-rss"),
    path("authors/<slug:slug>/feeds/rss/", feeds.author_feed, name="author-feed-rss"),
    path("topics/<slug:slug>/feeds/rss/", feeds.topic_feed, name="topic-feed-rss"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemaps/stories-<part:span>.xml", sitemaps.stories, name="sitemap-stories"),
    path("sitemaps/news-<part:part>.xml", sitemaps.news_part, name="news-part"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    re_path(
        r"^media/r/(?P<name>[0-9a-f]{32}(?:-16x9|-4x3|-1x1|-moving(?:-16x9)?)?)"
        r"/(?P<width>[1-9][0-9]{0,3})\.(?P<extension>avif|webp|jpg)$",
        rendition,
        name="rendition",
    ),
    path("<slug:slug>/feeds/rss/", feeds.section_feed, name="section-feed-rss"),
    path("<slug:slug>/", list_views.section_detail, name="section"),
]
