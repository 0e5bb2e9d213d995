"""
Whom a file belongs to, and the short code by which the file is asked for.

The code comes from the id alone, so that it tells nobody who the patient is. It must not know
where the file is kept.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

from pydantic import AfterValidator

from ldn_titrate.base import Day, Frozen, Name, UtcTime
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.identity import code_letters, hash_of

if TYPE_CHECKING:
    from ldn_titrate.store.lines import AnyPlan

CODE_LENGTH: Final = 6  # four letters, as a plan has, are shared by two of some thousand patients
_FIRST_BIRTHDAY, _LAST_BIRTHDAY = date(1880, 1, 1), date(2199, 12, 31)


def _birthday(day: date) -> date:
    if not _FIRST_BIRTHDAY <= day <= _LAST_BIRTHDAY:
        raise LdnTitrateError(f"a birthday lies between {_FIRST_BIRTHDAY} and {_LAST_BIRTHDAY}")
    return day


class Patient(Frozen):
    """
    A patient of the clinic.

    Attributes:
        id: The patient's own id.
        name: The name, as documents are to carry it.
        born: The birthday; None if it was not told.
        created_at: When the file was begun, in UTC.
    """

    id: UUID
    name: Name
    born: Annotated[Day, AfterValidator(_birthday)] | None = None
    created_at: UtcTime

    @property
    def code(self) -> str:
        """The short code that the patient's file is asked for by: ``7F3K9Q``."""
        return code_of(self.id.bytes)

    @property
    def hash(self) -> str:
        """The hash of the patient's data, from which the chain of the file begins."""
        return hash_of(self.model_dump(mode="json"))

    def may_have(self, plan: AnyPlan) -> bool:
        """Say whether a plan carries this patient's name, or none."""
        return plan.patient is None or plan.patient.casefold() == self.name.casefold()


def code_of(content: bytes) -> str:
    """Turn bytes into a short code that tells nothing of them."""
    return code_letters(content, CODE_LENGTH)
