"""Alembic's way in. `broadcaster.store.opening` passes a connection; without one, SQL is written out.

A new revision, from the difference between the tables and a database at the newest one:

    python -c 'from alembic import command as c, config as f; import sqlalchemy as s
    x = f.Config(); x.set_main_option("script_location", "broadcaster/migrations")
    x.attributes["connection"] = s.create_engine("sqlite:///var/broadcaster.db").connect()
    c.revision(x, "what changes", autogenerate=True)'
"""

from __future__ import annotations

from alembic import context

from broadcaster.store.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    context.configure(
        dialect_name=context.config.attributes.get("dialect", "sqlite"),
        target_metadata=metadata,
        literal_binds=True,
    )
else:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite can alter little in place; in a batch Alembic copies the table.
        render_as_batch=True,
        # SQLite does keep DDL in transactions. Alembic assumes not, as Python's driver breaks them.
        transactional_ddl=True,
    )

with context.begin_transaction():
    context.run_migrations()
