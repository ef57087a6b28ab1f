"""What a public file says of itself: the rights of the library as an XMP packet, nothing else.

Knows nothing of Django, as ``inspecting``.
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

# What XML 1.0 cannot hold, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
# By the field of the library, in the order of the packet. A notice says that rights are claimed.
_PROPERTIES = {
    "creator": ("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>"),
    "credit": "<photoshop:Credit>{}</photoshop:Credit>",
    "copyright_notice": (
        '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:rights>'
        "<xmpRights:Marked>True</xmpRights:Marked>"
    ),
    "web_statement": "<xmpRights:WebStatement>{}</xmpRights:WebStatement>",
    "licensor_url": (
        '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource">'
        "<plus:LicensorURL>{}</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>"
    ),
    "digital_source_type": "<Iptc4xmpExt:DigitalSourceType>{}</Iptc4xmpExt:DigitalSourceType>",
    "data_mining": "<plus:DataMining>{}</plus:DataMining>",
}


def packet(rights: Mapping[str, str]) -> bytes:
    """Return the packet for ``rights``, by field of the library; b"" where all are empty."""
    said = [
        form.format(escape(_NO_XML.sub("", rights[name]).strip()))
        for name, form in _PROPERTIES.items()
        if rights.get(name, "").strip()
    ]
    if not said:
        return b""
    spaces = "".join(f' xmlns:{short}="{address}"' for short, address in _SPACES.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f"<rdf:RDF{spaces}>"
        f'<rdf:Description rdf:about="">{"".join(said)}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()
