import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.addresses import compiled, origin, target, url_key
from rseaudit.crawl.links import LINKS_CAP, Allowed, LinkFilter, PageLinks, Refused, links, page_links
from rseaudit.crawl.page import Page
from rseaudit.errors import UsageError

HOME = "https://rse.example.com"


def found(html, url=f"{HOME}/a/b", content_type="text/html; charset=utf-8"):
    return links(Page(url, html.encode(), content_type))


def filtering(allow=(".*",), deny=()):
    return LinkFilter(origins=[HOME], allow=allow, deny=deny)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("HTTPS://RSE.Example.COM:443", f"{HOME}/"),
        ("http://rse.example.com:80/x", "http://rse.example.com/x"),
        (f"{HOME}:8443/x", f"{HOME}:8443/x"),
        (f"{HOME}./x", f"{HOME}/x"),
        ("https://user:secret@rse.example.com/x", f"{HOME}/x"),
        (f"{HOME}/a/./b/../c", f"{HOME}/a/c"),
        (f"{HOME}/../../x", f"{HOME}/x"),
        (f"{HOME}/a/%2e%2e/b", f"{HOME}/b"),
        (f"{HOME}/a/..", f"{HOME}/"),
        (f"{HOME}/a#haut", f"{HOME}/a"),
        (f"{HOME}/a?#haut", f"{HOME}/a"),
        (f"{HOME}/été?q=à", f"{HOME}/%C3%A9t%C3%A9?q=%C3%A0"),
        (f"{HOME}/%c3%a9%7e", f"{HOME}/%C3%A9~"),
        (f"{HOME}/100%", f"{HOME}/100%25"),
        (f"{HOME}/a b", f"{HOME}/a%20b"),
        (f"{HOME}/x;jsessionid=0A1B?y=1", f"{HOME}/x?y=1"),
        (f"{HOME}/x?PHPSESSID=1&y=1", f"{HOME}/x?y=1"),
        (f"{HOME}/x?sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9", f"{HOME}/x"),
        (f"{HOME}/x?sid=12", f"{HOME}/x?sid=12"),
        (f"{HOME}/x?utm_source=a&mtm_campaign=b&xtor=c&fbclid=d&id=3", f"{HOME}/x?id=3"),
        (f"{HOME}/x?b=2&a=1", f"{HOME}/x?a=1&b=2"),
        (f"{HOME}/x?t=2&a=1&t=1", f"{HOME}/x?a=1&t=2&t=1"),
        (f"{HOME}/x?&&a=1&", f"{HOME}/x?a=1"),
        ("https://réseau.example.com/", "https://xn--rseau-bsa.example.com/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
    ],
)
def test_one_page_has_one_address(written, key):
    assert url_key(written) == key


@pytest.mark.parametrize("other", ["mailto:a@example.com", "ftp://example.com/", "/x", "", "http://", "http://[x", "a"])
def test_what_is_no_web_address_stays_as_it_is(other):
    assert url_key(other) == other
    assert origin(other) == ""


@given(
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "HTTPS", "https"]),
        st.sampled_from(["rse.example.com", "RSE.example.com:443", "réseau.fr.", "[::1]:80", "a@b.fr", "x:99"]),
        st.text(alphabet='/.;:%2eE5jsid=é \\"#a~', max_size=24).map(lambda path: "/" + path),
        st.text(alphabet="?&=sid;utm_%26fé+ #a;jsessionid", max_size=32),
    )
    | st.text()
)
def test_the_canonical_form_of_a_canonical_form_is_itself(url):
    assert url_key(url_key(url)) == url_key(url)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_canonical_form_is_plain_ascii_without_white_space(path, query):
    key = url_key(f"{HOME}/{path}?{query}")

    assert key.isascii()
    assert not any(char.isspace() for char in key)
    assert origin(key) == HOME


def test_patterns_see_a_readable_path_and_query():
    assert target(f"{HOME}/communaut%C3%A9/%C3%A9t%C3%A9?q=a%20b") == "/communauté/été?q=a b"


def test_a_wrong_pattern_says_where_it_breaks():
    with pytest.raises(UsageError, match="position 1"):
        compiled("(")


def test_links_are_absolute_unique_and_in_document_order():
    html = """<a href="c">1</a> <a href=" /d#x ">2</a> <a href="/d">3</a> <a href="?p=2">4</a>
              <a href="//other.example.com/e">5</a> <map><area href="../f"></map><link rel="next" href="/g">"""

    assert found(html) == (
        f"{HOME}/a/c",
        f"{HOME}/d",
        f"{HOME}/a/b?p=2",
        "https://other.example.com/e",
        f"{HOME}/f",
        f"{HOME}/g",
    )


def test_the_base_of_a_page_is_obeyed():
    assert found("<base href='https://static.example.com/x/'><a href='y'>1</a><a href='/z'>2</a>") == (
        "https://static.example.com/x/y",
        "https://static.example.com/z",
    )


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='/x' rel='NoFollow noopener'>",
        "<a href='/x' data-method='delete'>",
        "<a href='/x' data-method='POST'>",
        "<a href='/x' data-confirm='Supprimer ?'>",
        "<a href='/x' hx-post='/x'>",
        "<a href='/x' onclick='this.form.submit()'>",
        "<a href='/x' onclick=\"return confirm('Sûr ?')\">",
        "<a href='javascript:void(0)'>",
        "<a href='mailto:a@example.com'>",
        "<a href='data:text/html,x'>",
        "<a href='file:///etc/hostname'>",
        "<a href='ftp://rse.example.com/x'>",
        "<a href='http://[x/'>",
        "<a href='#x'>",
        "<a href=''>",
        "<a name='x'>",
        "<link rel='stylesheet' href='/x.css'>",
        "<link href='/x'>",
        "<form action='/x'>",
        "<img src='/x'>",
    ],
)
def test_what_must_not_or_cannot_be_followed_is_left_out(anchor):
    assert found(anchor) == ()


@pytest.mark.parametrize("anchor", ["<a href='/x' data-method='get'>", "<a href='/x' onclick='track()' class='y'>"])
def test_what_only_reads_is_followed(anchor):
    assert found(anchor) == (f"{HOME}/x",)


def test_a_query_is_escaped_in_the_encoding_of_its_page():
    page = Page(f"{HOME}/", "<a href='/été?q=été'>x</a>".encode("latin-1"), "text/html; charset=iso-8859-1")

    assert links(page) == (f"{HOME}/%C3%A9t%C3%A9?q=%E9t%E9",)


def test_twenty_thousand_links_are_read_and_many_more_are_cut():
    def page(number):
        return Page(f"{HOME}/", "".join(f"<a href='/p/{n}'>x</a>" for n in range(number)).encode())

    assert len(page_links(page(20_000)).urls) == 20_000
    assert not page_links(page(LINKS_CAP)).truncated
    assert page_links(page(LINKS_CAP + 1)) == PageLinks(links(page(LINKS_CAP)), truncated=True)


@pytest.mark.parametrize(
    "path",
    """
    /logout /user/auth/logout /LogOut.php /d%C3%A9connexion /se-deconnecter /deconnexion?x=1 /signout
    /post/12/delete /delete/12 /post/12/supprimer /node/3/remove /trash/3 /notifications/unsubscribe /se-desabonner
    /like/like/like?contentId=3 /unlike/3 /user/3/follow /space/join /groupes/3/rejoindre /groupes/3/quitter /leave
    /vote/3 /poll/3/vote /notification/list/mark-as-seen /mark_read /post/12/archive /post/12/archive/ /publish/3
    /post/12/edit /post/12/modifier /admin /admin/users /wp-admin/post.php /wp-login.php /export
    /wiki/Special:UserLogout /wiki/Sp%C3%A9cial:D%C3%A9connexion /s/rh/space/membership/revoke-membership
    /x?action=edit /x?do=save /x?_method=delete /x?_wpnonce=1 /x?nonce=1 /x?bp_nonce=1 /x?token=1 /x?csrf_token=1
    /x?_csrf=1 /x?__elgg_token=1 /a/1?replytocom=3 /x?switch=on /x?redirect_to=/y /x?returnto=Y /index.php?oldid=3
    /index.php?diff=3 /x?delete=3 /x?like=1 /x?logout /viewforum.php?mark=topics /ucp.php?mode=logout
    /posting.php?mode=delete /index.php?r=user%2Fauth%2Flogout /?q=user/logout /index.php?title=Sp%C3%A9cial:Export
    /x?portal:action=Logout /@@delete
    """.split(),
)
def test_an_address_that_does_something_is_refused(path):
    assert filtering().refusal(HOME + path) == "action"


@pytest.mark.parametrize(
    "path",
    """
    / /guide/comment-supprimer-un-compte /archives-2024 /archive /archive/2024 /archives /edition /editions/12
    /actualites/export-2024 /administration/horaires /liked-by-all /voters /publication/3 /blog/2024/03/joindre-la-dsi
    /thread/12?page=2 /viewtopic.php?t=12&start=20 /memberlist.php?mode=viewprofile&u=3 /recherche?q=supprimer
    /article/tokens /x?tokens=3 /x?id=delete /x?tri=date /index.php?title=Accueil /wiki/Aide:Sommaire /watch/3
    /suivi-des-actions /like-a-rolling-stone /logouts /deconnexion-numerique /droit-a-la-deconnexion
    """.split(),
)
def test_a_text_about_an_action_may_be_read(path):
    assert filtering().refusal(HOME + path) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://rse.example.com/x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("/x", "scheme"),
        ("http://[x/", "scheme"),
        ("http://rse.example.com/x", "origin"),
        ("https://rse.example.com:8443/x", "origin"),
        ("https://rse.example.com.evil.example/x", "origin"),
        ("https://rse.example.com@evil.example/x", "origin"),
        ("http://169.254.169.254/latest", "origin"),
        (f"{HOME}/{'x' * 2_000}", "too-long"),
        (f"{HOME}/x/../logout", "action"),
        (f"{HOME}/%6Cogout", "action"),
        (f"{HOME}/docs/plan.PDF", "file"),
        (f"{HOME}/thread/5?vue=imprimer", "denied"),
        (f"{HOME}/membres/5", "not-allowed"),
    ],
)
def test_a_refusal_has_one_stable_reason(url, reason):
    verdict = filtering(allow=[r"^/thread/\d+"], deny=["vue=imprimer"]).verdict(url)

    assert verdict == Refused(url_key(url), reason)


def test_what_is_allowed_comes_back_in_canonical_form():
    assert filtering(allow=[r"^/thread/\d+"]).verdict("HTTPS://rse.example.com:443/thread/5#fin") == Allowed(
        f"{HOME}/thread/5"
    )


def test_a_pattern_that_takes_too_long_allows_nothing_and_denies_everything():
    url = f"{HOME}/{'a' * 200}!"

    assert filtering(allow=[r"^/(a|aa)+$"]).refusal(url) == "not-allowed"
    assert filtering(deny=[r"^/(a|aa)+$"]).refusal(url) == "denied"


def test_an_accented_pattern_matches_an_escaped_address():
    assert filtering(allow=["^/communauté/"]).refusal(f"{HOME}/communaut%C3%A9/3") is None


def test_a_source_allows_its_own_origin_and_its_other_hosts():
    source = SourceSettings(
        name="rse", role="audited", platform="website", url=f"{HOME}/portail", allow_hosts=["blog.example.com:8080"]
    )
    chosen = LinkFilter.of(source, Profile(allow=["^/a"]))

    assert chosen.refusal(f"{HOME}/a") is None
    assert chosen.refusal("http://blog.example.com:8080/a") is None
    assert chosen.refusal(f"{HOME}/b") == "not-allowed"
    assert chosen.refusal("https://www.example.com/a") == "origin"


@given(st.text())
def test_any_address_gets_a_verdict(url):
    assert filtering().verdict(url).url == url_key(url)


def test_a_pattern_slowed_down_by_the_machine_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from rseaudit.crawl import addresses

    class Slowed:
        def __init__(self) -> None:
            self.timeouts: list[float] = []

        def search(self, text: str, timeout: float) -> str:
            self.timeouts.append(timeout)
            if timeout < 1:
                raise TimeoutError
            return text

    slowed = Slowed()
    monkeypatch.setattr(addresses, "compiled", lambda _pattern: slowed)
    assert addresses.search("^/note", "/note/1") == "/note/1"
    assert slowed.timeouts == [0.05, 2.0]
