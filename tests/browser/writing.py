"""Writing in the body editor, as a person does it."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests import cast

# Milliseconds; a machine that runs two suites at once takes its time.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
ADD_STORY = "/admin/articles/article/add/"


def sign_in(page: Page) -> None:
    """Give the browser a session of Ed's; signing in itself has its own tests."""
    visitor = Client()
    visitor.force_login(cast.ed())
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": visitor.cookies[name].value, "url": settings.SITE_URL}]
    )


def body_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Body", exact=True)


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar", name="Text tools").get_by_role(
        "button", name=name, exact=True
    )


def sent(page: Page) -> str:
    """What the form would send as the body."""
    return page.locator("#id_body").input_value()


def write(page: Page, address: str = ADD_STORY) -> Locator:
    page.goto(address)
    body = body_of(page)
    body.click()
    return body


def edit(page: Page, html: str) -> Locator:
    """Open the form of a story with that body."""
    article = cast.make_article(body=html)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    body = body_of(page)
    expect(body).to_be_visible()
    return body


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def paste(page: Page, *, html: str = "", text: str = "") -> None:
    """Paste into what has the focus, as the browser does after Ctrl V."""
    page.evaluate(
        """([html, text]) => {
            const data = new DataTransfer();
            if (html) data.setData("text/html", html);
            data.setData("text/plain", text);
            const happening = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", happening));
        }""",
        [html, text],
    )
