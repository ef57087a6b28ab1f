"""The rows behind the stories. Import models from here."""

from articles.models.article import Article, Byline, Source, Takeaway
from articles.models.corrections import Correction
from articles.models.history import Event, Revision
from articles.models.images import FormerFile, FormerName, Image
from articles.models.people import Author, AuthorLink
from articles.models.preferences import DeskPreference
from articles.models.presence import KeptPost, Presence
from articles.models.previews import PreviewLink, PreviewVisit
from articles.models.proof import ProofHead, ProofLink
from articles.models.publication import PlainPage, Publication
from articles.models.published import (
    Announcement,
    AuthorListing,
    PublishedArticle,
    PublishedVersion,
    SectionListing,
    TopicListing,
)
from articles.models.reads import HourlyReads, MostRead
from articles.models.redirects import Redirect
from articles.models.taxonomy import Section, Topic

__all__ = [
    "Announcement",
    "Article",
    "Author",
    "AuthorLink",
    "AuthorListing",
    "Byline",
    "Correction",
    "DeskPreference",
    "Event",
    "FormerFile",
    "FormerName",
    "HourlyReads",
    "Image",
    "KeptPost",
    "MostRead",
    "PlainPage",
    "Presence",
    "PreviewLink",
    "PreviewVisit",
    "ProofHead",
    "ProofLink",
    "Publication",
    "PublishedArticle",
    "PublishedVersion",
    "Redirect",
    "Revision",
    "Section",
    "SectionListing",
    "Source",
    "Takeaway",
    "Topic",
    "TopicListing",
]
