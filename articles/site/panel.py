"""The panel below a teaser: why the story stops here, and what the reader can do next."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode

from articles import addresses
from articles.site.paywall import Decision, Reason


@dataclass(frozen=True, slots=True)
class Action:
    """One button of the panel; the first is the main one."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel says. ``shows_promises``: the three things a subscription gives."""

    mark: str
    title: str
    text: str
    actions: tuple[Action, ...]
    shows_promises: bool = True


def panel_of(
    decision: Decision, path: str, *, story_id: int, is_signed_in: bool = False
) -> Panel | None:
    """The panel for a decision on the story at ``path``; None where it is shown whole.

    Who ``is_signed_in`` is not asked to do so.
    """
    if decision.full:
        return None
    if decision.reason == Reason.SUBSCRIBE and is_signed_in:
        return _upgrade(path)
    panel = (
        _open(story_id, path)
        if decision.reason == Reason.OPEN
        else _PANELS.get(decision.reason, _subscribe)(path)
    )
    if is_signed_in:
        offered = tuple(action for action in panel.actions if action != _sign_in(path))
        return replace(panel, actions=offered)
    return panel


def _upgrade(_path: str) -> Panel:
    return Panel(
        mark="Premium story",
        title="Read on with a subscription",
        text="Your account has no subscription yet. With one, this story and all premium stories "
        "open here.",
        actions=(_plans("See plans"),),
    )


def _subscribe(path: str) -> Panel:
    return Panel(
        mark="Premium story",
        title="Read on with a subscription",
        text="Already a subscriber? Sign in and the whole story opens here.",
        actions=(_plans("See plans"), _sign_in(path)),
    )


def _sign_in_first(path: str) -> Panel:
    return Panel(
        mark="Free with an account",
        title="Sign in to read on",
        text="This story is free for everyone with an account. You need no subscription.",
        actions=(_sign_in(path), _with_next("Create a free account", "account_signup", path)),
        shows_promises=False,
    )


def _open(story_id: int, path: str) -> Panel:
    return Panel(
        mark="Some free each month",
        title="Read this story",
        text="A few stories like this one are free for you each month. Opening one is a click, "
        "and it stays open for you until the month ends.",
        actions=(
            Action("Read this story", reverse("accounts:open-story", args=[story_id])),
            _sign_in(path),
        ),
    )


def _meter_spent(path: str) -> Panel:
    return Panel(
        mark="Some free each month",
        title="You have opened all your free stories of this month",
        text="What you opened stays open until the month ends, and free stories stay free. A "
        "subscription opens everything.",
        actions=(_plans("See plans"), _sign_in(path)),
    )


def _device_limit(_path: str) -> Panel:
    return Panel(
        mark="Your sign-in is waiting",
        title="That is one device too many",
        text="Your account is open on as many devices as your plan allows. Choose one to sign "
        "out, and you can read on here.",
        actions=(Action("Choose a device", addresses.of_view("accounts:device-choose")),),
        shows_promises=False,
    )


def _expired(_path: str) -> Panel:
    return Panel(
        mark="Premium story",
        title="Your subscription has ended",
        text="Renew it to read this story and all premium stories again. Your account and what "
        "you follow are as you left them.",
        actions=(_plans("See plans"),),
    )


_PANELS = {
    Reason.SIGN_IN: _sign_in_first,
    Reason.SUBSCRIBE: _subscribe,
    Reason.METER_SPENT: _meter_spent,
    Reason.DEVICE_LIMIT: _device_limit,
    Reason.EXPIRED: _expired,
}


def _plans(label: str) -> Action:
    return Action(label, addresses.of_view("accounts:plans"))


def _sign_in(path: str) -> Action:
    return _with_next("Sign in", "account_login", path)


def _with_next(label: str, name: str, path: str) -> Action:
    return Action(label, f"{addresses.of_view(name)}?{urlencode({'next': path})}")
