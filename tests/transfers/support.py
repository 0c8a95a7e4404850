"""What tests of import and export do over and over."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from graphql_api.database.database import Database
from graphql_api.database.schema import HEAD, current_revision, migrate
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.database.states import Range, SortKey, everything, page
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.principal import FIRST_LEDGER
from graphql_api.stores import KINDS
from graphql_api.telemetry.metrics import WriteMetrics
from graphql_api.transactions.model import Transaction
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transfers.exporter import Export, Selection
from graphql_api.transfers.files import csv_text, jsonl_text
from graphql_api.transfers.importer import Importer, Options
from graphql_api.transfers.mapping import Mapping
from graphql_api.transfers.report import Report
from graphql_api.transfers.rows import Source
from graphql_api.transfers.sources import open_source

DATA = Path(__file__).parent.parent / "data"
PROCUREMENT = DATA / "procurement-2017.csv"
ENVELOPE = Envelope("test")


@dataclass
class Books:
    """A database, and the folder that the test writes files to."""

    database: Database
    folder: Path = field(default_factory=Path)

    async def new_ledger(self) -> int:
        """Make an empty ledger; gives its id."""
        return (await self.database.create_ledger("test", name="Test", currency="EUR")).id

    async def take(
        self,
        file: Path | Source,
        mapping: Mapping | None = None,
        *,
        ledger: int = FIRST_LEDGER,
        skip_bad: bool = False,
        update: bool = False,
        dry_run: bool = False,
    ) -> Report:
        """Import, as the command does."""
        source = open_source(file, mapping or Mapping())[0] if isinstance(file, Path) else file
        options = Options(skip_bad=skip_bad, update=update)
        importer = Importer(source, Envelope("test", dry_run=dry_run), options)
        await self.database.write(ledger, importer.write())
        return importer.report

    async def jsonl(self, ledger: int = FIRST_LEDGER, selection: Selection | None = None) -> str:
        """The JSON Lines of a ledger."""
        async with self.database.snapshot() as snapshot:
            export = await Export.open(snapshot, ledger, selection or Selection())
            return "".join([line async for line, _ in jsonl_text(export)])

    async def csv(self, ledger: int = FIRST_LEDGER, selection: Selection | None = None) -> str:
        """The CSV of a ledger."""
        async with self.database.snapshot() as snapshot:
            export = await Export.open(snapshot, ledger, selection or Selection())
            return "".join([line async for line, _ in csv_text(export, with_deleted=False)])

    async def transactions(self, ledger: int = FIRST_LEDGER) -> list[Transaction]:
        """All of a ledger's transactions, deleted ones too, by id."""
        async with self.database.snapshot() as snapshot:
            wanted = Range(100_000)
            return await page(snapshot, TRANSACTION, ledger, None, everything, (SortKey("id"),), wanted)

    async def version(self, ledger: int = FIRST_LEDGER) -> int:
        """The ledger's version."""
        async with self.database.snapshot() as snapshot:
            return (await snapshot.ledger(ledger)).version

    async def categories(self, ledger: int = FIRST_LEDGER) -> set[tuple[str, ...]]:
        """The paths of all categories."""
        async with self.database.snapshot() as snapshot:
            return set((await Export.open(snapshot, ledger, Selection())).paths.values())

    async def tags(self, ledger: int = FIRST_LEDGER) -> set[str]:
        """The names of all tags."""
        async with self.database.snapshot() as snapshot:
            return set((await Export.open(snapshot, ledger, Selection())).tags.values())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Books]:
    """An empty database with its schema and first ledger."""
    database = Database(url, KINDS, WriteMetrics())
    try:
        if await current_revision(database.engines.read) != HEAD:
            await migrate(database.engines.write)
        await ensure_default_ledger(database.engines.write, "test", "USD")
        yield Books(database)
    finally:
        await database.close()


def written(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def content(lines: str) -> Sequence[str]:
    """The lines of JSON Lines after the first, which tells of the ledger itself."""
    return lines.splitlines()[1:]
