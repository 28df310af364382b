"""What outlives the process: the snapshot, as-run, journal, descriptions, quota ledger; people and their acts."""

from broadcaster.store.access import SqlAccess
from broadcaster.store.database import Database
from broadcaster.store.errors import StoreError
from broadcaster.store.sql import SqlStore

__all__ = ["Database", "SqlAccess", "SqlStore", "StoreError"]
