"""
The judges of HTML: the Nu checker for the standard, axe-core in Chromium for those who cannot see.

``npm install --prefix .judges vnu-jar@26.9.27 axe-core@4.14.1`` puts both where they are looked
for; they need a Java and a Chromium. The same Chromium prints pages, so that paper is judged, too.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from judges.modules import module_file
from judges.panel import Judge

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHARSET: Final = b'<meta charset="utf-8">'
_ANSWER: Final = re.compile(r'<pre id="answer">(.*?)</pre>', re.DOTALL)
# The page is replaced by what axe found. It runs before the page's own policy forbids scripts.
_ASK: Final = """
<script src="%s"></script>
<script>
  addEventListener("load", async () => {
    const found = (await axe.run()).violations;
    const answer = document.createElement("pre");
    answer.id = "answer";
    answer.textContent = JSON.stringify(found);
    document.body.replaceChildren(answer);
  });
</script>
"""


@cache
def _nu_is_installed() -> bool:
    return shutil.which("java") is not None and _nu_jar().is_file()


@cache
def _axe_is_installed() -> bool:
    return _chromium_is_installed() and _axe_script().is_file()


@cache
def _chromium_is_installed() -> bool:
    return shutil.which("chromium") is not None


def _nu_faults(files: Sequence[bytes]) -> list[list[str]]:
    """Ask about all files at once: most of the time goes into starting Java."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.html") for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file)
        command = ["java", "-jar", str(_nu_jar()), "--format", "json", "--stdout"]
        told = _output([*command, *map(str, paths)], codes=(0, 1))
    messages: list[dict[str, Any]] = json.loads(told)["messages"]
    found = [(Path(one["url"]).name, one["message"]) for one in messages]
    return [[words for name, words in found if name == path.name] for path in paths]


def _axe_faults(files: Sequence[bytes]) -> list[list[str]]:
    return [_axe_faults_of(file) for file in files]


def _axe_faults_of(file: bytes) -> list[str]:
    script = (_ASK % _axe_script().as_uri()).encode()
    assert _CHARSET in file, "the page does not say that it is UTF-8"
    page = file.replace(_CHARSET, _CHARSET + script, 1)
    told = _ANSWER.search(_chromium(page, "--virtual-time-budget=60000", "--dump-dom"))
    assert told, "axe gave no answer"
    violations = json.loads(html.unescape(told[1]))
    return [f"{one['id']}: {node['html']}" for one in violations for node in one["nodes"]]


def printed(file: bytes) -> list[str]:
    """Print a page in Chromium, and give the text of each sheet of paper."""
    with TemporaryDirectory() as folder:
        paper = Path(folder, "paper.pdf")
        _chromium(file, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
        return _output(["pdftotext", "-layout", str(paper), "-"]).split("\f")[:-1]


def _chromium(page: bytes, *options: str) -> str:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "page.html")
        path.write_bytes(page)
        profile = f"--user-data-dir={folder}/profile"
        fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=800,1200", profile)
        return _output(["chromium", *fixed, *options, path.as_uri()])


def _output(command: Sequence[str], codes: Sequence[int] = (0,)) -> str:
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode in codes, process.stderr
    return process.stdout


def _nu_jar() -> Path:
    return module_file("vnu-jar", "build", "dist", "vnu.jar")


def _axe_script() -> Path:
    return module_file("axe-core", "axe.min.js")


NU = Judge("the Nu checker", _nu_is_installed, _nu_faults)
AXE = Judge("axe-core in Chromium", _axe_is_installed, _axe_faults)
CHROMIUM = Judge("Chromium", _chromium_is_installed, lambda files: [[] for _ in files])
