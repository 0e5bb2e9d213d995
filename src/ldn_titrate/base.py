"""
What every value of the library is built on: frozen models, and values written as text.

Pydantic by itself takes a float for a decimal, drops unknown fields and copies without checking;
the one base class here does none of that. It must not know any clinical word.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Never, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import core_schema

from ldn_titrate.errors import LdnTitrateError, problems
from ldn_titrate.text import NOTE_LENGTH, fit

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # it has no public name


class _Telling(ModelMetaclass):
    """
    Turns a failed construction into the library's own error.

    It sits on the metaclass, since an *__init__* would also run inside other models and there hide
    the place of a problem.
    """

    error: type[LdnTitrateError]

    def __call__(cls, *args: object, **fields: object) -> Any:  # noqa: ANN401, N805
        try:
            return super().__call__(*args, **fields)
        except ValidationError as error:
            raise cls.error(problems(error)) from None


class Frozen(BaseModel, metaclass=_Telling):
    """
    A strict, immutable value.

    Raises:
        LdnTitrateError: Fields are wrong; its message tells every problem, with its place.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, hide_input_in_errors=True
    )

    error: ClassVar[type[LdnTitrateError]] = LdnTitrateError

    def __setattr__(self, name: str, _value: Never) -> None:
        """Refuse a change; by *Never* a checker of types refuses one of an unknown field, too."""
        kind = type(self).__name__
        raise self.error(f"a {kind} never changes; replace({name}=...) makes another one")

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """
        Read the value from JSON text.

        Raises:
            LdnTitrateError: The text is no such value; every problem is told, with its place.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise cls.error(problems(error)) from None

    def replace(self, **changes: object) -> Self:
        """Make the same value with some fields changed, checked like any other."""
        return type(self)(
            **{name: getattr(self, name) for name in type(self).model_fields} | changes
        )


def text_of(value: object) -> str:
    """
    Return a value that must be text.

    Raises:
        LdnTitrateError: It is something else, such as a number.
    """
    if not isinstance(value, str):
        raise LdnTitrateError(f"this is written as text, not as {type(value).__name__}")
    return value


class TextValue(ABC):
    """A value that files hold as text: *parse* reads it, *str* writes it."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Read the value from its text."""

    @classmethod
    def _read(cls, value: object) -> Self:
        return value if isinstance(value, cls) else cls.parse(text_of(value))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: type[Any], _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._read, serialization=core_schema.to_string_ser_schema()
        )


def _fit_note(text: str) -> str:
    return fit(text, limit=NOTE_LENGTH)


_NOT_IN_UTC = "a point in time is written in UTC, such as 2026-11-22T18:00:00Z"


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() != timedelta(0):
        raise LdnTitrateError(_NOT_IN_UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


def near_our_time(day: date) -> date:
    """
    Refuse a day that no plan reaches, which is a slip of the pen.

    Raises:
        LdnTitrateError: It is before 2000 or after 2199.
    """
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise LdnTitrateError(f"a day of a plan lies between {_FIRST_DAY} and {_LAST_DAY}")
    return day


def _read_day(value: object, info: ValidationInfo) -> object:
    """Read a day in a file; pydantic takes a number, too, for seconds from 1970 on."""
    if info.mode != "json" or not isinstance(value, str):
        return value
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise LdnTitrateError("a day is written as year-month-day, such as 2026-12-01")


def _read_moment(value: object, info: ValidationInfo) -> object:
    """Read a point in time in a file, for the same reason by its written form."""
    if info.mode != "json" or not isinstance(value, str):
        return value
    try:
        if _DATE.match(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise LdnTitrateError(_NOT_IN_UTC)


Day = Annotated[date, BeforeValidator(_read_day)]
PlanDay = Annotated[Day, AfterValidator(near_our_time)]
Name = Annotated[str, AfterValidator(fit)]
Note = Annotated[str, AfterValidator(_fit_note)]
UtcTime = Annotated[datetime, BeforeValidator(_read_moment), AfterValidator(_in_utc)]
