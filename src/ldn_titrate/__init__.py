"""One plan, everything derived, the dose conserved: low-dose naltrexone titration."""
