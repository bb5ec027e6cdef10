"""Read the hand-written cases of ``tests/data/duplicates`` and say what the job makes of them.

There are two sets: ``cases()``, on which the rules were mended, and ``cases(UNSEEN)``, written and
labelled afterwards without a look at the rules.

A case is one post on the network (``rse/12``), what else is known (a note ``n-17``, further posts), and
what a careful reader would say: the kind of the match and the verdict. Only the loader knows TOML.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rseaudit import richtext
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import Reuse, find_reuse
from rseaudit.duplicates.history import History, renewed
from rseaudit.model import Document, Person, Ref, Source, TextFormat
from rseaudit.people import Directory, person_key
from rseaudit.text import sentences

FOLDER = Path(__file__).parent / "data" / "duplicates"
UNSEEN = FOLDER / "unseen"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOURCES = {
    "rse": Source(name="rse", role="audited", url="https://rse.example.com"),
    "intranet": Source(name="intranet", role="reference", url="https://intranet.example.com"),
}
_PLACE = re.compile(r"\{([a-z_]+|\d+)(?::(\d+)(?:-(\d+))?)?\}")


@dataclass(frozen=True)
class Case:
    name: str
    documents: tuple[Document, ...]
    persons: tuple[Person, ...]
    settings: DuplicatesSettings
    memory: Mapping[Ref, History]
    match: str
    verdict: str
    original: str | None

    def judged(self) -> Reuse:
        return find_reuse(
            self.documents,
            sources=SOURCES,
            spaces=(),
            directory=Directory(self.persons),
            settings=self.settings,
            memory=self.memory,
        )


@dataclass(frozen=True)
class Outcome:
    case: Case
    match: str
    verdict: str
    original: str | None


@cache
def texts(folder: Path = FOLDER) -> Mapping[str, Any]:
    return tomllib.loads((folder / "texts.toml").read_text("utf-8"))


@cache
def cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    found = []
    for path in sorted((folder / "cases").glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        for raw in data["case"]:
            found.append(_case(raw, texts(folder), data.get("piece", {}), data.get("frame", {}), path.stem))
    return tuple(found)


def outcome(case: Case) -> Outcome:
    """Return what is said of the post: by the note when there is one, else by its strongest match."""
    reuse = case.judged()
    own = [m for m in reuse.matches if Ref("rse", "12") in (m.document, m.other)]
    note = [m for m in own if "n-17" in (m.document.id, m.other.id)]
    told = max(note or own, key=lambda m: (m.shared_words, m.id), default=None)
    side = None if told is None else told.original
    if told is not None and told.other == Ref("rse", "12"):
        side = {"document": "other", "other": "document"}.get(side or "", side)  # type: ignore[arg-type]
    verdict = next(o.verdict for o in reuse.documents if o.document == Ref("rse", "12"))
    return Outcome(case, told.kind if told else "none", verdict, side)


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Return the mean F1 over the labels expected, from (expected, found) pairs."""
    counted = Counter(pairs)
    labels = sorted({expected for expected, _ in counted})
    return sum(_f1(counted, label) for label in labels) / len(labels)


def _f1(counted: Counter[tuple[str, str]], label: str) -> float:
    right = counted[label, label]
    given = sum(n for (_, found), n in counted.items() if found == label)
    wanted = sum(n for (expected, _), n in counted.items() if expected == label)
    return 2 * right / (given + wanted) if given + wanted else 0.0


def _case(
    raw: Mapping[str, Any], texts: Mapping[str, Any], pieces: Mapping[str, str], frames: Mapping[str, str], group: str
) -> Case:
    def written(text: str, fill: Sequence[str] = ()) -> str:
        def put(match: re.Match[str]) -> str:
            name, first, last = match.groups()
            if name.isdigit():
                return written(fill[int(name) - 1])
            if name in pieces:
                return pieces[name].strip()
            whole = texts[name]["text"]
            if first is None:
                return str(whole)
            return " ".join(s.text for s in sentences(whole)[int(first) - 1 : int(last or first)])

        return _PLACE.sub(put, text).strip()

    def dates(day: float, rungs: Mapping[str, float] | None = None) -> dict[str, Any]:
        if raw.get("dates") == "none":
            return {}
        if rungs is not None:
            known = {rung: MONDAY + timedelta(days=days) for rung, days in rungs.items()}
            return {"created": known.get("api-date"), "dates": known}
        when = MONDAY + timedelta(days=day)
        return {"created": when, "dates": {"api-date": when}}

    form: TextFormat = "html" if "post_html" in raw else "markdown" if "post_markdown" in raw else "text"
    body = raw.get("post_html") or raw.get("post_markdown") or raw.get("post")
    if body is None:
        body = written(frames[raw["frame"]], raw["fill"])
    body = written(body)
    post = Document(
        source="rse",
        id="12",
        kind="post",
        text=richtext.read(body, form).text,
        body=body if form != "text" else None,
        format=form,
        url="https://rse.example.com/p/12",
        author=raw.get("author", "Karim Benali"),
        spaces=tuple(raw.get("spaces", ())),
        shared_from=raw.get("shared_from"),
        canonical=raw.get("canonical"),
        translation_of=raw.get("translation_of"),
        **dates(raw.get("day", 3), raw.get("post_dates")),
    )
    if "modified" in raw:
        post = replace(post, modified=MONDAY + timedelta(days=raw["modified"]))
    documents = [post]
    memory: dict[Ref, History] = {}
    if "of" in raw:
        known = texts[raw["of"]]
        source = raw.get("note_source", "intranet")
        note = Document(
            source=source,
            id="n-17",
            title=known["title"],
            text=written(raw.get("note", known["text"])),
            url=f"https://{source}.example.com/actus/{raw['of']}",
            author=raw.get("note_author", known["author"]),
            spaces=tuple(raw.get("note_spaces", ())),
            canonical=raw.get("note_canonical"),
            translation_of=raw.get("note_translation_of"),
            **dates(raw.get("note_day", 0), raw.get("note_dates")),
        )
        if raw.get("seen_before"):
            memory[note.ref] = renewed(None, note, now=MONDAY + timedelta(days=1))
        if "note_modified" in raw:
            note = replace(note, modified=MONDAY + timedelta(days=raw["note_modified"]))
        documents.append(note)
    for number, name in enumerate(raw.get("also", ())):
        documents.append(_further("intranet", f"a{number}", texts[name]["text"], number, dates))
    for number, text in enumerate(raw.get("also_posts", ())):
        documents.append(_further(raw.get("also_source", "rse"), f"p{number}", written(text), number, dates))
    for number, fill in enumerate(raw.get("fills", ())):
        text = written(frames[raw["frame"]], fill)
        documents.append(_further(raw.get("fills_source", "rse"), f"f{number}", text, number, dates))
    return Case(
        name=f"{group}: {raw['name']}",
        documents=tuple(documents),
        persons=tuple(Person(key=person_key(p["mail"]), **p) for p in raw.get("persons", ())),
        settings=DuplicatesSettings(exclude_text=[written(text) for text in raw.get("exclude_text", ())]),
        memory=memory,
        match=raw["match"],
        verdict=raw["verdict"],
        original=raw.get("original"),
    )


def _further(source: str, id_: str, text: str, number: int, dates: Any) -> Document:
    return Document(source=source, id=id_, kind="post", text=text, author=f"Autrice {number}", **dates(1 + number / 10))
