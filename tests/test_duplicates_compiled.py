from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rseaudit.duplicates import compiled as module

CODE = """
import sys
from rseaudit.duplicates.compiled import compiled

@compiled
def twice(number):
    return 2 * number

assert "cffi" not in sys.modules and "scipy.linalg" not in sys.modules
assert twice(21) == 42
for name in ("cffi", "scipy.linalg.cython_blas"):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        assert "None in sys.modules" not in str(error), error
print("done")
"""


def test_numba_comes_without_what_it_does_not_need_and_others_may_have_it_afterwards():
    run = subprocess.run([sys.executable, "-W", "error", "-c", CODE], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("done", "")


KERNEL = "from x import compiled\n\n\n@compiled\ndef {name}() -> int:\n    return {value}\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.py").write_text(KERNEL.format(name=name, value=1), "utf-8")
    (folder / "other.py").write_text("value = 1\n", "utf-8")
    monkeypatch.setattr(module, "__file__", str(folder / "compiled.py"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    return folder


def test_a_change_of_any_compiled_module_makes_a_new_place_of_the_old_one(package: Path) -> None:
    before = module._folder.__wrapped__()
    assert before is not None
    assert before.parent == package / "__pycache__"
    (package / "other.py").write_text("value = 2\n", "utf-8")
    assert module._folder.__wrapped__() == before
    (package / "two.py").write_text(KERNEL.format(name="two", value=2), "utf-8")
    after = module._folder.__wrapped__()
    assert after is not None
    assert after != before
    assert [*(package / "__pycache__").iterdir()] == [after]


def test_what_cannot_lie_beside_the_modules_lies_in_the_cache_of_the_user(package: Path, tmp_path: Path) -> None:
    (package / "__pycache__").write_text("a file", "utf-8")
    found = module._folder.__wrapped__()
    assert found is not None
    assert found.parent == tmp_path / "cache" / "rseaudit"


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(package: Path, tmp_path: Path) -> None:
    (package / "__pycache__").write_text("a file", "utf-8")
    (tmp_path / "cache").write_text("a file", "utf-8")
    assert module._folder.__wrapped__() is None


def test_machine_code_of_these_modules_lies_there() -> None:
    from rseaudit.duplicates import ring, seeker

    folder = module._folder()
    assert folder is not None
    assert all(folder in Path(one.stats.cache_path).parents for one in (seeker.seek, ring.gallop))
