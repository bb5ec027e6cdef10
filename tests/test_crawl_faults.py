"""Everything that a website can do wrong, in one crawl: each fault is named, and nothing else suffers from it."""

from __future__ import annotations

import datetime
import gzip
import ipaddress
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.command_line import Done, environment, rseaudit, write_config
from tests.site_server import PROFILE, Answer, Page, Site, article, numbered_site, serving

NOW = "2026-11-23"
ATTEMPTS = 2
FAST = f"politeness = {{ autothrottle = false, concurrency = 8, attempts = {ATTEMPTS} }}"
HUGE_DEPTH = 10_000
MEGABYTE = 1024 * 1024
GOOD = ("/note/1", "/note/2", "/note/3")


def source(name: str, url: str, *, options: str = FAST, role: str = "reference") -> str:
    return f"""
[[source]]
name = "{name}"
role = "{role}"
platform = "website"
profile = "site"
url = "{url}"
{options}
"""


def large(number: int, megabytes: int) -> bytes:
    """Return a good page that carries so many megabytes of blank markup after its text."""
    page = article(number).encode()
    return page + b" " * (megabytes * MEGABYTE - len(page))


def nested() -> str:
    inner = "".join(f"<div>palier {level} " for level in range(HUGE_DEPTH)) + "tout au fond" + "</div>" * HUGE_DEPTH
    return article(20).replace("<p>La note", f"<p>Voici l'escalier.</p>{inner}<p>La note")


class Busy:
    """A page that asks once to be left alone for a second."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def __call__(self, path: str) -> Answer | str:
        self.asked.append(time.monotonic())
        if len(self.asked) == 1:
            return Answer(b"<p>attendez</p>", status=429, headers={"Retry-After": "1"})
        return article(21)


class AfterCookie:
    """A page that redirects to itself once, as sites do that set a cookie first."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, path: str) -> Answer | str:
        self.asked += 1
        if self.asked == 1:
            return Answer(status=302, headers={"Location": path, "Set-Cookie": "vu=1"})
        return article(22)


def redirect(where: str) -> Answer:
    return Answer(status=302, headers={"Location": where})


def packed(body: bytes) -> Answer:
    return Answer(body, headers={"Content-Encoding": "gzip"})


def faulty_site(elsewhere: str) -> Site:
    whole = gzip.compress(article(24).encode() * 50)
    pages: dict[str, Page] = {
        **{path: article(int(path.rpartition("/")[2])) for path in GOOD},
        "/note/10": Answer(b"<p>panne</p>", status=500),
        "/note/12": Answer(article(12).encode(), status=403),
        "/note/14": large(14, 14),
        "/note/16": large(16, 16),
        "/note/17": packed(gzip.compress(large(17, 20))),
        "/note/20": nested(),
        "/note/21": Busy(),
        "/note/22": AfterCookie(),
        "/note/23": article(23)
        .encode()
        .replace(b"Par <span", b"\xff\xfePar <span")
        .replace(b"outil ab", b"outil \xe9ab"),
        "/note/24": packed(whole[:-40]),
        "/note/25": packed(article(25).encode()),
        "/note/26": packed(gzip.compress(article(26).encode())),
        "/note/28": packed(gzip.compress(article(28)[:300].encode()) + gzip.compress(article(28)[300:].encode())),
        "/note/27": Answer(article(27).encode(), headers={"Content-Length": "9000", "Connection": "close"}),
        "/note/30": redirect("/note/31"),
        "/note/31": redirect("/note/30"),
        "/note/32": redirect("/note/32"),
        "/note/33": redirect(f"{elsewhere}/note/1"),
        "/note/34": redirect("file:///etc/passwd"),
        "/note/35": redirect("/note/1"),
        "/note/40": Answer(b"%PDF-1.7", content_type="application/pdf"),
        "/note/41": Answer(b"", content_type="text/html"),
    }
    links = [*pages, "/note/11", f"{elsewhere}/note/1", "file:///etc/passwd", "javascript:alert(1)", "http://["]
    return Site({"/": article(0, *links), **pages})


def endless_site() -> Site:
    """Return a site whose every page leads to another one."""
    pages = {f"/note/{n}": article(n, f"/note/{n + 1}", f"/note/{n + 1000}") for n in range(3000)}
    return Site({"/": article(0, "/note/1"), **pages})


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "intranet.example.com")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "interne.pem", folder / "interne.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Crawled:
    """The one crawl that most tests here look at."""

    folder: Path
    site: Site
    elsewhere: Site
    endless: Site
    done: Done
    states: dict[tuple[str, str], tuple[str, str | None]]
    documents: dict[tuple[str, str], dict[str, object]]

    def state(self, path: str, source: str = "fautes") -> str:
        return self.states[source, path][0]

    def cause(self, path: str, source: str = "fautes") -> str:
        return self.states[source, path][1] or ""


def states(folder: Path) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Return (state, cause) of each address, by source and path."""
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        rows = connection.execute("SELECT source, url, state, cause FROM urls").fetchall()
    return {(name, "/" + url.split("/", 3)[3]): (state, cause) for name, url, state, cause in rows}


def exported(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    lines = [json.loads(line) for line in rseaudit("export", "--canonical", cwd=folder).out.splitlines()]
    return {(line["source"], line["id"]): line for line in lines if line["type"] == "document"}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("faults")
    public, private = certificate(folder)
    with ExitStack() as stack:
        elsewhere = stack.enter_context(serving(numbered_site(1)))
        site = stack.enter_context(serving(faulty_site(elsewhere.url)))
        secret = stack.enter_context(serving(numbered_site(2), certificate=(public, private)))
        endless = stack.enter_context(serving(endless_site()))
        mute = stack.enter_context(serving(Site({"/": Answer(article(0).encode(), wait_s=4)})))
        limits = "politeness = { autothrottle = false, concurrency = 8, max_pages = 40, max_depth = 12 }"
        patience = "politeness = { autothrottle = false, attempts = 1, timeout_s = 1 }"
        write_config(
            folder,
            'user_agent_contact = "https://rse.example.com/robot"\n'
            + source("fautes", site.url, role="audited")
            + source("eteint", f"http://127.0.0.1:{closed_port()}")
            + source("sans-autorite", secret.url)
            + source("avec-autorite", secret.url, options=f'{FAST}\nca_file = "{public.name}"')
            + source("sans-fin", endless.url, options=limits)
            + source("muet", mute.url, options=patience)
            + PROFILE,
        )
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
        yield Crawled(folder, site, elsewhere, endless, done, states(folder), exported(folder))


def test_faults_make_the_run_incomplete_and_leave_json_alone_on_standard_output(crawled: Crawled) -> None:
    assert crawled.done.code == 3, crawled.done.err
    assert json.loads(crawled.done.out)["schema"] == 1
    assert "Traceback" not in crawled.done.err


def test_the_neighbours_of_all_faults_are_stored(crawled: Crawled) -> None:
    assert {crawled.state(path) for path in GOOD} == {"done"}
    assert {("fautes", "1"), ("fautes", "2"), ("fautes", "3")} <= crawled.documents.keys()
    assert {("avec-autorite", "1"), ("avec-autorite", "2")} <= crawled.documents.keys()
    assert ("sans-fin", "1") in crawled.documents


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/note/10", "status 500"),
        ("/note/16", "larger than the limit"),
        ("/note/17", "larger than the limit"),
        ("/note/24", "the answer was cut"),
        ("/note/25", "the body cannot be decompressed"),
        ("/note/27", "the answer was cut"),
        ("/note/30", "its redirects lead in a circle"),
        ("/note/31", "its redirects lead in a circle"),
        ("/note/32", "it redirects to itself"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_with_its_cause_and_not_stored(
    crawled: Crawled, path: str, cause: str
) -> None:
    assert crawled.state(path) == "failed"
    assert f"  failed: {crawled.site.url}{path}: {cause}\n" in crawled.done.err
    assert ("fautes", path.rpartition("/")[2]) not in crawled.documents


@pytest.mark.parametrize(
    ("path", "state", "cause"),
    [
        ("/note/11", "absent", "status 404"),
        ("/note/12", "denied", "status 403"),
        ("/note/33", "denied", "leads to a refused address: origin"),
        ("/note/34", "denied", "leads to a refused address: scheme"),
        ("/note/35", "redirected", ""),
        ("/note/40", "skipped", "not a page"),
    ],
)
def test_what_is_not_to_be_read_is_no_failure(crawled: Crawled, path: str, state: str, cause: str) -> None:
    assert (crawled.state(path), crawled.cause(path)) == (state, cause)
    assert f"{path}: " not in crawled.done.err
    assert ("fautes", path.rpartition("/")[2]) not in crawled.documents


def test_a_page_is_tried_as_often_as_the_configuration_says_and_not_once_more(crawled: Crawled) -> None:
    assert crawled.site.fetched["/note/10"] == ATTEMPTS
    assert crawled.site.fetched["/note/24"] == ATTEMPTS
    assert crawled.site.fetched["/note/16"] == 1, "a second try would be as large"
    assert crawled.site.fetched["/note/11"] == crawled.site.fetched["/note/12"] == 1


def test_a_page_just_under_the_limit_is_read(crawled: Crawled) -> None:
    assert crawled.state("/note/14") == "done"
    assert "La note numéro 14" in str(crawled.documents["fautes", "14"]["text"])


def test_a_page_nested_ten_thousand_deep_is_read_to_its_bottom(crawled: Crawled) -> None:
    text = str(crawled.documents["fautes", "20"]["text"])
    for words in ("Voici l'escalier.", "palier 0\n", f"palier {HUGE_DEPTH - 1}", "tout au fond", "La note numéro 20"):
        assert words in text


def test_retry_after_is_obeyed(crawled: Crawled) -> None:
    busy = crawled.site.pages["/note/21"]
    assert isinstance(busy, Busy)
    first, second = busy.asked
    assert second - first >= 1.0
    assert crawled.state("/note/21") == "done"


def test_a_page_that_redirects_to_itself_to_set_a_cookie_is_read(crawled: Crawled) -> None:
    assert crawled.state("/note/22") == "done"
    assert ("fautes", "22") in crawled.documents


def test_bytes_that_are_no_text_are_replaced_and_noted(crawled: Crawled) -> None:
    assert "outil \ufffdab" in str(crawled.documents["fautes", "23"]["text"])
    assert crawled.cause("/note/23").startswith("invalid-bytes:")
    assert f"  remark on 1 pages: invalid-bytes (first: {crawled.site.url}/note/23)\n" in crawled.done.err


def test_a_whole_gzip_answer_is_read_in_one_part_or_in_two(crawled: Crawled) -> None:
    assert "La note numéro 28" in str(crawled.documents["fautes", "28"]["text"])
    assert "La note numéro 26" in str(crawled.documents["fautes", "26"]["text"])


def test_nothing_is_asked_of_another_origin(crawled: Crawled) -> None:
    assert crawled.elsewhere.requests == []


def test_a_source_that_does_not_answer_is_named_and_the_others_are_read(crawled: Crawled) -> None:
    assert crawled.state("/", "eteint") == "failed"
    assert crawled.cause("/", "eteint") == "connection refused"
    assert "eteint: 1 failed; 0 documents in the store\n" in crawled.done.err
    assert crawled.cause("/", "muet") == "no answer in time"
    for cause in ("connection refused", "no answer in time", "the certificate cannot be verified"):
        assert crawled.done.err.count(f"  nothing could be read: {cause}\n") == 1


def test_a_certificate_is_verified_against_the_declared_authority(crawled: Crawled) -> None:
    assert crawled.state("/", "sans-autorite") == "failed"
    assert crawled.cause("/", "sans-autorite") == "the certificate cannot be verified"
    assert crawled.state("/note/2", "avec-autorite") == "done"


def test_an_endless_site_ends_at_the_declared_limits_and_the_limits_are_told(crawled: Crawled) -> None:
    known = [path for name, path in crawled.states if name == "sans-fin"]
    assert len(known) == 40
    assert crawled.endless.fetched.total() == 40
    deepest = max(int(path.rpartition("/")[2]) % 1000 for path in known if path != "/")
    assert deepest <= 12
    told = crawled.done.err.partition("sans-fin: ")[2]
    assert "max_pages" in told
    assert "max_depth" in told or deepest < 12


def test_the_robot_says_who_it_is_and_whom_to_write_to(crawled: Crawled) -> None:
    [agent] = crawled.site.agents
    assert agent.startswith("rseaudit/")
    assert "https://rse.example.com/robot" in agent


def test_the_counts_of_the_run_add_up(crawled: Crawled) -> None:
    with sqlite3.connect(crawled.folder / "rseaudit.db") as connection:
        query = "SELECT state, asked, done, failed, skipped FROM runs WHERE job = 'crawl'"
        [(state, asked, finished, failed, skipped)] = connection.execute(query).fetchall()
    assert state == "incomplete"
    assert asked == finished + failed + skipped == len(crawled.states)


CRASHING = """
import sys
from rseaudit.cli import main
from rseaudit.spiders.website import WebsiteSpider

read = WebsiteSpider.read

def crash(self, page):
    if page.url.endswith("/note/2"):
        raise ZeroDivisionError("a bug in the extraction")
    return read(self, page)

WebsiteSpider.read = crash
sys.exit(main(["crawl", "--now", "2026-11-23", "--json"]))
"""


def test_a_page_whose_extraction_crashes_fails_alone(tmp_path: Path) -> None:
    with serving(numbered_site(4)) as site:
        write_config(tmp_path, source("notes", site.url, role="audited") + PROFILE)
        command = [sys.executable, "-c", CRASHING]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", env=environment(), timeout=300
        )
    assert done.returncode == 3, done.stderr
    assert f"failed: {site.url}/note/2: reading: ZeroDivisionError: a bug in the extraction" in done.stderr
    assert [path for (_, path), (state, _) in states(tmp_path).items() if state != "done"] == ["/note/2"]
    assert site.fetched["/note/2"] == 1
