import pytest
from lxml import etree

from rseaudit.crawl.selectors import line, selector
from rseaudit.errors import UsageError


def tree(html):
    return etree.fromstring(html, etree.HTMLParser())


PAGE = tree(
    """<h1>Titre <em>du</em><br>sujet</h1><p class=x> a\u00a0b </p><p class="x y" data-n=" 7 "></p><p class=x>c</p>
    <time datetime="2026-03-15">hier</time><meta content="x@y" name="e">"""
)


def test_css_gives_the_text_of_elements_on_one_line():
    assert selector("h1").first(PAGE) == "Titre du sujet"


def test_css_at_attribute_gives_the_attribute():
    assert selector("time@datetime").first(PAGE) == "2026-03-15"


def test_values_come_in_document_order_without_the_empty_ones():
    assert selector("p.x").all(PAGE) == ("a b", "c")


def test_the_first_value_is_the_first_that_says_something():
    assert selector(".y, .x").first(PAGE) == "a b"
    assert selector(".none").first(PAGE) is None


def test_an_at_sign_inside_css_is_no_attribute():
    assert selector('meta[content="x@y"]@name').first(PAGE) == "e"
    assert selector('meta[content="x@y"]').attribute is None


def test_an_attribute_alone_is_that_of_the_element_itself():
    assert selector("@data-n").first(PAGE.find(".//p[@data-n]")) == "7"


def test_parts_keep_the_order_in_which_they_are_written():
    parts = selector("time, h1, .none").parts(PAGE)

    assert [element.tag for element in parts] == ["time", "h1"]


def test_a_selector_is_compiled_once():
    assert selector("p.x") is selector("p.x")


@pytest.mark.parametrize("wrong", ["", "div[", "a::text", "a::attr(href)", "p:unknown", ">>"])
def test_a_wrong_selector_says_what_was_expected(wrong):
    with pytest.raises(UsageError, match="css or css@attribute"):
        selector(wrong)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>a<b>b</b>c</div>", "abc"),
        ("<div>a<p>b</p>c<br>d</div>", "a b c d"),
        ("<div>a<script>x</script>b<style>y</style></div>", "a b"),
        ("<div>a<!-- x -->b</div>tail", "ab"),
        ("<div><table><tr><td>1</td><td>2</td></tr></table></div>", "1 2"),
        ("<div></div>", ""),
    ],
)
def test_blocks_separate_words_and_inline_elements_do_not(html, text):
    assert line(tree(html).find(".//div")) == text
