"""Videos, posts and charts of others in a story: kept as a reference, never as their code.

A reference is a provider and an id, as ``youtube:dQw4w9WgXcQ``. Who may be embedded stands in the
table below, once: the editor reads it, too, so its patterns are written for Python and JavaScript
alike. Pure: nothing here asks a provider anything.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_FLAGS = re.IGNORECASE | re.ASCII
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", _FLAGS)
_NO_SCHEME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/", _FLAGS)
_ID_END = "(?:[/?&#].*)?$"


@dataclass(frozen=True, slots=True)
class Provider:
    """Someone whose things may be embedded.

    ``id_form`` is the whole form of an id; ``addresses`` find it in what people copy: their groups,
    joined by "/", are the id. ``frame`` is empty where only a link is shown, for the provider would
    want its script on our page.
    """

    key: str
    name: str
    kind: str
    id_form: str
    addresses: tuple[str, ...]
    link: str
    frame: str = ""
    shape: str = "video"

    @property
    def host(self) -> str:
        """What a content policy must allow, as ``https://player.vimeo.com``; "" without a frame."""
        return "/".join(self.frame.split("/", 3)[:3])


_YOUTUBE = r"^https?://(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com"
_VIMEO = r"^https?://(?:www\.)?vimeo\.com"
_ALL = (
    Provider(
        key="youtube",
        name="YouTube",
        kind="Video",
        id_form=r"[A-Za-z0-9_-]{11}",
        addresses=(
            rf"{_YOUTUBE}/watch/?\?(?:[^#]*&)?v=([A-Za-z0-9_-]{{11}}){_ID_END}",
            rf"{_YOUTUBE}/(?:embed|shorts|live|v)/([A-Za-z0-9_-]{{11}}){_ID_END}",
            rf"^https?://youtu\.be/([A-Za-z0-9_-]{{11}}){_ID_END}",
        ),
        link="https://www.youtube.com/watch?v={}",
        frame="https://www.youtube-nocookie.com/embed/{}",
    ),
    Provider(
        key="vimeo",
        name="Vimeo",
        kind="Video",
        # A video that is not listed has a second part, without which it does not open.
        id_form=r"[0-9]{1,12}(?:/[0-9a-f]{6,20})?",
        addresses=(
            rf"{_VIMEO}/([0-9]{{1,12}})/([0-9a-f]{{6,20}}){_ID_END}",
            rf"{_VIMEO}/(?:channels/[^/]+/|groups/[^/]+/videos/)?([0-9]{{1,12}}){_ID_END}",
            r"^https?://player\.vimeo\.com/video/([0-9]{1,12})\?(?:[^#]*&)?h=([0-9a-f]{6,20})\b",
            rf"^https?://player\.vimeo\.com/video/([0-9]{{1,12}}){_ID_END}",
        ),
        link="https://vimeo.com/{}",
        frame="https://player.vimeo.com/video/{}?dnt=1",
    ),
    Provider(
        key="x",
        name="X",
        kind="Post",
        id_form=r"[0-9]{1,20}",
        addresses=(
            rf"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/[^/?#]+/status(?:es)?/([0-9]{{1,20}}){_ID_END}",
            rf"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/i/web/status/([0-9]{{1,20}}){_ID_END}",
        ),
        link="https://x.com/i/status/{}",
        shape="post",
    ),
    Provider(
        key="datawrapper",
        name="Datawrapper",
        kind="Chart",
        id_form=r"[A-Za-z0-9]{5}",
        addresses=(
            rf"^https?://datawrapper\.dwcdn\.net/([A-Za-z0-9]{{5}}){_ID_END}",
            rf"^https?://www\.datawrapper\.de/_/([A-Za-z0-9]{{5}}){_ID_END}",
        ),
        link="https://datawrapper.dwcdn.net/{}/",
        frame="https://datawrapper.dwcdn.net/{}/",
        shape="chart",
    ),
)
PROVIDERS = {provider.key: provider for provider in _ALL}

ALLOWED = "Videos on YouTube and Vimeo, charts of Datawrapper, and posts on X."
NO_ADDRESS = "This is no web address. Paste the address of the video, chart or post."
NOT_ALLOWED = "This cannot be embedded, only linked."
# Addresses that look right and are not: what to do instead.
_HINTS = (
    (
        r"^https?://app\.datawrapper\.de/",
        "This address is for those who edit the chart. Publish the chart, then paste its public "
        "address.",
    ),
    (
        rf"{_YOUTUBE}/",
        "This leads to no single video. Open the video on YouTube and paste its own address.",
    ),
    (rf"{_VIMEO}/", "This leads to no single video. Open the video and paste its own address."),
    (
        r"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/",
        "This leads to no single post. Open the post and paste its own address.",
    ),
)


class NotEmbeddable(ValueError):
    """What was pasted cannot be embedded; the text says why and what can."""


@dataclass(frozen=True, slots=True)
class Embed:
    """One thing of a provider's. ``id`` has the provider's form."""

    provider: Provider
    id: str

    @property
    def reference(self) -> str:
        """As a body keeps it: ``youtube:dQw4w9WgXcQ``."""
        return f"{self.provider.key}:{self.id}"

    @property
    def label(self) -> str:
        """As "Video on YouTube"."""
        return f"{self.provider.kind} on {self.provider.name}"

    @property
    def link(self) -> str:
        """Where a browser opens it, at the provider's."""
        return self.provider.link.format(self.id)

    @property
    def frame(self) -> str:
        """The address for an ``<iframe>``; "" where only the link is shown."""
        number, _, key = self.id.partition("/")
        return self.provider.frame.format(number) + (f"&h={key}" if key else "")


def read(reference: str) -> Embed | None:
    """The thing that a reference names, or None where no provider has such an id."""
    key, _, number = reference.partition(":")
    provider = PROVIDERS.get(key)
    if provider is None or not re.fullmatch(provider.id_form, number, re.ASCII):
        return None
    return Embed(provider, number)


def parse(pasted: str) -> Embed:
    """The thing at a pasted address, or in a pasted piece of a provider's code.

    Raises ``NotEmbeddable``, whose text tells a person what to do.
    """
    addresses = _addresses(pasted)
    for address in addresses:
        if found := _at(address):
            return found
    if not addresses:
        raise NotEmbeddable(NO_ADDRESS)
    for form, words in _HINTS:
        if re.search(form, addresses[0], _FLAGS):
            raise NotEmbeddable(words)
    raise NotEmbeddable(f"{NOT_ALLOWED} {ALLOWED}")


def for_editor() -> dict[str, object]:
    """The table and the words as JSON for the editor, which parses by the same patterns."""
    providers = [
        {
            "key": provider.key,
            "label": f"{provider.kind} on {provider.name}",
            "name": provider.name,
            "form": f"^{provider.id_form}$",
            "addresses": provider.addresses,
            "link": provider.link,
        }
        for provider in _ALL
    ]
    words = {"allowed": ALLOWED, "noAddress": NO_ADDRESS, "notAllowed": NOT_ALLOWED}
    return {"providers": providers, "hints": _HINTS, **words}


def hosts(embeds: Iterable[Embed]) -> tuple[str, ...]:
    """The hosts whose frames a page with these things may open, each once, in order of name."""
    return tuple(sorted({embed.provider.host for embed in embeds if embed.provider.frame}))


def _addresses(pasted: str) -> list[str]:
    text = pasted.strip().replace("&amp;", "&")
    if _NO_SCHEME.match(text):
        text = f"https://{text}"
    return _ADDRESS.findall(text)


def _at(address: str) -> Embed | None:
    for provider in _ALL:
        for form in provider.addresses:
            found = re.search(form, address, _FLAGS)
            embed = found and read(f"{provider.key}:{'/'.join(found.groups())}")
            if embed:
                return embed
    return None
