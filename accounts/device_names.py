"""A name a person recognises for a browser, as Firefox on Windows."""

from ua_parser import parse

_PLAIN = {
    "Mac OS X": "Mac",
    "iOS": "iPhone",
    "Chrome OS": "Chromebook",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "Samsung Internet": "Samsung Internet",
}
_UNKNOWN = "Unknown browser"
# A sent header may be of any length; no real one is longer.
_LONGEST = 500


def name_of(user_agent: str) -> str:
    """Name the browser and system of a ``User-Agent`` header; never longer than 120 characters."""
    result = parse(user_agent[:_LONGEST]).with_defaults()
    browser = _plain(result.user_agent.family)
    family = result.device.family
    system = family if family in {"iPad", "iPhone"} else _plain(result.os.family)
    if browser == "Other" and system == "Other":
        return _UNKNOWN
    if browser == "Other":
        return f"{_UNKNOWN} on {system}"[:120]
    return (browser if system == "Other" else f"{browser} on {system}")[:120]


def is_robot(user_agent: str) -> bool:
    """Whether a ``User-Agent`` header names a crawler that is known as one."""
    return parse(user_agent[:_LONGEST]).with_defaults().device.family == "Spider"


def _plain(family: str) -> str:
    return _PLAIN.get(family, family)
