"""Replace what names people by pseudonyms that only the holder of a key could make again.

A pseudonym is an HMAC-SHA-256 of who the person is: one person has the same one under a key, mail
address or name, in every text. What is left out or cannot be found is said in docs/interchange.md.
"""

from __future__ import annotations

import hmac
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from rseaudit.model import Document, Person, Space
from rseaudit.people import Directory, person_key
from rseaudit.text import normalise, words

DOMAIN = "pseudonym.invalid"  # no mail ever gets there: RFC 2606
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]*[\w+-]@[\w-]+(?:\.[\w-]+)+")
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
        if "@" not in text and "&" not in text:
            return text
        # Normalised, an address written with entities shows itself; positions lead back.
        plain = normalise(text)
        out, position = [], 0
        for found in _MAIL.finditer(plain.text):
            start, end = plain.original_span(found.start(), found.end())
            out += [text[position:start], self.label(html.unescape(text[start:end])) or ""]
            position = end
        return "".join([*out, text[position:]])

    def _names(self, text: str) -> str:
        cut = words(text)
        out, position, index = [], 0, 0
        while index < len(cut):
            length, token = self._name_at(text, cut.forms, cut.starts, cut.ends, index)
            if token is None:
                index += 1
                continue
            start, end = cut.starts[index], cut.ends[index + length - 1]
            out += [text[position:start], token, *_TAGS.findall(text[start:end])]
            position, index = end, index + length
        return "".join([*out, text[position:]])

    def _name_at(
        self, text: str, forms: tuple[str, ...], starts: Mapping[int, int] | object, ends: object, index: int
    ) -> tuple[int, str | None]:
        return 0, None
