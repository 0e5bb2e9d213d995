"""Where the judges that npm installs are looked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_REPOSITORY: Final = Path(__file__).parents[2]


def module_file(*names: str) -> Path:
    """Return a file of a module in ``.judges``, or in the folder that the environment names."""
    modules = os.environ.get("LDN_JUDGES_NODE") or _REPOSITORY / ".judges" / "node_modules"
    return Path(modules, *names)
