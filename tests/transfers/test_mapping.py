"""Which column is which: by flags, by profiles, by plain names."""

from pathlib import Path

import pytest

from graphql_api.ledgers.errors import Refused
from graphql_api.transfers import profiles
from graphql_api.transfers.csv_file import CsvFile
from graphql_api.transfers.detect import complete, notes
from graphql_api.transfers.mapping import Mapping, skip_condition
from tests.transfers.support import PROCUREMENT

BANK = ("Booking date", "Value date", "Payee", "Memo", "Amount", "Balance")


def test_the_real_files_columns_are_found() -> None:
    header = CsvFile.open(PROCUREMENT, encoding=None, delimiter=None).header
    mapping = complete(Mapping(), header)
    assert (mapping.date, mapping.amount, mapping.currency) == ("Approved Date", "Amount", "Currency")
    assert (mapping.merchant, mapping.category, mapping.description) == ("Supplier", "Category", None)
    assert any("Cancelled" in note for note in notes(mapping, header))


def test_several_possible_dates_are_asked_about() -> None:
    with pytest.raises(Refused, match=r"'Booking date', 'Value date'.*--date COLUMN"):
        complete(Mapping(), BANK)
    mapping = complete(Mapping(date="Booking date"), BANK)
    assert (mapping.merchant, mapping.description, mapping.amount) == ("Payee", "Memo", "Amount")


def test_a_missing_amount_is_asked_for() -> None:
    with pytest.raises(Refused, match="--amount COLUMN"):
        complete(Mapping(), ("Date", "Cost"))


@pytest.mark.parametrize(
    ("mapping", "flag"),
    [
        (Mapping(merchant="Shop"), "--merchant"),
        (Mapping(key=("Amount", "Nr")), "--key"),
        (Mapping(skip_when=("State=x",)), "--skip-when"),
    ],
)
def test_a_column_that_is_not_there_is_told_with_its_flag(mapping: Mapping, flag: str) -> None:
    with pytest.raises(Refused, match=flag):
        complete(mapping, ("Date", "Amount"))


def test_a_name_that_two_columns_have_is_refused() -> None:
    with pytest.raises(Refused, match="several columns"):
        complete(Mapping(date="Date", amount="Amount"), ("Date", "Amount", "Amount"))


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (Mapping(currency_code="XYZ"), "XYZ"),
        (Mapping(currency_code="EUR", currency="Currency"), "not both"),
        (Mapping(encoding="utf-9"), "utf-9"),
        (Mapping(delimiter=";;"), "one character"),
        (Mapping(date_format="%q"), "%q"),
        (Mapping(skip_when=("Cancelled",)), "Cancelled"),
    ],
)
def test_a_flag_that_cannot_be_right_is_refused(mapping: Mapping, told: str) -> None:
    with pytest.raises(Refused, match=told):
        mapping.check()


def test_conditions_are_equal_or_not() -> None:
    assert skip_condition("Cancelled=*") == ("Cancelled", "*", True)
    assert skip_condition("State != Booked") == ("State", "Booked", False)
    assert skip_condition("Note=a=b") == ("Note", "a=b", True)


def test_a_profile_comes_back_as_it_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(profiles.FOLDER_VARIABLE, str(tmp_path))
    mapping = Mapping(
        date="Ⓓate", key=("Number", "Line"), skip_when=("Cancelled=*",), decimal_comma=True, delimiter="\t"
    )
    path = profiles.save("wvu", mapping)
    assert profiles.names() == ["wvu"]
    assert profiles.load("wvu") == mapping
    assert profiles.load(str(path)) == mapping


def test_flags_come_before_the_profile() -> None:
    merged = Mapping(date="Day").over(Mapping(date="Date", amount="Sum", negate=True))
    assert merged == Mapping(date="Day", amount="Sum", negate=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense = 1", "no setting 'nonsense'"),
        ("date = 5", "takes a text"),
        ("key = 5", "list of texts"),
        ('negate = "yes"', "true or false"),
        ("date", "not TOML"),
        ("guarded = true", "no setting"),
    ],
)
def test_a_wrong_profile_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(Refused, match=told):
        profiles.load(str(path))


@pytest.mark.parametrize("name", ["../x", "", "a b", ".hidden"])
def test_a_profile_stays_in_its_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(profiles.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(Refused):
        profiles.save(name, Mapping())


def test_an_unknown_profile_names_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(profiles.FOLDER_VARIABLE, str(tmp_path))
    profiles.save("bank", Mapping())
    with pytest.raises(Refused, match="Saved profiles: bank"):
        profiles.load("wvu")
