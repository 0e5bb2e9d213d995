"""Run the migrations within the transaction of a connection that the store hands over."""

from __future__ import annotations

from alembic import context

from ldn_titrate.store.engine import VERSION_TABLE
from ldn_titrate.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
