"""Money is exact or refused, whatever it is given as."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.money import (
    EXPONENTS,
    MAX_MINOR_UNITS,
    RETIRED,
    Money,
    exponent_of,
    major_units,
    parse_amount,
    parse_currency,
)

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
MINOR = st.integers(-MAX_MINOR_UNITS, MAX_MINOR_UNITS)

# Every currency that a release of this service has taken. When the table of ISO 4217 loses one of them, it goes to
# RETIRED with its exponent, so that the amounts that were kept in it can still be read.
TAKEN = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF
CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS
VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""


def code_of(refusal: "pytest.ExceptionInfo[Refused]") -> Code:
    (problem,) = refusal.value.problems
    assert problem.message
    return problem.code


def test_no_currency_that_was_ever_taken_is_lost() -> None:
    assert set(EXPONENTS) | set(RETIRED) >= set(TAKEN.split())
    assert not set(EXPONENTS) & set(RETIRED)


@given(MINOR, CURRENCIES)
def test_an_amount_comes_back_from_its_major_units(minor: int, currency: str) -> None:
    value = Money(minor, currency).value
    assert value == major_units(minor, currency)
    assert parse_amount(value, currency) == minor
    assert parse_amount(str(value), currency) == minor
    assert len(str(value).partition(".")[2]) == EXPONENTS[currency]


@given(st.integers(-(10**40), 10**40), CURRENCIES)
def test_sums_of_any_length_have_exact_major_units(minor: int, currency: str) -> None:
    digits = "".join(map(str, major_units(minor, currency).as_tuple().digits))
    assert int(digits) == abs(minor)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None), CURRENCIES)
def test_any_decimal_is_kept_exactly_or_refused(number: Decimal, currency: str) -> None:
    exact = number.as_integer_ratio()
    scaled = exact[0] * 10 ** EXPONENTS[currency]
    try:
        minor = parse_amount(number, currency, "amount")
    except Refused as refusal:
        (problem,) = refusal.problems
        assert problem.path == ("amount",)
        assert scaled % exact[1] or abs(scaled) > MAX_MINOR_UNITS * exact[1]
    else:
        assert minor * exact[1] == scaled


@given(st.text() | st.text("0123456789+-.eE_ ٣,", max_size=50))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        minor = parse_amount(text, "USD")
    except Refused:
        return
    assert Decimal(text.strip()) * 100 == minor


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
        "NaN",
        "inf",
        "1e3",
        "1e400",
        "0x10",
        "1_000",
        "1,50",
        "1.",
        ".5",
        "--1",
        "",
        " ",
        "\0",
        "1\0",
        "\ud800",
        "٣",
        "1" * 1_000_000,
        True,
        None,
        1.5,
        math.nan,
        [],
        b"1",
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_no_decimal_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_amount(value, "USD")
    assert code_of(refusal) is Code.AMOUNT_INVALID


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1e400"),
        Decimal("-1e999999999"),
        Decimal("9" * 30),
        "9" * 30,
        "9" * 40,
        10**400,
        -(10**100_000),
        "10000000000000.00",
        Decimal(10000000000000),
    ],
    ids=lambda value: repr(value)[:20] if not isinstance(value, int) else "int",
)
def test_what_is_too_large_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_amount(value, "USD")
    assert code_of(refusal) is Code.AMOUNT_OUT_OF_RANGE


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        ("1.001", "USD"),
        (Decimal("0.005"), "USD"),
        (Decimal("1e-999999999"), "USD"),
        (Decimal("-1e-400"), "KWD"),
        (Decimal(f"1.{'0' * 100}1"), "USD"),
        ("0." + "0" * 39 + "1", "USD"),
        ("1.5", "JPY"),
        (Decimal("0.1"), "ISK"),
        ("1.0001", "KWD"),
        ("1.00001", "CLF"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_too_precise_is_refused(value: object, currency: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_amount(value, currency)
    assert code_of(refusal) is Code.AMOUNT_TOO_PRECISE


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("12.50", "USD", 1250),
        ("-3", "USD", -300),
        ("+3.10", "USD", 310),
        ("1.000", "USD", 100),
        (Decimal("1E+2"), "USD", 10_000),
        (Decimal(f"2.{'0' * 200}"), "JPY", 2),
        (7, "JPY", 7),
        ("1.234", "BHD", 1234),
        ("9999999999999.99", "USD", MAX_MINOR_UNITS),
        (" 5 ", "USD", 500),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_exact_is_taken(value: object, currency: str, minor: int) -> None:
    assert parse_amount(value, currency) == minor


@pytest.mark.parametrize("zero", [Decimal("-0"), Decimal("-0.00"), "-0.00", Decimal("0e999999999"), "0", 0])
def test_every_zero_is_the_same(zero: object) -> None:
    minor = parse_amount(zero, "USD")
    assert str(minor) == "0"
    assert str(Money(minor, "USD").value) == "0.00"


@pytest.mark.parametrize(
    "code",
    [
        "DEM",
        "HRK",
        "BGN",
        "XAU",
        "XXX",
        "XTS",
        "XDR",
        "usd",
        "Usd",
        "US",
        "USDX",
        "",
        "\0",
        "\ud800",
        "€",
        None,
        840,
        [],
    ],
    ids=ascii,
)
def test_what_is_no_currency_in_use_is_refused(code: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_currency(code, "amount", "currency")
    assert code_of(refusal) is Code.CURRENCY_UNKNOWN
    assert refusal.value.problems[0].path == ("amount", "currency")
    refusal.value.problems[0].message.encode()


def test_a_long_code_is_refused_in_few_words() -> None:
    with pytest.raises(Refused) as refusal:
        parse_currency("A" * 1_000_000)
    assert len(str(refusal.value)) < 200


def test_an_amount_kept_in_a_retired_currency_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RETIRED, "QQQ", 3)
    assert exponent_of("QQQ") == 3
    assert str(Money(1500, "QQQ").value) == "1.500"
    with pytest.raises(Refused):
        parse_currency("QQQ")
