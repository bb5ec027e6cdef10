"""The built wheel claims one import name, holds what is on disk, and works far from the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    # A copy, for what an earlier build left in the checkout would be packed again.
    left_out = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "out", "rseaudit-demo")
    shutil.copytree(ROOT, out / "checkout", ignore=left_out)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(out / "checkout")]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_claims_only_rseaudit_and_holds_exactly_what_is_on_disk(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    packed = {name for name in names if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in packed} == {"rseaudit"}
    expected = {
        str(path.relative_to(ROOT)) for path in (ROOT / "rseaudit").rglob("*") if path.is_file() and _is_ours(path)
    }
    for folder in ("spiders", "watchlists"):
        expected |= {f"rseaudit/{folder}/{p.name}" for p in (ROOT / folder).iterdir() if p.is_file() and _is_ours(p)}
    assert packed == expected


def _is_ours(path: Path) -> bool:
    return "__pycache__" not in path.parts and path.suffix != ".pyc"


def test_the_wheel_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    empty = tmp_path / "empty"
    empty.mkdir()
    # The wheel's folder comes first: the checkout, installed for development, is not what is tested.
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); sys.meta_path = [f for f in sys.meta_path"
        " if 'Editable' not in getattr(f, '__name__', type(f).__name__)]\n"
        "import rseaudit; from rseaudit.cli import main; from rseaudit.crawl.platforms import spider_class\n"
        "from rseaudit.config import watchlist; from pathlib import Path\n"
        "print(rseaudit.__file__); print(spider_class('website').__name__)\n"
        "print(watchlist.load('mobility', base=Path('.')).id); raise SystemExit(main(['--version']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=empty, capture_output=True, text=True, check=True)
    lines = done.stdout.split("\n")
    assert lines[0].startswith(str(site))
    assert lines[1:3] == ["WebsiteSpider", "mobility"]
    assert lines[3].startswith("rseaudit ")
