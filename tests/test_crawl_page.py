import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.crawl.page import Page, cut
from rseaudit.crawl.selectors import line


def page(body, content_type=None):
    return Page("https://rse.example.com/", body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        ("<p>été</p>".encode(), "text/html; charset=utf-8", "utf-8"),
        ("<p>été</p>".encode("latin-1"), "text/html; charset=ISO-8859-1", "cp1252"),
        ("<meta charset=iso-8859-15><p>été</p>".encode("iso-8859-15"), None, "iso8859-15"),
        ("<meta charset=iso-8859-1><p>été</p>".encode(), "text/html; charset=utf-8", "utf-8"),
        ("<p>été</p>".encode("utf-8-sig"), None, "utf-8"),
        ("\ufeff<p>été</p>".encode("utf-16-le"), None, "utf-16-le"),
        ("<p>été</p>".encode(), None, "utf-8"),
        ("<p>été</p>".encode("cp1252"), None, "cp1252"),
        ("<p>été</p>".encode(), "text/html; charset=klingon", "utf-8"),
    ],
)
def test_the_encoding_comes_from_mark_header_meta_then_detection(body, content_type, encoding):
    read = page(body, content_type)

    assert read.encoding == encoding
    assert line(read.tree) == "été"
    assert read.notes == ()


def test_bytes_that_the_encoding_does_not_know_are_replaced_and_counted():
    read = page("<p>été</p>".encode("latin-1"), "text/html; charset=utf-8")

    assert line(read.tree) == "\ufffdt\ufffd"
    assert read.notes == ("invalid-bytes:2",)


def test_a_replacement_sign_that_stands_in_the_page_is_not_counted():
    assert page("<p>\ufffd</p>".encode()).notes == ()


def test_nul_is_replaced_and_counted():
    read = page(b"<p>a\0b</p>")

    assert line(read.tree) == "a\ufffdb"
    assert read.notes == ("nul-characters:1",)


@pytest.mark.parametrize("body", [b"", b" \n", b"<!-- rien -->", b"<html></html>"])
def test_an_empty_page_has_an_empty_tree(body):
    assert line(page(body).tree) == ""


@pytest.mark.parametrize("depth", [200, 2_000, 2_060, 10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_deep_nesting_loses_no_text_and_no_order(depth):
    html = "<p>un</p>" + "<div>" * depth + "<b>deux <i>trois</i> quatre</b>" + "</div>" * depth + "<p>cinq</p>"

    read = page(html.encode())

    assert line(read.tree) == "un deux trois quatre cinq"
    assert read.notes == ()


def test_links_and_blocks_survive_deep_nesting():
    html = "<div>" * 5_000 + "<p>a</p><span>b</span><a href='/x'>c</a>"

    read = page(html.encode())

    assert line(read.tree) == "a bc"
    assert [a.get("href") for a in read.tree.iter("a")] == ["/x"]


def test_elements_that_are_not_closed_are_not_deep():
    read = page(("<ul>" + "<li>mot" * 5_000).encode())

    assert len(line(read.tree).split()) == 5_000
    assert read.notes == ()


def test_a_page_of_too_many_elements_is_cut_and_noted():
    read = page(b"<a href=/x>l</a>" * 250_000)

    assert sum(1 for _ in read.tree.iter("a")) == 200_000
    assert read.notes == ("truncated",)


def test_cutting_keeps_whole_markup_up_to_the_limit():
    assert cut("<a>x</a><b>", 2) == "<a>x</a>"
    assert cut("<a>x</a><b>", 3) == "<a>x</a><b>"


@pytest.mark.parametrize(
    ("content_type", "is_html"),
    [
        (None, True),
        ("text/html", True),
        ("Text/HTML; charset=utf-8", True),
        ("application/xhtml+xml", True),
        ("application/pdf", False),
        ("text/plain", False),
    ],
)
def test_a_page_is_html_or_does_not_say_what_it_is(content_type, is_html):
    assert page(b"", content_type).is_html is is_html


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=utf-16", "text/html; charset=utf-8"]))
def test_any_bytes_give_a_tree(body, content_type):
    assert page(body, content_type).tree.tag == "html"
