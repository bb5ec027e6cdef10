"""Replace what names people by pseudonyms that only the holder of a key could make again.

A pseudonym is an HMAC-SHA-256 of who the person is: one person has the same one under a key, mail
address or name, in every text. What is left out or cannot be found is said in docs/interchange.md.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, unquote

from rseaudit.model import Document, Person, Space
from rseaudit.people import Directory
from rseaudit.text import Words, normalise, words

DOMAIN = "pseudonym.invalid"  # no mail ever gets there: RFC 2606
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ESCAPED = re.compile(r"[^\s\"'<>()\[\]{}]*%[0-9A-Fa-f]{2}[^\s\"'<>()\[\]{}]*")
_TAGS = re.compile(r"<[^<>]*>")
# Between the words of one name: spaces of any kind, "M. Anne", "anne.martin", "**Anne** Martin".
_GAP = re.compile(r"(?:[\s.,'_+*/\\|-]|&nbsp;|&#\w{1,6};|[\u2010-\u2015\u2019\u00ad\u200b-\u200d]){0,6}")
_URL_SAFE = "/:?#[]@!$&'()*+,;=~%-._"


class Pseudonyms:
    """Replaces the names, mail addresses and keys of people in what is exported.

    Known are the persons given, and everyone whom ``labels`` (authors, owners, members) name. A name
    of at least two words is found in running text whatever its case, accents, order and signs between
    (``MARTIN Anne``, ``anne-martin``); a name of one word only after ``@``, for it may be any word.
    """

    def __init__(self, key: bytes, persons: Iterable[Person], labels: Iterable[str] = ()) -> None:
        self._key = key
        known = tuple(persons)
        self._directory = Directory(known)
        self._keys = {person.key for person in known}
        self._exact: dict[str, str] = {}
        names = sorted({label.strip() for label in labels if label.strip()} | {person.name for person in known})
        for person in known:
            self._exact[person.key] = self.token(person.key)
        for name in names:
            if name not in self._keys:
                self._exact.setdefault(name, self.label(name) or "")
        self._forms = dict(self._spelled(names))
        self._single = {form for name in names if len(form := words(name).forms) == 1}
        self._starts = {form[0] for form in self._forms}
        self._longest = max((len(form) for form in self._forms), default=0)

    def token(self, person: str) -> str:
        """Return the pseudonym for a person's key."""
        return f"person-{self._hash('person', person)}"

    def _hash(self, kind: str, value: str) -> str:
        data = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, data, "sha256").hexdigest()[:16]

    def _spelled(self, names: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the ways to write each name as words; the later ones win, and they are the names as given."""
        cut = [(words(name).forms, self._exact[name]) for name in names if "@" not in name and name in self._exact]
        for forms, token in cut:
            if len(forms) > 1:
                yield ("".join(forms),), token
                yield (*forms[1:], forms[0]), token
                yield (forms[-1], *forms[:-1]), token
        yield from ((forms, token) for forms, token in cut if forms)

    def person(self, person: Person) -> Person:
        """Return the person under a pseudonym; activity, department, site and language stay."""
        token = self.token(person.key)
        return replace(person, key=token, name=token, mail=_mail(token) if person.mail else None)

    def label(self, label: str | None) -> str | None:
        """Return what stands for a label: a mail address for a mail address, else the bare pseudonym."""
        found = self._directory.find(label)
        if label is None or found is None:
            return label
        token = self.token(found.key)
        return _mail(token) if "@" in label and label.strip() not in self._keys else token

    def space(self, space: Space) -> Space:
        """Return the space with its people under pseudonyms, also where its name or address names one."""
        return replace(
            space,
            name=self.text(space.name),
            owners=self._labels(space.owners),
            moderators=self._labels(space.moderators),
            members=self._labels(space.members) if space.members is not None else None,
            url=self.url(space.url),
        )

    def document(self, document: Document) -> Document:
        """Return the document with pseudonyms in its fields and texts; keys that nobody declared are left out."""
        return replace(
            document,
            id=self._id(document.id),
            text=self.text(document.text),
            body=self.text(document.body) if document.body is not None else None,
            title=self.text(document.title),
            url=self.url(document.url),
            canonical=self.url(document.canonical),
            spaces=tuple(self.text(name) for name in document.spaces),
            tags=tuple(self.text(tag) for tag in document.tags),
            author=self.label(document.author),
            owner=self.label(document.owner),
            last_editor=self.label(document.last_editor),
            shared_from=self._id(document.shared_from) if document.shared_from else None,
            translation_of=self._id(document.translation_of) if document.translation_of else None,
            accounts=tuple(self.text(account) for account in document.accounts),
            extra={},
        )

    def _labels(self, labels: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.label(label) or "" for label in labels)

    def _id(self, id_: str) -> str:
        """Return the id, or a hash of it when it names someone: two of them must not become one."""
        return id_ if self.url(id_) == id_ else f"document-{self._hash('document', id_)}"

    def url(self, url: str | None) -> str | None:
        """Return an address without names, escaped or not."""
        if not url:
            return url
        plain = unquote(url)
        found = self._names(self._mails(plain))
        return url if found == plain else quote(found, safe=_URL_SAFE)

    def text(self, text: str) -> str:
        """Return a text, HTML or Markdown without the mail addresses and the known names in it."""
        if (exact := self._exact.get(text.strip())) is not None:
            return exact
        text = _ESCAPED.sub(lambda piece: self.url(piece.group()) or "", text) if "%" in text else text
        return self._names(self._mails(text))

    def _mails(self, text: str) -> str:
        if not any(sign in text for sign in "@&\uff20\ufe6b"):
            return text
        # Normalised, an address written with entities shows itself; positions lead back.
        plain = normalise(text)
        out, position = [], 0
        for found in _MAIL.finditer(plain.text):
            if found.group().endswith(f"@{DOMAIN}"):
                continue  # replaced already, as a piece of an escaped address
            start, end = plain.original_span(found.start(), found.end())
            out += [text[position:start], self.label(found.group()) or ""]
            position = end
        return "".join([*out, text[position:]])

    def _names(self, text: str) -> str:
        text = self._replaced(text, text)
        if _TAGS.search(text):  # once more without its tags, for a name that they cut in two
            text = self._replaced(text, _TAGS.sub(lambda tag: " " * len(tag.group()), text))
        return text

    def _replaced(self, text: str, view: str) -> str:
        """Replace names found in ``view``, whose positions are those of ``text``; tags inside a name stay."""
        cut = words(view)
        out, position, index = [], 0, 0
        while index < len(cut):
            length = self._length_at(view, cut, index)
            if not length:
                index += 1
                continue
            start, end = cut.starts[index], cut.ends[index + length - 1]
            token = self._forms[cut.forms[index : index + length]]
            out += [text[position:start], token, *_TAGS.findall(text[start:end])]
            position, index = end, index + length
        return "".join([*out, text[position:]])

    def _length_at(self, view: str, cut: Words, index: int) -> int:
        """Return of how many words the longest name is that starts here, 0 when none does."""
        if cut.forms[index] not in self._starts:
            return 0
        longest, end = 1, min(index + self._longest, len(cut))
        while index + longest < end and _is_gap(view[cut.ends[index + longest - 1] : cut.starts[index + longest]]):
            longest += 1
        for length in range(longest, 0, -1):
            form = cut.forms[index : index + length]
            if form not in self._forms:
                continue
            start = cut.starts[index]
            if form not in self._single or view[start - 1 : start] == "@":
                return length
        return 0


def _is_gap(between: str) -> bool:
    return bool(_GAP.fullmatch(" ".join(f".{between}.".split())[1:-1]))


def _mail(token: str) -> str:
    return f"{token}@{DOMAIN}"


def labels_of(documents: Iterable[Document], spaces: Iterable[Space]) -> Iterator[str]:
    """Yield every label of a person that documents and spaces hold."""
    for document in documents:
        yield from (label for label in (document.author, document.owner, document.last_editor) if label)
    for space in spaces:
        yield from (*space.owners, *space.moderators, *(space.members or ()))
