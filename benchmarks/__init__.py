"""
What the library costs, beside the usual ways to do the same: ``python -m benchmarks``.

How to read the table is told in README.md. A run measures and checks what is drawn; no time that
it finds fails anything.
"""
