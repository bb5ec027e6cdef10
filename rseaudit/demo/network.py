"""The enterprise social network of the company: a login, spaces, posts with comments.

Guests see what is public, employees what is registered, members what is in their spaces. The links
that change something (delete, like, leave, logout…) are there, as on every network, for nobody to follow.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from rseaudit.demo.company import Company, DemoDocument, DemoPerson, DemoSpace
from rseaudit.demo.rendering import Renderer, part, token
from rseaudit.demo.reply import Asked, Reply, redirect, text
from rseaudit.ids import short_hash
from rseaudit.model import Ref

_ROBOTS = "User-agent: *\nDisallow: /recherche\nDisallow: /annuaire\n"
_ON_A_PAGE = 8
_AROUND = 3
_SPACE = re.compile(r"/space/([a-z-]+)")
_SESSION = "session"


@dataclass
class Network:
    """Answers for the network's host; remembers who is logged in and nothing else."""

    company: Company
    renderer: Renderer
    _open: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Reply:
        """Return the page that this visitor may see."""
        if asked.path == "/robots.txt":
            return text(_ROBOTS)
        if asked.path == "/login":
            return self._log_in(asked) if asked.method == "POST" else self._login_page("Connexion")
        viewer = self._viewer(asked.session)
        if asked.path == "/logout":
            return self._log_out(asked)
        if asked.path == "/me":
            return self._me(viewer)
        if asked.path == "/espaces":
            return self._page("rse_spaces.html", viewer)
        if asked.path == "/":
            return self._wall(asked, viewer, None)
        if found := _SPACE.fullmatch(asked.path):
            space = next((s for s in self.company.spaces if s.slug == found[1]), None)
            return self._space(asked, viewer, space)
        return self._post(viewer, self.company.by_path.get(("rse", asked.path)))

    def _viewer(self, session: str | None) -> DemoPerson | None:
        with self._lock:
            known = session is not None and session in self._open
        if not known:
            return None
        return next(
            (self.company.people[a.person] for a in self.company.accounts if _session_of(a.user) == session), None
        )

    def _log_in(self, asked: Asked) -> Reply:
        user, password = asked.form.get("user"), asked.form.get("password")
        account = next((a for a in self.company.accounts if (a.user, a.password) == (user, password)), None)
        if account is None or asked.form.get("_csrf") != token("login"):
            return self._login_page("Connexion refusée", status=403)
        session = _session_of(account.user)
        with self._lock:
            self._open.add(session)
        return redirect("/", ("Set-Cookie", f"{_SESSION}={session}; Path=/; HttpOnly; SameSite=Lax"))

    def _log_out(self, asked: Asked) -> Reply:
        with self._lock:
            self._open.discard(asked.session or "")
        return redirect("/", ("Set-Cookie", f"{_SESSION}=; Path=/; Max-Age=0"))

    def _login_page(self, heading: str, *, status: int = 200) -> Reply:
        return self._message(heading, "Identifiez-vous pour lire le réseau.", None, status=status, form=True)

    def _me(self, viewer: DemoPerson | None) -> Reply:
        if viewer is None:
            return redirect("/login")
        return self._message(viewer.name, f"{viewer.title}, {viewer.site}", viewer)

    def _space(self, asked: Asked, viewer: DemoPerson | None, space: DemoSpace | None) -> Reply:
        if space is None:
            return self._missing(viewer)
        if not self._may_enter(viewer, space):
            return redirect("/login") if viewer is None else self._forbidden(viewer)
        return self._wall(asked, viewer, space)

    def _wall(self, asked: Asked, viewer: DemoPerson | None, space: DemoSpace | None) -> Reply:
        posts = [p for p in self.company.of("rse") if self._may_read(viewer, p) and (not space or p.slug == space.slug)]
        shown = part(posts, asked.query.get("page", "1"), _ON_A_PAGE)
        if shown is None:
            return self._missing(viewer)
        on_page, number, last = shown
        return self._page(
            "rse_wall.html", viewer, space=space, posts=on_page, number=number, last=last, path=asked.path
        )

    def _post(self, viewer: DemoPerson | None, post: DemoDocument | None) -> Reply:
        if post is None:
            return self._missing(viewer)
        if not self._may_read(viewer, post):
            return redirect("/login") if viewer is None else self._forbidden(viewer)
        company = self.company
        around = [p for p in company.of("rse") if p.slug == post.slug and p != post and self._may_read(viewer, p)]
        return self._page(
            "rse_post.html",
            viewer,
            modified=post,
            post=post,
            shared=company.by_ref[Ref("rse", post.shared_from)] if post.shared_from else None,
            around=around[:_AROUND],
        )

    def _page(
        self,
        template: str,
        viewer: DemoPerson | None,
        *,
        status: int = 200,
        modified: DemoDocument | None = None,
        **values: object,
    ) -> Reply:
        return self.renderer.page(
            template,
            status=status,
            modified=modified.last_modified if modified else None,
            viewer=viewer,
            spaces=[space for space in self.company.spaces if self._may_enter(viewer, space)],
            **values,
        )

    def _message(
        self, heading: str, message: str, viewer: DemoPerson | None, *, status: int = 200, form: bool = False
    ) -> Reply:
        return self._page("rse_message.html", viewer, status=status, heading=heading, message=message, form=form)

    def _missing(self, viewer: DemoPerson | None) -> Reply:
        return self._message("Page introuvable", "Cette adresse ne mène nulle part.", viewer, status=404)

    def _forbidden(self, viewer: DemoPerson) -> Reply:
        return self._message("Accès réservé", "Ce contenu est réservé aux membres de son espace.", viewer, status=403)

    def _may_enter(self, viewer: DemoPerson | None, space: DemoSpace) -> bool:
        if viewer is None:
            return space.visibility == "public"
        return space.visibility in ("public", "registered") or viewer.key in space.members

    def _may_read(self, viewer: DemoPerson | None, post: DemoDocument) -> bool:
        if viewer is None:
            return post.visibility == "public"
        space = next(space for space in self.company.spaces if space.slug == post.slug)
        return self._may_enter(viewer, space)


def _session_of(user: str) -> str:
    return short_hash("session", user)
