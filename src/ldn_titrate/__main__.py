"""Run the command line: ``python -m ldn_titrate``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say what to install for it."""
    try:
        from ldn_titrate.cli import run  # noqa: PLC0415  # it needs an extra
    except ModuleNotFoundError as error:
        if error.name not in {"cyclopts", "rich"}:
            raise
        sys.exit("the command line needs an extra: pip install 'ldn-titrate[cli]'")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
