"""The desk's pages: one module for each kind of thing. Importing them registers them."""

from articles.desk.admin import events, images, pages, people, publication, stories, taxonomy

__all__ = ["events", "images", "pages", "people", "publication", "stories", "taxonomy"]
