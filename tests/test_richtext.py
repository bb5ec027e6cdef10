"""Bodies become plain text, with quotations and links where they stand."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.richtext import from_tag, nesting, read


def test_blocks_become_lines_and_inline_marks_vanish() -> None:
    body = "<h1>Titre</h1><p>Un <b>mot</b>,\n  <i>deux</i>&nbsp;!</p><ul><li>a<li>b</ul><table><tr><td>1<td>2</table>"
    assert read(body, "html").text == "Titre\n\nUn mot, deux !\n\na\nb\n\n1 2"


def test_quotations_and_links_stand_where_they_say() -> None:
    found = read('<p>Voir <a href="/n/1">la note</a>.</p><blockquote><p>Mot pour mot.</p></blockquote>', "html")
    [quote], [link] = found.quotes, found.links
    assert found.text[quote.start : quote.end] == "Mot pour mot."
    assert (found.text[link.span.start : link.span.end], link.target) == ("la note", "/n/1")


def test_a_short_quotation_within_a_line_is_one_too() -> None:
    found = read("<p>Il a dit <q>mot pour mot</q> hier.</p>", "html")
    [quote] = found.quotes
    assert found.text == "Il a dit mot pour mot hier."
    assert found.text[quote.start : quote.end] == "mot pour mot"


def test_markdown_is_read_and_its_raw_html_is_not_run() -> None:
    found = read("# Titre\n\nUn **mot** <script>x</script>\n\n> cité\n", "markdown")
    assert "Titre\n\nUn mot" in found.text
    [quote] = found.quotes
    assert found.text[quote.start : quote.end] == "cité"


def test_scripts_styles_and_comments_are_no_text() -> None:
    assert read("<style>a{}</style><script>b()</script><!-- c --><p>d</p>", "html").text == "d"


def test_text_nested_ten_thousand_deep_is_read_whole() -> None:
    body = "<div>" * 10_000 + "au fond" + "</div>" * 10_000
    assert nesting(body) == 10_000
    assert read(body, "html").text == "au fond"


def test_plain_text_is_kept() -> None:
    assert read("  a\r\nb <b>c</b> ", "text").text == "a\nb <b>c</b>"


@pytest.mark.parametrize("form", ["html", "markdown"])
@given(st.text(alphabet=st.sampled_from("<>/abpq \n\"'=&;#x!-*>[]()"), max_size=120))
def test_no_body_breaks_the_reader_and_offsets_hold(form: str, body: str) -> None:
    found = read(body, form)  # type: ignore[arg-type]
    assert found == read(body, form)  # type: ignore[arg-type]
    for span in (*found.quotes, *(link.span for link in found.links)):
        assert 0 <= span.start < span.end <= len(found.text)
        assert not found.text[span.start].isspace()


@pytest.mark.parametrize(
    "body", ['<?xml version="1.0"?><html><p>bonjour</p></html>', "https://x.example/a", "notes.txt"]
)
def test_xhtml_and_what_looks_like_an_address_are_read_without_a_word(body: str) -> None:
    assert read(body, "html").text


PIECES = (
    "<p>|</p>|<div>|</div>|<br>|<br/>|<a href='x y'>|</a>|<blockquote>|</blockquote>|<li>|<ul>|</ul>|<td>|<tr>|<table>|"
    "</table>|<script>v</script>|<style>x</style>|<!-- c -->|&eacute;|&amp;|&nbsp;|<b>|</b>|<body>|<head>|</head>|<h2>|"
    "</h2>|<pre>|</pre>|<select>|</select>|<svg>|</svg>|<![CDATA[x]]>|<?pi?>|<option>|<p/>|é |\n| a|b |<|>"
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_the_quick_reader_says_what_beautiful_soup_says(body: str) -> None:
    assert read(body, "html") == from_tag(BeautifulSoup(body, "lxml"))
