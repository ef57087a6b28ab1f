"""Creative Commons: the licences there are, by version, and their addresses."""

import re

_DEEDS = "https://creativecommons.org/"
_VERSIONS = ("4.0", "3.0", "2.5", "2.0")
_KINDS = ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
_CODE = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<kind>[a-z-]+)|publicdomain/zero)/(?P<version>\d\.\d)(?:/|$)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/publicdomain/mark/1\.0(?:/|$)", re.IGNORECASE
)

CC_CHOICES = [
    ("cc0-1.0", "CC0 1.0"),
    *(
        (f"{kind.lower()}-{version}", f"CC {kind} {version}")
        for version in _VERSIONS
        for kind in _KINDS
    ),
]
CC_NAMES = dict(CC_CHOICES)


def deed_of(code: str) -> str:
    """The address of a Creative Commons licence by its code, as ``by-sa-4.0``; "" for none."""
    if code not in CC_NAMES:
        return ""
    kind, _, version = code.rpartition("-")
    part = "publicdomain/zero" if kind == "cc0" else f"licenses/{kind}"
    return f"{_DEEDS}{part}/{version}/"


def code_of(address: str) -> str:
    """The code of the licence at an address of creativecommons.org; "" for any other."""
    found = _CODE.match(address.strip())
    if not found:
        return ""
    code = f"{(found['kind'] or 'cc0').lower()}-{found['version']}"
    return code if code in CC_NAMES else ""


def is_public_domain_mark(address: str) -> bool:
    """Whether an address is that of the mark for works that nobody has rights in any more."""
    return bool(_MARK.match(address.strip()))
