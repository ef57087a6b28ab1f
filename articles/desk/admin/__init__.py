"""The desk's pages: one module for each kind of thing. Importing them registers them."""

from articles.desk.admin import images, pages, people, publication, stories, taxonomy

__all__ = ["images", "pages", "people", "publication", "stories", "taxonomy"]
