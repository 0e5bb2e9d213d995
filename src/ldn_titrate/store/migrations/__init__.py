"""The migrations of the store's tables, run by Alembic; the newest is the schema of today."""
