"""MariaDB, as Debian's packages install it."""

from pathlib import Path

from tests.servers.database import DatabaseServer, as_root
from tests.servers.programs import installed, program


class MariaDBServer(DatabaseServer):
    """MariaDB 10.11 or later."""

    name = "mariadb"

    def _initialise(self) -> None:
        self._run(
            [
                program("mariadb-install-db"),
                "--no-defaults",
                f"--datadir={self.data}",
                f"--tmpdir={self._home}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *as_root(),
            ]
        )

    def _command(self) -> list[str | Path]:
        return [
            installed("mariadb"),
            "--no-defaults",
            *self._options,
            f"--tmpdir={self._home}",
            "--innodb-log-file-size=64M",
            "--collation-server=utf8mb4_unicode_ci",
            *as_root(),
        ]
