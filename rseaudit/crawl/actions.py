"""Addresses that do something when they are only read: they are never asked for.

250 naive GETs as an ordinary author once put all posts of that author in the bin, so the list is
broad. Whole path segments and whole parameter names are compared, never parts of words:
``/guide/comment-supprimer-un-compte`` is a text to read, ``/post/12/supprimer`` is not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

_WORDS = frozenset(
    """
    logout log-out logoff log-off signout sign-out userlogout deconnexion deconnecter se-deconnecter deconnect
    delete remove trash untrash destroy erase purge supprimer effacer corbeille delete-confirmation
    unsubscribe subscribe unsub desabonner desabonnement se-desabonner s-abonner abonner
    like unlike liker aimer dislike react favorite unfavorite favourite unfavourite
    follow unfollow suivre ne-plus-suivre unwatch join leave rejoindre quitter revoke revoke-membership
    request-membership accept-invite decline-invite cancel-invite
    vote upvote downvote voter unvote pin unpin lock unlock ban unban
    mark-read mark-unread mark-as-read mark-as-unread mark-all-read mark-all-as-read mark-seen mark-as-seen
    mark-all-seen mark-all-as-seen markread markasread markallread markallasread marquer-comme-lu
    publish unpublish publier depublier approve unapprove reject spam unspam signaler
    edit modifier editer compose restaurer archiver desarchiver admin wp-admin wp-login xmlrpc export exporter
    """.split()
)
# Names of listings as well as of actions: an action only after the thing it acts on (/post/12/archive).
_AFTER_AN_ID = frozenset(("archive",))
_KEYS = frozenset(
    """
    action do -method replytocom switch redirect-to redirect-url returnto return-to return-url returnurl oldid diff
    mark watch sesskey securitytoken csrftoken csrfmiddlewaretoken form-key bookmark
    """.split()
)
# Words that betray a one-click action wherever they stand in a parameter's name (bp_nonce, csrf_token).
_PROOFS = frozenset("nonce wpnonce token csrf xsrf".split())
# Parameters whose value says what to do, and those that do so only when the value is a route.
_VERBS = frozenset("mode task op cmd act todo a".split())
_ROUTES = frozenset("r route q title page view path".split())
_EXTENSION = re.compile(r"\.(?:php\d?|html?|aspx?|jsp|jspa|do|cgi|action|json|xml)$")
_HAS_DIGIT = re.compile(r"\d")
_SEPARATORS = re.compile(r"[/:.]")


def is_action(path: str, query: str) -> bool:
    """Tell whether a canonical path and query ask for an action rather than a page."""
    segments = path.split("/")
    if any(map(_is_word, segments)):
        return True
    filled = [segment for segment in segments if segment]
    if len(filled) > 1 and _folded(filled[-1]) in _AFTER_AN_ID and _HAS_DIGIT.search(filled[-2]):
        return True
    return bool(query) and any(map(_is_action_parameter, query.split("&")))


@lru_cache(maxsize=8_192)
def _is_word(segment: str) -> bool:
    word = _folded(segment)
    return word in _WORDS or (":" in word and word.rpartition(":")[2] in _WORDS)


@lru_cache(maxsize=8_192)
def _is_action_parameter(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = _folded(name).removesuffix("[]").rpartition(":")[2]
    if name in _KEYS or name in _WORDS or not _PROOFS.isdisjoint(name.split("-")):
        return True
    value = unquote(value)
    if name in _VERBS or (name in _ROUTES and _SEPARATORS.search(value)):
        return any(map(_is_word, _SEPARATORS.split(value)))
    return False


def _folded(segment: str) -> str:
    """Return a segment without escapes, case, accents and extension, with ``-`` for ``_``."""
    word = unquote(segment) if "%" in segment else segment
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return _EXTENSION.sub("", word.casefold().removeprefix("@@")).replace("_", "-").replace("’", "-").replace("'", "-")
