"""Amounts as Stripe counts them. It has its own idea of some currencies' smallest unit.

We take the unit of Unicode's CLDR, as all of our pages do. Stripe counts every currency in
hundredths but for the few named here, so that ISK 400 is 40000 to it and 400 to us.
"""

from decimal import Decimal

from babel.numbers import get_currency_precision

_WHOLE = (
    *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF"),
    *("VND", "VUV", "XAF", "XOF", "XPF"),
)
_THOUSANDTHS = ("BHD", "JOD", "KWD", "OMR", "TND")


def to_stripe(amount: int, currency: str) -> int:
    """Our ``amount`` in Stripe's unit."""
    return int(Decimal(amount).scaleb(_more_digits(currency)))


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's ``amount`` in our unit."""
    return int(Decimal(amount).scaleb(-_more_digits(currency)))


def _more_digits(currency: str) -> int:
    code = currency.upper()
    digits = 0 if code in _WHOLE else 3 if code in _THOUSANDTHS else 2
    return digits - int(get_currency_precision(code))
