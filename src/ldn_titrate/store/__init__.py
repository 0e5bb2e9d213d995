"""
The store: the patient files of a clinic in one database, SQLite or PostgreSQL by the same code.

Lines are only ever added, each chained by a hash to the one before it. It needs the extra
``store``; PostgreSQL also ``postgres``. This room alone knows databases; it must not know
schedules, documents or what an entry means.
"""

from ldn_titrate.errors import StoreError

try:
    import alembic as _alembic
    import sqlalchemy as _sqlalchemy
except ModuleNotFoundError as missing:
    raise StoreError(
        "patient files in a database need an extra: pip install 'ldn-titrate[store]'"
    ) from missing

from ldn_titrate.store.clinic import Size, Store, init_store, open_store
from ldn_titrate.store.copies import backup
from ldn_titrate.store.log import Appended
from ldn_titrate.store.patient import Patient
from ldn_titrate.store.pseudonyms import Pseudonyms
from ldn_titrate.store.sheets import export_sheets
from ldn_titrate.store.transfer import export_clinic, import_clinic

__all__ = [
    "Appended",
    "Patient",
    "Pseudonyms",
    "Size",
    "Store",
    "backup",
    "export_clinic",
    "export_sheets",
    "import_clinic",
    "init_store",
    "open_store",
]

del _alembic, _sqlalchemy
