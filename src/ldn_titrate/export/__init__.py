"""How a schedule looks outside the library: calendar files, tables, printed pages."""
