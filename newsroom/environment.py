"""The environment as the settings read it. A bad value is noted and reported by a system check.

A setting that cannot be understood must not end in a traceback that names no variable, nor be
taken for its default in silence: the settings load with the default, and the check refuses to
start.
"""

from collections.abc import Collection
from typing import Any

import environ

TRUE = frozenset(environ.Env.BOOLEAN_TRUE_STRINGS)
FALSE = frozenset({"false", "off", "no", "n", "0", ""})
DATABASES = ("sqlite://", "postgres://", "postgresql://", "psql://", "pgsql://")


class Environment(environ.Env):
    """django-environ's reader, which remembers in ``problems`` what it could not read."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.problems: dict[str, str] = {}

    def get_value(
        self,
        var: str,
        cast: Any = None,
        default: Any = environ.Env.NOTSET,
        parse_default: bool = False,  # noqa: FBT001, FBT002  as the library has it
    ) -> Any:
        """The value of a variable, or its default if it is not set or not to be understood."""
        try:
            value = super().get_value(var, cast, default, parse_default)
            if cast is bool and var in self.ENVIRON:
                self._check_bool(self.ENVIRON[var])
        except ValueError as error:
            self.problems[var] = str(error)
            return default
        return value

    def database(self, var: str, *, default: str) -> dict[str, Any]:
        """A database by its address; the default if the address is of a kind we do not run on."""
        url = self.str(var, default=default)
        if not url.startswith(DATABASES):
            self.problems[var] = "It must begin with postgres:// or sqlite:///"
            url = default
        return dict(self.db_url_config(url))  # type: ignore[no-untyped-call]

    def choice(self, var: str, choices: Collection[str], *, default: str) -> str:
        """One of a few words, in any case."""
        value: str = self.str(var, default=default).upper()
        if value not in choices:
            self.problems[var] = f"It is none of {', '.join(choices)}"
            return default
        return value

    def mail(self, var: str) -> dict[str, Any]:
        """Django's mail settings from an address as ``smtp+tls://user:password@host:587``."""
        try:
            return dict(self.email_url_config(self.str(var)))  # type: ignore[no-untyped-call]
        except Exception as error:
            # The library raises whatever its look-ups raise: KeyError, ImproperlyConfigured, more.
            self.problems[var] = f"It is no address of a mail server ({error})"
            return {}

    def _check_bool(self, text: str) -> None:
        if text.lower().strip() not in TRUE | FALSE:
            raise ValueError(f"{text!r} is neither yes nor no")
