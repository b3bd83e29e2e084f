"""On PostgreSQL the program's own role can append to the audit trail and read it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from domain.errors import Permanent
from store import audit, audit_rights
from store.database import Database
from store.migrate import migrate
from tests.conftest import NOW, Cluster

ROLE = "aftersign_program"


@dataclass
class Both:
    """Hold one database, opened by its administrator and by the program."""

    admin: Database
    program: Database

    def protect(self) -> None:
        with self.admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(audit_rights.statements(ROLE))

    def excess(self) -> tuple[str, ...]:
        with self.program.read() as connection:
            return audit_rights.excess(connection)


@pytest.fixture
def both(cluster: Cluster) -> Iterator[Both]:
    name = cluster.create()
    admin = Database(cluster.url(name))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": ROLE}):
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        connection.execute(text(f"GRANT ALL ON SCHEMA public TO {ROLE}"))
    program = Database(cluster.url(name).replace("postgres@", f"{ROLE}@"))
    migrate(program)
    yield Both(admin, program)
    program.close()
    admin.close()
    cluster.drop(name)


class TestTheProgramsRole:
    def test_owns_the_trail_until_it_is_protected(self, both: Both) -> None:
        assert both.excess() == ("OWNER",)
        both.protect()
        assert both.excess() == ()
        with both.admin.read() as connection:
            assert audit_rights.excess(connection) == ("SUPERUSER",)

    def test_could_drop_the_trail_where_the_database_is_its_own(self, both: Both) -> None:
        both.protect()
        with both.admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {both.admin.engine.url.database} OWNER TO {ROLE}"))
        assert both.excess() == ("SCHEMA",)

    def test_appends_and_reads(self, both: Both) -> None:
        both.protect()
        both.protect()  # as often as anybody likes
        with both.program.write() as connection:
            audit.record(connection, NOW, "aftersign", "step.done", "h-1")
        assert audit.verify(both.program)[::2] == (1, None)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit SET actor = 'mallory'",
            "DELETE FROM audit",
            "TRUNCATE audit",
            "DROP TABLE audit",
            "DROP TRIGGER audit_append_only ON audit",
            "ALTER TABLE audit DISABLE TRIGGER ALL",
            "ALTER TABLE audit OWNER TO CURRENT_USER",
            "DROP FUNCTION audit_refuse() CASCADE",
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "GRANT UPDATE ON audit TO CURRENT_USER",
            "SET ROLE aftersign_audit",
        ],
    )
    def test_can_do_nothing_else(self, both: Both, statement: str) -> None:
        with both.program.write() as connection:
            audit.record(connection, NOW, "aftersign", "step.done", "h-1")
        both.protect()
        if statement.startswith("GRANT"):  # PostgreSQL only warns that nothing was granted
            with both.program.write() as connection:
                connection.execute(text(statement))
            assert both.excess() == ()
            return
        with (
            pytest.raises(ProgrammingError, match="permission denied|must be owner"),
            both.program.write() as connection,
        ):
            connection.execute(text(statement))
        assert audit.verify(both.program)[::2] == (1, None)

    def test_still_lets_migrations_run(self, both: Both) -> None:
        both.protect()
        migrate(both.program)

    @pytest.mark.parametrize("name", ["", "x; DROP TABLE audit", 'quo"ted', "Upper", audit_rights.OWNER])
    def test_has_a_plain_name(self, name: str) -> None:
        with pytest.raises(Permanent, match="cannot be the role"):
            audit_rights.statements(name)
