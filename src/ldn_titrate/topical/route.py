"""
The route: what stays on the skin, told apart from what goes through it or is swallowed.

Only the words of a vehicle and a site are looked at. It must not know amounts or plans.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from ldn_titrate.base import Name
from ldn_titrate.errors import TopicalError

_THROUGH_THE_SKIN = r"trans[^a-z]*dermal|percutaneous"
_NO_SITE = re.compile(_THROUGH_THE_SKIN)
_NO_VEHICLE = re.compile(rf"{_THROUGH_THE_SKIN}|systemic|\bpatch")
_BY_MOUTH = re.compile(r"\b(?:oral|buccal|capsule|tablet|lozenge|troche|sublingual|swallow)")
_STRENGTH = re.compile(r"%|\bm[cg]g?\b|[0-9]m[cg]g?\b")


def _stays_on_the_skin(vehicle: str) -> str:
    _refuse_through_the_skin(_NO_VEHICLE, vehicle)
    if _BY_MOUTH.search(_plain(vehicle)):
        raise TopicalError("a topical plan is for skin only; what is swallowed has an oral plan")
    if _STRENGTH.search(_plain(vehicle)):
        raise TopicalError("a vehicle has no strength in its name; the strength stands by itself")
    return vehicle


def _is_skin(site: str) -> str:
    _refuse_through_the_skin(_NO_SITE, site)
    return site


def _refuse_through_the_skin(refused: re.Pattern[str], text: str) -> None:
    """Refuse the third route (C15), whose doses are neither oral ones nor amounts on the skin."""
    if refused.search(_plain(text)):
        raise TopicalError(
            "what carries naltrexone through the skin into the body (transdermal, systemic) is a "
            "route of its own: its doses are neither oral ones nor amounts for the skin, and no "
            "plan of this library is for it (C15)"
        )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


Vehicle = Annotated[Name, AfterValidator(_stays_on_the_skin)]
Site = Annotated[Name, AfterValidator(_is_skin)]
