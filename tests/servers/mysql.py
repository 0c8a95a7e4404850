"""MySQL, as unpacked by tools/mysql: it runs with the loader and the libraries beside it."""

from pathlib import Path

from tests.servers.database import DatabaseServer, as_root
from tests.servers.outcomes import not_run
from tests.servers.programs import installed

LOADERS = ("ld-linux-*.so.*", "ld64.so.*")


class MySQLServer(DatabaseServer):
    """MySQL 9.7, whose only password plugin is caching_sha2_password."""

    name = "mysql"

    def _initialise(self) -> None:
        self._run(
            [
                *self._program(),
                f"--datadir={self.data}",
                "--initialize-insecure",
                "--innodb-redo-log-capacity=64M",
                "--skip-log-bin",
            ]
        )

    def _command(self) -> list[str | Path]:
        return [
            *self._program(),
            *self._options,
            "--mysqlx=OFF",
            "--innodb-redo-log-capacity=64M",
            *([] if self.durable else ["--skip-log-bin"]),
        ]

    def _program(self) -> list[str | Path]:
        root = installed("mysql")
        libraries = [path.parent for path in root.glob("usr/lib/*-linux-gnu*/libc.so.6")]
        loaders = [path for name in LOADERS for path in root.glob(f"usr/lib/*-linux-gnu*/{name}")]
        if not libraries or not loaders:
            not_run(f"mysql: {root} holds no C library; run `make distclean services`")
        return [
            loaders[0],
            "--library-path",
            libraries[0],
            root / "usr/sbin/mysqld",
            "--no-defaults",
            f"--basedir={root / 'usr'}",
            f"--tmpdir={self._home}",
            "--secure-file-priv=NULL",
            *as_root(),
        ]
