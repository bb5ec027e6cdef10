"""A forum in the markup of a well-known free software, for those who write profiles."""

from __future__ import annotations

from tests.site_server import Page, Site

SECTIONS = {2: "Accueil des nouveaux", 3: "Informatique", 4: "Syndicat maison"}
THREADS = {2: range(1, 9), 3: range(9, 15), 4: range(15, 17)}
LONG_THREAD, PER_PAGE = 7, 10
_MEMBERS = {2: "Jeanne Dupont", 3: "Paul Meyer", 5: "Zoé Lambert"}
_SESSION = "sid=0123456789abcdef0123456789abcdef"


def replies(thread: int) -> int:
    return 12 if thread == LONG_THREAD else thread % 4


def forum() -> Site:
    """Return the forum: sections, threads, and each message under an address of its own."""
    rows = "".join(f'<a href="./viewforum.php?f={f}" class="forumtitle">{name}</a>' for f, name in SECTIONS.items())
    pages: dict[str, Page] = {"/": _page("Accueil", "", rows)}
    for section, threads in THREADS.items():
        listed = "".join(
            f'<li class="row"><a href="./viewtopic.php?f={section}&amp;t={t}" class="topictitle">Procédure {t}</a>'
            f'<a href="./viewtopic.php?f={section}&amp;p={t * 100}#p{t * 100}">dernier message</a></li>'
            for t in threads
        )
        pages[f"/viewforum.php?f={section}"] = _page(SECTIONS[section], _crumb(section), f"<ul>{listed}</ul>")
        for thread in threads:
            first = pages[f"/viewtopic.php?f={section}&t={thread}"] = _thread(section, thread, 0)
            pages[f"/viewtopic.php?f={section}&p={thread * 100}"] = first
            for number in range(replies(thread) + 1):
                pages[f"/viewtopic.php?p={thread * 100 + number}"] = first
        pages[f"/viewtopic.php?f={section}&start={PER_PAGE}&t={LONG_THREAD}"] = _thread(section, LONG_THREAD, PER_PAGE)
    return Site(pages)


def _page(title: str, crumb: str, body: str) -> str:
    return f"""<!DOCTYPE html><html dir="ltr" lang="fr"><head><meta charset="utf-8">
<title>Forum interne - {title}</title></head><body id="phpbb" class="nojs notouch ltr">
<div id="page-header"><ul id="nav-main" class="linklist">
<li><a href="./ucp.php?mode=login&amp;{_SESSION}">Connexion</a></li><li><a href="./search.php">Rechercher</a></li>
</ul><ul class="nav-breadcrumbs"><li class="breadcrumbs">
<span class="crumb"><a href="./?{_SESSION}"><span>Accueil du forum</span></a></span>{crumb}</li></ul></div>
<div id="page-body">{body}</div></body></html>"""


def _crumb(section: int) -> str:
    return f'<span class="crumb"><a href="./viewforum.php?f={section}"><span>{SECTIONS[section]}</span></a></span>'


def _thread(section: int, thread: int, start: int) -> str:
    numbers = range(start, min(start + PER_PAGE, replies(thread) + 1))
    address = f"./viewtopic.php?f={section}&amp;t={thread}"
    later = "".join(
        f'<li><a class="button" href="{address}&amp;start={at}">{at // PER_PAGE + 1}</a></li>'
        for at in range(PER_PAGE, replies(thread) + 1, PER_PAGE)
        if at != start
    )
    title = f'<h2 class="topic-title"><a href="{address}">{_subject(thread)}</a></h2>'
    actions = (
        f'<a href="./posting.php?mode=reply&amp;t={thread}">Répondre</a><div class="pagination"><ul>{later}</ul></div>'
    )
    return _page(_subject(thread), _crumb(section), title + actions + "".join(_message(thread, n) for n in numbers))


def _subject(thread: int) -> str:
    return f"Procédure {thread} : demander un badge"


def _message(thread: int, number: int) -> str:
    user = (2, 3, 5)[number % 3]
    own = f"./viewtopic.php?p={thread * 100 + number}#p{thread * 100 + number}"
    text = f"Merci pour la réponse {number}."
    if number == 0:
        text = (
            f"Pour obtenir le badge numéro {thread}, adressez-vous à l'accueil du bâtiment avec une pièce "
            f"d'identité.<br>Le délai est de {thread} jours."
        )
    name = f'<a href="./memberlist.php?mode=viewprofile&amp;u={user}" class="username">{_MEMBERS[user]}</a>'
    return f"""<div id="p{thread * 100 + number}" class="post has-profile bg2"><dl class="postprofile"><dt>{name}</dt>
<dd class="profile-joined">Inscription : 03 janv. 2019 10:12</dd></dl><div class="postbody">
<h3><a href="{own}">{"Re: " if number else ""}{_subject(thread)}</a></h3>
<p class="author"><a href="{own}"></a><span>par <strong>{name}</strong> » </span>
<time datetime="2026-03-{number + 1:02d}T08:{thread:02d}:00+00:00">{number + 1:02d} mars 2026</time></p>
<div class="content">{text}</div><div class="signature">Direction des moyens généraux</div></div></div>"""
