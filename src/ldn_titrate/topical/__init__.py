"""
The cream: naltrexone for the skin, its strength, its amount, and one patient's plan for it.

Each gram of a 1% cream holds 10 mg (C13), more than any oral dose of this library, so an amount on
the skin is never an oral dose. No source gives an amount, a frequency or a titration (S17), so a
prescriber states all of it and nothing here rises. It must not know protocols, oral products or
documents.
"""

from __future__ import annotations

from ldn_titrate.topical.amount import AmountUnit, SkinLoad, Strength, TopicalAmount
from ldn_titrate.topical.check import check_topical
from ldn_titrate.topical.plan import Application, TopicalPlan

__all__ = [
    "AmountUnit",
    "Application",
    "SkinLoad",
    "Strength",
    "TopicalAmount",
    "TopicalPlan",
    "check_topical",
]
