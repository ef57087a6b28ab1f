"""Sums of money as people read them."""

from decimal import Decimal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision


def shown(amount: int, currency: str, *, language: str = "en") -> str:
    """``amount`` in the smallest unit of ``currency`` (ISO 4217) as in "$4.50", "¥400", "4,50 €".

    ``language``: as in Publication; one that nobody knows is English.
    """
    whole = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(whole, currency, locale=_locale(language))


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
