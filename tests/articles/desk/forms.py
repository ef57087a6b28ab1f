"""A form as a browser without scripts would send it back."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.values: dict[str, list[str]] = {}
        self.select: str | None = None
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = self.wanted in (a.get("id", ""), a.get("class", ""))
        name = a.get("name")
        if not self.inside or (tag not in ("option",) and not name):
            return
        if tag == "input":
            if a.get("type") in ("checkbox", "radio") and "checked" not in a:
                return
            if a.get("type") == "submit":
                return
            self.put(name, a.get("value") or ("on" if a.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in a:
            self.put(self.select, a.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self.put(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea][-1] += data

    def put(self, name: Any, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def read_form(html: str, form: str) -> dict[str, Any]:
    """The names and values of the form with that id or class, ready to be posted again."""
    parser = _Form(form)
    parser.feed(html)
    values = {n: v if len(v) > 1 else v[0] for n, v in parser.values.items()}
    # The first line end in a textarea is markup.
    values = {
        n: v.removeprefix("\r\n").removeprefix("\n") if isinstance(v, str) else v
        for n, v in values.items()
    }
    return {n: v for n, v in values.items() if "__prefix__" not in n and n != "csrfmiddlewaretoken"}
