"""A MediaWiki in French: pages of several namespaces, each with the revisions of several people."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.platforms import texts
from tests.platforms.mariadb import Mariadb
from tests.platforms.php import Php, Request, free_port

CODE = Path("/usr/share/mediawiki")
MAIN, TALK, USER, TEMPLATE, PROJECTS, BOARD = 0, 1, 2, 10, 3000, 3002
CONTENT = (MAIN, PROJECTS, BOARD)
_DATABASE = "mediawiki"
_BEGIN = datetime(2021, 9, 1, 6, 30, tzinfo=UTC)

_SETTINGS = """
$wgJobRunRate = 0;
$wgEnableEmail = false;
$wgUseInstantCommons = false;
$wgShowExceptionDetails = true;
$wgLocaltimezone = 'Europe/Paris';
$wgRateLimits = [];
$wgExtraNamespaces = [3000 => 'Projets', 3001 => 'Discussion_Projets', 3002 => 'Direction',
    3003 => 'Discussion_Direction'];
$wgContentNamespaces = [0, 3000, 3002];
if (file_exists(__DIR__ . '/private')) { $wgGroupPermissions['*']['read'] = false; }
if (file_exists(__DIR__ . '/lockdown')) {
    // What the extension of that name does: a namespace that only members read.
    $wgExtensionCredits['other'][] = ['path' => __FILE__, 'name' => 'Lockdown'];
    $wgHooks['getUserPermissionsErrors'][] = function ($title, $user, $action, &$result) {
        if ($action !== 'read' || $title->getNamespace() !== 3002 || $user->isRegistered()) { return true; }
        $result = 'badaccess-group0';
        return false;
    };
}
"""


@dataclass(frozen=True)
class User:
    """An account; ``bot`` and ``bot_password`` log in to the API, ``password`` at the form."""

    name: str
    role: str
    password: str
    bot: str = ""
    bot_password: str = ""


@dataclass(frozen=True)
class Revision:
    author: str
    wikitext: str
    time: datetime


@dataclass(frozen=True)
class WikiPage:
    """What was put in: ``title`` with the name of its namespace; ``paragraphs`` as they read at last."""

    title: str
    namespace: int
    revisions: tuple[Revision, ...]
    paragraphs: tuple[str, ...]
    categories: tuple[str, ...] = ()
    protected: bool = False
    redirect: bool = False
    id: int = 0

    @property
    def author(self) -> str:
        return self.revisions[0].author

    @property
    def last_editor(self) -> str:
        return self.revisions[-1].author

    @property
    def created(self) -> datetime:
        return self.revisions[0].time

    @property
    def modified(self) -> datetime:
        return self.revisions[-1].time


USERS = (
    User("Camille Roux", "sysop", "Sysop-41c7!roux"),
    User("Nadia Benali", "member", "Membre-8e02!benali"),
    User("Anne Martin", "member", "Membre-6f3d!martin"),
    User("Loïc Le Guen", "member", "Membre-b955!leguen"),
)


def planned_pages() -> list[WikiPage]:
    """Return 34 articles, 8 pages of projects, 4 for members only, and what is no content."""
    banner = "{{Bandeau|Relu par l’équipe qualité}}\n"
    pages = [_page(number, MAIN) for number in range(30)]
    pages += [_page(30, MAIN, protected=True), _page(31, MAIN, before=banner), _page(32, MAIN, after=_RICH)]
    pages += [_page(33, MAIN, title="Œuvres & « fêtes » d’été (C++ / 100 %)")]
    pages += [_page(number, PROJECTS, title=f"Projets:{texts.heading(number)}") for number in range(34, 42)]
    pages += [_page(number, BOARD, title=f"Direction:{texts.heading(number)}") for number in range(42, 46)]
    pages += [_page(46, TALK, title=f"Discussion:{pages[0].title}"), _page(47, USER, title="Utilisateur:Anne Martin")]
    pages += [_plain(48, TEMPLATE, "Modèle:Bandeau", "''{{{1}}}''")]
    for number, target in ((49, pages[1].title), (50, pages[2].title), (51, pages[34].title)):
        redirect = f"#REDIRECTION [[{target}]]"
        pages.append(_plain(number, MAIN, f"Raccourci {number}", redirect, redirect=True))
    return pages


# Signs, tables and lists: what stands between the marks is text, the marks are not.
_RICH = """
== Horaires ==
{| class="wikitable"
! Jour !! Ouverture
|-
| Lundi || 8 h 30
|-
| '''Mardi''' || 9 h
|}
* Premier point, avec [[Projets:Inconnu|un lien]]
* Second point<!-- ceci ne se lit pas -->
<nowiki>[[ceci se lit tel quel]]</nowiki> et [https://exemple.fr/doc la documentation].
"""


def _page(
    number: int,
    namespace: int,
    *,
    title: str = "",
    before: str = "",
    after: str = "",
    protected: bool = False,
) -> WikiPage:
    paragraphs = texts.paragraphs(number)
    categories = (texts.matter(number), f"Semaine {number % 4}")
    filed = "".join(f"\n[[Catégorie:{name}]]" for name in categories)
    whole = before + "\n\n".join(paragraphs) + after + filed
    # Written in as many steps as there are revisions, the last one being the whole.
    steps = [*("\n\n".join(paragraphs[:count]) + filed for count in range(1, 1 + number % 3)), whole]
    times = [_BEGIN + timedelta(days=19 * number + 40 * step, minutes=number) for step in range(len(steps))]
    revisions = [
        Revision(USERS[(number + step) % len(USERS)].name, text, time)
        for step, (text, time) in enumerate(zip(steps, times, strict=True))
    ]
    return WikiPage(
        title or texts.heading(number), namespace, tuple(revisions), tuple(paragraphs), categories, protected
    )


def _plain(number: int, namespace: int, title: str, wikitext: str, *, redirect: bool = False) -> WikiPage:
    written = Revision(USERS[0].name, wikitext, _BEGIN + timedelta(days=19 * number))
    return WikiPage(title, namespace, (written,), (), redirect=redirect)


@dataclass
class Mediawiki:
    """An installed wiki. ``pages`` and ``users`` say what was put in, with the ids that it got."""

    php: Php
    mariadb: Mariadb
    users: dict[str, User] = field(default_factory=dict)
    pages: list[WikiPage] = field(default_factory=list)
    _dump: bytes = b""

    @property
    def url(self) -> str:
        return self.php.url

    @property
    def api(self) -> str:
        return f"{self.php.url}/api.php"

    def user(self, role: str) -> User:
        """Return the first account with a role: sysop or member."""
        return next(user for user in self.users.values() if user.role == role)

    def contents(self, *namespaces: int) -> list[WikiPage]:
        """Return the pages of namespaces that are no redirects."""
        return [page for page in self.pages if page.namespace in namespaces and not page.redirect]

    def run(self, code: str) -> str:
        """Run PHP code within MediaWiki, without ``<?php``; return what it prints."""
        return self.php.run(_SCRIPT, "--step=code", given=code)

    def sql(self, query: str) -> list[dict[str, str | None]]:
        """Return the rows of a query; tables have no prefix."""
        return self.php.rows(self.mariadb.socket, _DATABASE, query)

    def requests(self) -> list[Request]:
        """Return the requests that reached the wiki since ``reset`` or the installation."""
        return self.php.requests()

    @contextmanager
    def switched(self, setting: str) -> Iterator[None]:
        """Until the block ends: ``private``, nobody reads without an account; ``lockdown``, nor one namespace."""
        mark = self.php.root.parent / setting
        mark.touch()
        try:
            yield
        finally:
            mark.unlink()

    def reset(self) -> None:
        """Put all tables back as they were after the installation, and forget the requests."""
        self.mariadb.load(_DATABASE, self._dump)
        self.php.forget_requests()


_SCRIPT = str(Path(__file__).with_suffix(".php"))


@contextmanager
def installed(folder: Path, mariadb: Mariadb) -> Iterator[Mediawiki]:
    """Install a wiki in ``folder``, fill it and serve it until the block ends."""
    root = folder / "site"
    root.mkdir(parents=True)
    for item in CODE.iterdir():
        if item.name not in ("LocalSettings.php", "config", "mw-config", "extensions", "images"):
            (root / item.name).symlink_to(item)
    settings = folder / "LocalSettings.php"
    prelude = folder / "prelude.php"
    prelude.write_text("<?php\n", "utf-8")
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    installing = Php(root, prelude, free_port(), environment)
    mariadb.execute(f"DROP DATABASE IF EXISTS {_DATABASE}")
    options = {
        "dbserver": f"localhost:{mariadb.socket}",
        "dbname": _DATABASE,
        "dbuser": "root",
        "dbpass": "",
        "lang": "fr",
        "pass": USERS[0].password,
        "scriptpath": "",
        "server": installing.url,
        "confpath": str(folder),
        "skins": "Vector",
    }
    given = [f"--{name}={value}" for name, value in options.items()]
    installing.run(str(CODE / "maintenance/install.php"), *given, "Wiki Belvaux", USERS[0].name)
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    php = Php(root, prelude, installing.port, {**environment, "MW_CONFIG_FILE": str(settings)})
    site = Mediawiki(php, mariadb)
    _fill(site)
    with php.serving():
        site._dump = mariadb.dump(_DATABASE)
        php.forget_requests()
        yield site


def _fill(site: Mediawiki) -> None:
    pages = planned_pages()
    plan = {"users": [asdict(user) for user in USERS], "pages": [_as_plan(page) for page in pages]}
    made = json.loads(site.php.run(_SCRIPT, "--step=fill", given=json.dumps(plan)))
    site.users = {user.name: User(**{**asdict(user), **made["bots"][user.name]}) for user in USERS}
    site.pages = [WikiPage(**{**page.__dict__, "id": id_}) for page, id_ in zip(pages, made["pages"], strict=True)]


def _as_plan(page: WikiPage) -> dict[str, object]:
    revisions = [{**asdict(step), "time": step.time.strftime("%Y%m%d%H%M%S")} for step in page.revisions]
    return {"title": page.title, "protected": page.protected, "revisions": revisions}
