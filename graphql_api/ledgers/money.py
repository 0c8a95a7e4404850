"""Money: integers in minor units with an ISO 4217 code. A float never holds an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from iso4217 import Currency

from graphql_api.ledgers.errors import Code, Refused

MAX_MINOR_UNITS = 10**15 - 1
"""Largest absolute amount, in minor units: 15 digits, which a JSON number's double also holds exactly."""

EXPONENTS: dict[str, int] = {
    currency.code: currency.exponent
    for currency in Currency
    if currency.exponent is not None and currency.code not in ("XXX", "XTS")
}
"""Decimals of each currency in current use. Metals, funds without a minor unit, XXX and XTS hold no expense."""

RETIRED: dict[str, int] = {}
"""Decimals of currencies that an earlier release took and ISO 4217 withdrew since: kept amounts stay readable."""

_DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
# whatever cannot be exact raises, rather than being rounded without a word
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])
_LARGEST_POWER = 16


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor_units` of `currency` (ISO 4217 alphabetic code)."""

    minor_units: int
    currency: str

    @property
    def value(self) -> Decimal:
        """The amount in major units, with all the decimals of its currency: 1250 USD cents are 12.50."""
        return major_units(self.minor_units, self.currency)


def major_units(minor_units: int, currency: str) -> Decimal:
    """Exact decimal in major units. Sums may be longer than any single amount."""
    return Decimal(minor_units).scaleb(-exponent_of(currency), _EXACT)


def exponent_of(currency: str) -> int:
    """Decimals of a currency that the ledger keeps, also of one that was withdrawn since."""
    return EXPONENTS[currency] if currency in EXPONENTS else RETIRED[currency]


def parse_currency(code: object, *path: str | int) -> str:
    """A currency's code, upper case. Refuses unknown and historic ones (DEM, HRK), and those without minor unit."""
    if isinstance(code, str) and code in EXPONENTS:
        return code
    shown = code[:12] if isinstance(code, str) and code.isprintable() else "this"
    message = f"{shown!r} is not a currency in current use: give an ISO 4217 code such as EUR, in capitals."
    raise Refused.because(Code.CURRENCY_UNKNOWN, message, *path)


def parse_amount(value: object, currency: str, *path: str | int) -> int:
    """Minor units of a decimal given in major units as text, `int` or `Decimal`.

    Refuses what is not finite, has more decimals than `currency`, or more than 15 digits of minor units.
    """
    number = _decimal(value, *path)
    if not number:
        return 0
    if number.adjusted() > _LARGEST_POWER:
        raise Refused.because(Code.AMOUNT_OUT_OF_RANGE, _range_message(currency), *path)
    exponent = exponent_of(currency)
    minor_units = _whole(number, exponent)
    if minor_units is None:
        allowed = f"{exponent} decimals" if exponent else "no decimals"
        message = f"{currency} has {allowed}: {_shown(number)} cannot be kept exactly."
        raise Refused.because(Code.AMOUNT_TOO_PRECISE, message, *path)
    if abs(minor_units) > MAX_MINOR_UNITS:
        raise Refused.because(Code.AMOUNT_OUT_OF_RANGE, _range_message(currency), *path)
    return minor_units


def _whole(number: Decimal, exponent: int) -> int | None:
    try:
        shifted = number.scaleb(exponent, _EXACT)
    except Inexact:
        return None
    return int(shifted) if shifted == shifted.to_integral_value(context=_EXACT) else None


def _decimal(value: object, *path: str | int) -> Decimal:
    if isinstance(value, bool):
        number = None
    elif isinstance(value, Decimal):
        number = value
    elif isinstance(value, int):
        # the length of the integer is bounded before Decimal copies it
        number = Decimal(value) if value.bit_length() < 512 else Decimal("1e99")  # noqa: PLR2004
    elif isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            number = None
    else:
        number = None
    if number is None or not number.is_finite():
        message = "The amount is not a finite decimal number such as 12.50 or -3."
        raise Refused.because(Code.AMOUNT_INVALID, message, *path)
    return number


def _shown(number: Decimal) -> str:
    text = str(number)
    longest = 24
    return text if len(text) <= longest else f"{text[:longest]}…"


def _range_message(currency: str) -> str:
    return f"The amount is beyond {major_units(MAX_MINOR_UNITS, currency)} {currency}, the largest that is kept."
