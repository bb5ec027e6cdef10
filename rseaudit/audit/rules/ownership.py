"""Who answers for a content."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audit.context import Context
from rseaudit.audit.owners import NOBODY
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Responsible

_TEXT = "La salle de réunion du bâtiment B se réserve dans l’agenda partagé."
_ANIMATOR = Responsible(name="Karim Haddad", rung="space-owner", key="karim")
_EDITOR = Responsible(name="Lucie Morel", rung="last-editor", key="lucie")


@rule(
    "orphan-content",
    title="Nobody answers for it",
    dimension="ownership",
    severity="alert",
    proposal="assign-owner",
    bad=Example(
        text=_TEXT, setting="the author has left, the space has neither owner nor moderator", responsible=NOBODY
    ),
    good=Example(text=_TEXT, setting="the owner of the space answers", responsible=_ANIMATOR),
)
def orphan_content(context: Context) -> Iterator[Remark]:
    """Flag a content for which nobody answers any more.

    Every rung of the ownership ladder was tried: configuration, owner of the content, author, last
    editor, owners and moderators of its spaces. All are absent or known to be inactive.

    Why it matters: without somebody who answers, no other remark will ever be acted upon, and
    readers have nobody to tell that something is wrong.

    Remedy: name an owner on the platform, or in the configuration with ``owner`` under ``[[space]]``.
    If nobody wants it, archive it.
    """
    if context.responsible.rung == "none":
        yield Remark(
            reason="Nobody who is still active answers for this content.",
            action="Name somebody who answers for this content, or archive it.",
        )


@rule(
    "inactive-author",
    title="Its author is no longer active",
    dimension="ownership",
    severity="advice",
    proposal="assign-owner",
    bad=Example(
        text=_TEXT,
        setting="the author’s account is closed; the owner of the space answers meanwhile",
        responsible=_ANIMATOR,
        author_inactive=True,
    ),
    good=Example(text=_TEXT, setting="the author’s account is active or its state is unknown"),
)
def inactive_author(context: Context) -> Iterator[Remark]:
    """Flag a content whose author's account is closed while somebody else still answers.

    Only what a platform or the people map says counts; unknown is not inactive. It is mere
    information when an owner or the last editor answers, advice when only those of the space do.

    Why it matters: the space's owner often does not know that this content is now theirs to keep.

    Remedy: agree on a new owner and write it on the platform.
    """
    if not context.author_inactive or context.responsible.rung == "none":
        return
    close = context.responsible.rung in ("configuration", "content-owner", "last-editor")
    yield Remark(
        reason="The account of its author is no longer active; this content needs somebody to look after it.",
        action="Confirm who now looks after this content.",
        severity="info" if close else None,
    )
