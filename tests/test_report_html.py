"""Pages are accessible, self-contained, and take nothing from content but text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html as lxml_html

from rseaudit.report import palette
from rseaudit.report.data import ReportData
from rseaudit.report.files import write_reports
from rseaudit.report.html import href, shown, spark
from tests.digest_sample import digest
from tests.report_sample import sample, with_payload

PAGES = (
    "index", "overview", "digest", "claire-marchand", "hugo-lefevre", "ines-boulanger",
    "travaux-en-espace-confine-la-nouvelle-co", "guide-du-teletravail-2021",
)  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//http://x.example",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "</title></style></script><base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<!--",
    "]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7*7 }}{% for x in range(9) %}x{% endfor %}",
    "{reason.__class__} {0} {} {{",
    "=HYPERLINK(\"http://evil.example\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "a\u202egnp.exe\u2066x\u2069",
    "\x00\x1b[31mred\x07",
    "¤µ\u2028\u2029\ufeff",
    "http://exa mple.org/",
    "http://[bad",
    "mailto:x@example.org?body=<script>",
)  # fmt: skip

TAGS = frozenset(
    "a article bdi blockquote body br caption circle code dd details div dl dt footer h1 h2 h3 h4 head header html "
    "li line main mark meta nav ol p polyline pre section span strong style summary svg table tbody td th thead time "
    "title tr ul".split()
)


@pytest.fixture(scope="module")
def data() -> ReportData:
    return replace(sample(), digest=digest())


@pytest.fixture(scope="module", params=["fr", "en"])
def pages(request: pytest.FixtureRequest, data: ReportData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    paths = write_reports(data, folder, lang=request.param, formats=["html"])
    return {
        "lang": request.param,
        **{re.sub(r"-[0-9a-f]{8}$", "", path.stem): path.read_text("utf-8") for path in paths},
    }


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, pages: dict[str, str]) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(pages[request.param])


def headings(page: lxml_html.HtmlElement) -> list[int]:
    return [int(node.tag[1]) for node in page.iter() if isinstance(node.tag, str) and re.fullmatch("h[1-6]", node.tag)]


def test_every_kind_of_page_is_written(pages: dict[str, str]) -> None:
    assert sorted(pages) == sorted(("lang", *PAGES))


def test_a_page_says_its_language_and_title(page: lxml_html.HtmlElement, pages: dict[str, str]) -> None:
    assert page.get("lang") == pages["lang"]
    assert page.findtext(".//title", "").strip()


def test_a_page_has_its_landmarks_once(page: lxml_html.HtmlElement) -> None:
    assert [len(page.xpath(f"//body/{name}")) for name in ("header", "main", "footer")] == [1, 1, 1]
    outside = page.xpath("//body/*[not(self::header or self::main or self::footer or @class='skip')]")
    assert outside == []
    assert all(nav.get("aria-label") for nav in page.iter("nav"))


def test_headings_start_with_one_h1_and_never_skip_a_level(page: lxml_html.HtmlElement) -> None:
    levels = headings(page)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_header_scopes_and_scroll_in_their_own_box(page: lxml_html.HtmlElement) -> None:
    for table in page.iter("table"):
        assert table.findtext("caption", "").strip()
        assert [th for th in table.iter("th") if th.get("scope") not in ("col", "row")] == []
        assert all(th.text_content().strip() for th in table.iter("th"))
        box = table.getparent()
        assert (box.get("class"), box.get("role"), box.get("tabindex")) == ("scroll", "region", "0")
        assert box.get("aria-label")


def test_every_reference_inside_a_page_leads_somewhere_and_ids_are_unique(page: lxml_html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = [link[1:] for link in page.xpath("//a/@href") if link.startswith("#")] + page.xpath("//@aria-labelledby")
    assert set(wanted) <= set(ids)


def test_links_buttons_and_pictures_have_a_name(page: lxml_html.HtmlElement) -> None:
    for node in page.xpath("//a | //summary"):
        assert node.text_content().strip()
    for picture in page.iter("svg"):
        assert picture.get("role") == "img"
        assert picture.findtext("title", "").strip()
    assert page.xpath("//img | //input | //button | //form | //iframe | //object | //video") == []


def test_a_page_needs_no_script_and_nothing_from_outside(page: lxml_html.HtmlElement) -> None:
    assert page.xpath("//script | //link | //base | //@src | //@srcset | //@*[starts-with(name(), 'on')]") == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert not re.search(r"url\(|@import|expression\(", "".join(page.xpath("//style/text()")))


def test_styles_cover_print_phones_and_dark_rooms(pages: dict[str, str]) -> None:
    for query in ("@media print", "(max-width: 45rem)", "(prefers-color-scheme: dark)"):
        assert query in pages["overview"]


def test_curves_have_their_figures_beside_them(pages: dict[str, str]) -> None:
    page = lxml_html.document_fromstring(pages["digest"])
    assert len(page.xpath("//svg")) >= 1
    for picture in page.iter("svg"):
        item = next(node for node in picture.iterancestors("li"))
        assert len(item.xpath(".//table//td")) == 9


@pytest.mark.parametrize("scheme", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", palette.LEGIBLE, ids=" on ".join)
def test_text_stands_out_from_its_ground(scheme: dict[str, str], pair: tuple[str, str]) -> None:
    assert palette.contrast(scheme[pair[0]], scheme[pair[1]]) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert round(palette.contrast("#000000", "#ffffff"), 2) == 21
    assert round(palette.contrast("#767676", "#ffffff"), 2) == 4.54


def test_only_declared_colours_are_used(pages: dict[str, str]) -> None:
    style = pages["overview"].split("<style>")[1].split("</style>")[0]
    rules = re.sub(r"--[\w-]+: #[0-9a-f]{6};", "", style)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []


@pytest.mark.parametrize("address", ["https://a.example/x?y=1", "http://a.example", "mailto:a.b@c.example"])
def test_plain_addresses_become_links(address: str) -> None:
    assert href(address) == address


@pytest.mark.parametrize("address", [
    "", None, "javascript:alert(1)", " https://a.example", "https://a.example/\n", "https:///x",
    "//a.example", "/x",
    "ftp://a.example", "data:text/html,x", "mailto:a@b.example?subject=x", "mailto:<a>", "http://[bad",
    "java\tscript:x",    "https://a.example/\u202e",
])  # fmt: skip
def test_other_addresses_stay_text(address: str | None) -> None:
    assert href(address) is None


def test_what_turns_text_around_is_taken_out_and_letters_are_kept() -> None:
    assert shown("a\u202eb\u2066c\x00d") == "abcd"
    assert shown("é\n\tعربي\u200f") == "é\n\tعربي\u200f"


def test_a_curve_stays_in_its_frame_whatever_the_counts() -> None:
    for counts in ((), (0,), (0, 0, 0), (1, 5, 1_000_000)):
        assert all(0 <= x <= 132 and 0 <= y <= 30 for x, y in spark(counts))


def elements(text: str) -> Iterator[lxml_html.HtmlElement]:
    yield from (node for node in lxml_html.document_fromstring(text).iter() if isinstance(node.tag, str))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_content_never_becomes_code_in_any_file(payload: str, data: ReportData, tmp_path: Path) -> None:
    paths = write_reports(replace(with_payload(data, payload), digest=digest(payload)), tmp_path)
    assert {path.suffix for path in paths} == {".html", ".json", ".csv"}
    for path in paths:
        text = path.read_text("utf-8")
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text), path.name
        if path.suffix == ".json":
            json.loads(text)
        elif path.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
            assert len({len(row) for row in rows}) == 1
            assert [cell for row in rows for cell in row if re.match(r"\s*[=+\-@＝]|[\t\r\n]", cell)] == []
        else:
            for node in elements(text):
                assert node.tag in TAGS
                assert not any(name.startswith("on") or name in ("src", "srcdoc") for name in node.attrib)
                if "href" in node.attrib and not node.get("href", "").startswith("#"):
                    assert re.match(
                        r"https?://[^/\s]|mailto:[^?]+$|(overview|digest)\.html$|(owners|groups)/[a-z0-9-]+\.html$"
                        r"|\.\./overview\.html#taken-up$",
                        node.get("href", ""),
                    )
            assert len(lxml_html.document_fromstring(text).xpath("//meta[@http-equiv]")) == 1


@pytest.mark.parametrize("payload", ["{{ 7*7 }}", "<b>gras</b>", "{days}"])
def test_content_is_shown_as_it_was_written(payload: str, data: ReportData, tmp_path: Path) -> None:
    paths = write_reports(with_payload(data, payload), tmp_path, formats=["html"])
    text = next(path for path in paths if path.name.startswith("claire")).read_text("utf-8")
    assert f"{payload} Guide du télétravail 2021" in lxml_html.document_fromstring(text).text_content()
