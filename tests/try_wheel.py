"""
Build the wheel, install it alone in a clean environment, and make a plan's files with it.

The source tree stands aside: what is missing in the wheel (a font, a protocol, a sentence) fails
here. Run it as: python tests/try_wheel.py
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
SMOKE = """
from datetime import UTC, date, datetime, time
from importlib.metadata import requires
from pathlib import Path
from uuid import UUID
import ldn_titrate as ldn

assert "site-packages" in ldn.__file__, ldn.__file__
plan = ldn.Plan(
    id=UUID(int=7), revised_at=datetime(2026, 11, 22, tzinfo=UTC), protocol=ldn.load_protocol(),
    start=date(2026, 12, 1), bedtime=time(22), timezone="Europe/Amsterdam",
    products=(ldn.Product.parse("capsule 1.5 mg"),), patient="Ngọc דוגמה",
)
schedule = ldn.lay_out(plan)
assert str(schedule.dose_on(date(2026, 12, 15))) == "3 mg"
assert ldn.write_calendar(schedule, "evening-reminder.ics") == ()
assert ldn.write_handout(schedule, "handout.pdf") == ()
assert Path("handout.pdf").read_bytes().startswith(b"%PDF")
assert len([ldn.load_protocol(one) for one in ldn.protocol_ids()]) == 8
monthly = plan.replace(protocol=ldn.load_protocol("ldn-oral-1.5mg-monthly-3mg"))
assert ldn.lay_out(monthly).segments[1].first == date(2027, 1, 1)
from ldn_titrate.export.printed import Look, Paper, packet_file, paper_file
for paper in Paper:
    assert b"<style>" in paper_file(paper, schedule, look=Look(format="html")).content
assert packet_file(schedule).content.startswith(b"%PDF")
from ldn_titrate.progress import progress
from ldn_titrate.export.progress import progress_file
told = progress(schedule, ldn.load_record(""), date(2026, 12, 20))
assert progress_file(told, name="Ngọc").content.startswith(b"%PDF")
try:
    import ldn_titrate.store
except ldn.LdnTitrateError as error:
    assert "ldn-titrate[store]" in str(error), error
else:
    raise AssertionError("a store without its extra")
try:
    paper_file(Paper.HANDOUT, schedule, look=Look(language="nl"))
except ldn.LdnTitrateError as error:
    assert "ldn-titrate[i18n]" in str(error), error
else:
    raise AssertionError("Dutch without its extra")
core = [one for one in requires("ldn-titrate") if "extra" not in one]
assert len(core) == 4, core
print("the wheel works alone, with", ", ".join(core))
"""


def main() -> None:
    """Build, install, try."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        python = _clean_environment(folder)
        _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
        (wheel,) = folder.glob("*.whl")
        _run(python, "-m", "pip", "install", "--quiet", str(wheel))
        subprocess.run([python, "-c", SMOKE], cwd=folder, check=True)
        _try_without_the_extra(python, folder)


def _clean_environment(folder: Path) -> str:
    venv.create(folder / "venv", with_pip=True)
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    return str(folder / "venv" / scripts / "python")


def _try_without_the_extra(python: str, folder: Path) -> None:
    told = subprocess.run(
        [python, "-m", "ldn_titrate"], cwd=folder, capture_output=True, text=True, check=False
    )
    if "ldn-titrate[cli]" not in told.stderr or not told.returncode:
        sys.exit(f"without its extra the command line says nothing useful: {told.stderr}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
