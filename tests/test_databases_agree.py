"""The same content gives the same bytes on SQLite and on PostgreSQL, and a lock holds on both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.demo.company import load_company
from rseaudit.store.database import open_store
from rseaudit.store.locks import job_lock
from tests.command_line import rseaudit, write_config
from tests.site_server import PROFILE, numbered_site, serving

NOW = "2026-11-23"


def corpus(path: Path) -> None:
    company = load_company()
    roles = {"rse": "audited"}
    lines = [
        {
            "source": document.source,
            "role": roles.get(document.source, "reference"),
            "id": document.id,
            "title": document.title,
            "text": document.body,
            "format": "markdown",
            "created": document.created.isoformat(),
            "visibility": "registered",
        }
        for document in company.documents
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def test_jobs_print_the_same_bytes_on_both_databases(
    postgres_address: str, sqlite_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus(tmp_path / "corpus.jsonl")
    printed: dict[str, list[str]] = {}
    for address in (sqlite_address, postgres_address):
        assert main(["import", str(tmp_path / "corpus.jsonl"), "--store", address, "--now", NOW, "--quiet"]) == 0
        for command in (["duplicates", "--json"], ["audit", "--json"], ["export", "--canonical"], ["export"]):
            assert main([*command, "--store", address, "--now", NOW]) == 0
            printed.setdefault(" ".join(command), []).append(capsys.readouterr().out)
    for command, (one, two) in printed.items():
        assert one == two, command
    assert '"kind": "copy"' in printed["duplicates --json"][0]


def test_a_crawl_gives_the_same_canonical_export_on_both_databases(
    postgres_address: str, sqlite_address: str, tmp_path: Path
) -> None:
    with serving(numbered_site(40)) as site:
        write_config(
            tmp_path,
            f"""
[[source]]
name = "notes"
role = "audited"
platform = "website"
profile = "site"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = 8 }}
{PROFILE}""",
        )
        exports = []
        for address in (sqlite_address, postgres_address):
            done = rseaudit("crawl", "--store", address, "--now", NOW, "--json", cwd=tmp_path)
            assert done.code == 0, done.err
            exports.append(rseaudit("export", "--canonical", "--store", address, cwd=tmp_path).out)
    assert exports[0] == exports[1]
    assert exports[0].count('"type":"document"') == 40


def test_a_second_run_of_a_job_exits_5_on_postgresql(postgres_address: str, tmp_path: Path) -> None:
    corpus(tmp_path / "corpus.jsonl")
    assert rseaudit("import", "corpus.jsonl", "--store", postgres_address, cwd=tmp_path).code == 0
    store = open_store(postgres_address)
    with job_lock(store, "duplicates"):
        done = rseaudit("duplicates", "--store", postgres_address, "--json", cwd=tmp_path)
        beside = rseaudit("export", "--canonical", "--store", postgres_address, cwd=tmp_path)
    store.close()
    assert done.code == 5
    assert "another `rseaudit duplicates` is running" in done.err
    assert beside.code == 0
