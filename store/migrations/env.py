"""Alembic's entry: runs the migrations on the connection that store/migrate.py hands over."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from store import tables

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
assert tables.Version in SQLModel.__subclasses__()
with context.begin_transaction():
    context.run_migrations()
