"""A WordPress site in French: who writes there, what is published, private, in draft, and what not."""

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

CODE = Path("/usr/share/wordpress")
_DATABASE = "wordpress"
_BEGIN = datetime(2023, 2, 6, 7, 15, tzinfo=UTC)


@dataclass(frozen=True)
class User:
    """An account; ``application_password`` is for HTTP Basic on the API, ``password`` for the form."""

    login: str
    name: str
    role: str
    email: str
    password: str
    application_password: str = ""


@dataclass(frozen=True)
class Comment:
    author: str
    text: str
    approved: bool = True


@dataclass(frozen=True)
class Post:
    """What was put in. ``author`` is a login; times are UTC; ``parent`` the title of a page."""

    title: str
    type: str
    status: str
    author: str
    paragraphs: tuple[str, ...]
    created: datetime
    modified: datetime
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    password: str = ""
    parent: str = ""
    id: int = 0

    @property
    def approved(self) -> int:
        """How many comments everybody may read."""
        return sum(comment.approved for comment in self.comments)


USERS = (
    User("direction", "Camille Roux", "administrator", "camille.roux@exemple.fr", "Admin-2f9c!direction"),
    User("nbenali", "Nadia Benali", "editor", "nadia.benali@exemple.fr", "Edit-7b1d!nbenali"),
    User("amartin", "Anne Martin", "author", "anne.martin@exemple.fr", "Auth-1c44!amartin"),
    User("lleguen", "Loïc Le Guen", "author", "loic.leguen@exemple.fr", "Auth-90ae!lleguen"),
    User("zpetit", "Zoé Petit", "subscriber", "zoe.petit@exemple.fr", "Subs-5e0f!zpetit"),
)


def planned_posts() -> list[Post]:
    """Return 36 published posts, 6 pages, and what only some may read."""
    writers = ("nbenali", "amartin", "lleguen")
    posts = [_post(number, writers[number % 3]) for number in range(36)]
    posts += [_post(number, "direction", type="page") for number in range(36, 40)]
    posts += [_post(number, "nbenali", type="page", parent=posts[36].title) for number in (40, 41)]
    posts += [_post(number, writers[number % 3], status="private") for number in range(42, 47)]
    posts += [_post(47, "direction", type="page", status="private")]
    posts += [_post(number, "amartin", status="draft") for number in (48, 49)]
    posts += [_post(50, "lleguen", status="draft"), _post(51, "lleguen", status="pending")]
    posts += [_post(52, "nbenali", password="mot-de-passe"), _post(53, "amartin", status="trash")]
    return posts


def _post(number: int, author: str, **more: str) -> Post:
    created = _BEGIN + timedelta(days=17 * number, minutes=7 * number)
    kind = more.get("type", "post")
    comments = tuple(
        Comment(USERS[(number + k) % len(USERS)].login, f"Merci, remarque {number}-{k}.", approved=k != 2)
        for k in range(number % 4 if kind == "post" else 0)
    )
    return Post(
        title=texts.heading(number),
        type=kind,
        status=more.get("status", "publish"),
        author=author,
        paragraphs=tuple(texts.paragraphs(number)),
        created=created,
        modified=created + timedelta(days=number % 5, hours=2) if number % 5 else created,
        categories=(texts.matter(number),) if kind == "post" else (),
        tags=(texts.PLACES[number % 12], f"semaine-{number % 6}") if kind == "post" else (),
        comments=comments,
        password=more.get("password", ""),
        parent=more.get("parent", ""),
    )


@dataclass
class Wordpress:
    """An installed site. ``posts`` and ``users`` say what was put in, with the ids that it got."""

    php: Php
    mariadb: Mariadb
    users: dict[str, User] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    _dump: bytes = b""

    @property
    def url(self) -> str:
        return self.php.url

    def user(self, role: str) -> User:
        """Return the first account with a role: administrator, editor, author or subscriber."""
        return next(user for user in self.users.values() if user.role == role)

    def run(self, code: str) -> str:
        """Run PHP code within WordPress, without ``<?php``; return what it prints."""
        return self.php.code(f"require '{CODE}/wp-load.php'; {code}")

    def sql(self, query: str) -> list[dict[str, str | None]]:
        """Return the rows of a query; the prefix of tables is ``wp_``."""
        return self.php.rows(self.mariadb.socket, _DATABASE, query)

    def requests(self) -> list[Request]:
        """Return the requests that reached the site since ``reset`` or the installation."""
        return self.php.requests()

    def reset(self) -> None:
        """Put all tables back as they were after the installation, and forget the requests."""
        self.mariadb.load(_DATABASE, self._dump)
        self.php.forget_requests()


@contextmanager
def installed(folder: Path, mariadb: Mariadb) -> Iterator[Wordpress]:
    """Install a site in ``folder``, fill it and serve it until the block ends."""
    root = folder / "site"
    content = root / "wp-content"
    for part in ("plugins", "mu-plugins", "uploads"):
        (content / part).mkdir(parents=True)
    for part in ("languages", "themes"):
        (content / part).symlink_to(CODE / "wp-content" / part)
    for item in CODE.iterdir():
        if item.name not in ("wp-content", "wp-config.php", ".htaccess"):
            (root / item.name).symlink_to(item)
    php = Php(root, folder / "prelude.php", free_port(), {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    _configure(php, mariadb)
    mariadb.execute(f"DROP DATABASE IF EXISTS {_DATABASE}; CREATE DATABASE {_DATABASE} CHARACTER SET utf8mb4")
    site = Wordpress(php, mariadb)
    _fill(site)
    with php.serving():
        site._dump = mariadb.dump(_DATABASE)
        php.forget_requests()
        yield site


def _configure(php: Php, mariadb: Mariadb) -> None:
    # WordPress looks for its configuration beside its code unless ABSPATH is known before.
    php.prelude.write_text(f"<?php defined('ABSPATH') || define('ABSPATH', '{php.root}/');\n", "utf-8")
    keys = ("AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY")
    salts = ("AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT")
    constants: dict[str, str | bool] = {
        "DB_NAME": _DATABASE,
        "DB_USER": "root",
        "DB_PASSWORD": "",
        "DB_HOST": f"localhost:{mariadb.socket}",
        "DB_CHARSET": "utf8mb4",
        "WP_HOME": php.url,
        "WP_SITEURL": php.url,
        "WP_CONTENT_DIR": str(php.root / "wp-content"),
        # Application passwords need TLS anywhere but on a developer's machine.
        "WP_ENVIRONMENT_TYPE": "local",
        "DISABLE_WP_CRON": True,
        "AUTOMATIC_UPDATER_DISABLED": True,
        "WP_HTTP_BLOCK_EXTERNAL": True,
        **{name: f"only for tests: {name}" for name in keys + salts},
    }
    lines = [f"define({json.dumps(name)}, {_php(value)});" for name, value in constants.items()]
    code = "\n".join(["<?php", *lines, "$table_prefix = 'wp_';", "require_once ABSPATH . 'wp-settings.php';", ""])
    (php.root / "wp-config.php").write_text(code, "utf-8")


def _php(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fill(site: Wordpress) -> None:
    script = str(Path(__file__).with_suffix(".php"))
    posts = planned_posts()
    admin = USERS[0]
    site.php.run(script, "install", given=json.dumps(asdict(admin)))
    plan = {"users": [asdict(user) for user in USERS], "posts": [_plain(post) for post in posts]}
    made = json.loads(site.php.run(script, "fill", given=json.dumps(plan)))
    # Categories and tags have addresses only where WordPress has begun with its permalinks.
    site.run("flush_rewrite_rules(false);")
    site.users = {
        user.login: User(**{**asdict(user), "application_password": made["passwords"][user.login]}) for user in USERS
    }
    site.posts = [Post(**{**post.__dict__, "id": number}) for post, number in zip(posts, made["posts"], strict=True)]


def _plain(post: Post) -> dict[str, object]:
    times = {name: getattr(post, name).strftime("%Y-%m-%d %H:%M:%S") for name in ("created", "modified")}
    return {**asdict(post), **times}
