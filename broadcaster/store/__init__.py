"""What outlives the process: the snapshot, as-run, journal, description revisions, quota ledger."""

from broadcaster.store.errors import StoreError
from broadcaster.store.sql import SqlStore

__all__ = ["SqlStore", "StoreError"]
