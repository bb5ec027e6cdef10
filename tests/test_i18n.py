"""Nothing is said in one language only, and French is written as French is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract

from rseaudit.errors import UsageError
from rseaudit.i18n import catalogue, translator
from rseaudit.report import labels, owners, tables

PACKAGE = Path(labels.__file__).parent.parent
TEMPLATES = sorted((PACKAGE / "report" / "templates").glob("*.html"))
FRAGMENTS = sorted((PACKAGE / "locale").glob("fr*.po"))
# The store and the demo's servers say ``text`` too, but in SQL and in HTTP.
# The store and the crawl speak to operators, in English; the demo's company is French by itself.
SILENT = {"store", "demo", "crawl"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if SILENT.isdisjoint(path.relative_to(PACKAGE).parts))
FRENCH = translator("fr")
ENGLISH = translator("en")
# A value that exists in both languages is given as ``topic_en`` and ``topic_fr``: each side takes its own.
PLACE = re.compile(r"\{(\w+?)(?:_en|_fr)?\}")


def in_template(path: Path) -> Iterator[str | tuple[str, ...]]:
    for _, function, message, _ in babel_extract(BytesIO(path.read_bytes()), ("_", "ngettext"), (), {}):
        assert message is not None
        forms = (message,) if isinstance(message, str) else tuple(form for form in message if form)
        yield forms[:2] if function == "ngettext" else forms[0]


def in_module(path: Path) -> Iterator[str | tuple[str, ...]]:
    """Yield the sentences that are written where they are said: text("…"), plural("…", "…"), Reason("…")."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        literals = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in ("text", "template", "Reason") and literals:
            yield literals[0]
        elif name == "plural" and len(literals) >= 2:
            yield literals[0], literals[1]


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def messages() -> Iterator[tuple[Path, str | tuple[str, ...], tuple[str, ...]]]:
    for path in FRAGMENTS:
        for message in read_po(BytesIO(path.read_bytes()), locale="fr", abort_invalid=True):
            if message.id:
                said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                yield path, message.id, said


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_sentence_has_its_french(path: Path) -> None:
    french = catalogue()
    found = in_template(path) if path.suffix == ".html" else in_module(path)
    assert [message for message in found if message not in french] == []


def test_every_label_and_header_has_its_french() -> None:
    keys = {key for table in labels.LABELS.values() for key in table.values()}
    keys |= {labels.STATUS, owners.COPY_ACTION, *tables.FINDINGS, *tables.MATCHES}
    assert sorted(key for key in keys if key not in catalogue()) == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_nothing_is_translated_that_nobody_says(path: Path) -> None:
    said = {form for module in MODULES for form in strings(module)}
    for template in TEMPLATES:
        for found in in_template(template):
            said.update([found] if isinstance(found, str) else found)
    ours = [(id_, (id_,) if isinstance(id_, str) else id_) for where, id_, _ in messages() if where == path]
    # What watchlists and rules declare stands in their own files.
    declared = "".join(file.read_text("utf-8") for file in PACKAGE.parent.glob("watchlists/*.toml"))
    assert [id_ for id_, forms in ours if not all(form in said or f'"{form}"' in declared for form in forms)] == []


def test_placeholders_are_the_same_on_both_sides() -> None:
    wrong = []
    for path, id_, said in messages():
        wanted = set(PLACE.findall(id_ if isinstance(id_, str) else id_[1]))
        optional = set() if isinstance(id_, str) else {"n"}
        wrong += [(path.name, id_) for form in said if set(PLACE.findall(form)) - optional != wanted - optional]
    assert wrong == []


def test_every_plural_has_the_two_forms_of_french() -> None:
    assert [id_ for _, id_, said in messages() if (2 if isinstance(id_, tuple) else 1) != len(said)] == []


def test_no_translation_is_empty_or_fuzzy() -> None:
    fuzzy = [m.id for path in FRAGMENTS for m in read_po(BytesIO(path.read_bytes())) if m.id and m.fuzzy]
    assert [id_ for _, id_, said in messages() if not all(said)] + fuzzy == []


def test_no_message_is_translated_in_two_ways() -> None:
    known: dict[object, tuple[str, ...]] = {}
    assert [id_ for _, id_, said in messages() if known.setdefault(id_, said) != said] == []


def test_french_signs_keep_their_words_with_no_break_spaces() -> None:
    breaking = re.compile(r"[ ][;:!?»]|«[ ]|[\w)}][!?;]|[^\W\d_]:(?!/)|«\w|\w»")
    technical = re.compile(r"`[^`]*`|https?://\S+|\S+:\w\S*")
    assert [form for _, _, said in messages() for form in said if breaking.search(technical.sub("", form))] == []


def test_nobody_is_accused_of_plagiarism() -> None:
    assert [form for _, _, said in messages() for form in said if "plagi" in form.casefold()] == []


def test_numbers_shares_and_dates_are_french_in_french() -> None:
    assert FRENCH.number(12345.6) == "12\u202f345,6"
    assert FRENCH.percent(0.617) == "62\u00a0%"
    assert FRENCH.date(date(2026, 3, 1)) == "1er mars 2026"
    assert FRENCH.date(datetime(2026, 8, 21, 9, 5, tzinfo=UTC)) == "21 août 2026"
    assert FRENCH.datetime(datetime(2026, 8, 21, 9, 5, tzinfo=UTC)) == "21 août 2026 à 09:05"


def test_numbers_shares_and_dates_are_english_in_english() -> None:
    assert ENGLISH.number(12345.6) == "12,345.6"
    assert ENGLISH.percent(0.617) == "62%"
    assert ENGLISH.datetime(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == "1 March 2026 at 09:05"


def test_a_period_says_no_month_or_year_twice() -> None:
    end = date(2026, 11, 25)
    said = [FRENCH.period(start, end) for start in (date(2026, 11, 1), date(2026, 10, 1), date(2025, 11, 25))]
    assert said == [
        "du 1er au 25 novembre 2026",
        "du 1er octobre au 25 novembre 2026",
        "du 25 novembre 2025 au 25 novembre 2026",
    ]


@given(st.floats(0, 1))
def test_only_nothing_is_zero_per_cent_and_only_all_is_a_hundred(share: float) -> None:
    assert (ENGLISH.percent(share) == "0%") == (share == 0)
    assert (ENGLISH.percent(share) == "100%") == (share == 1)


def test_zero_is_singular_in_french_and_plural_in_english() -> None:
    forms = ("{n} trend", "{n} trends")
    assert [FRENCH.plural(*forms, n) for n in (0, 1, 2)] == ["0 tendance", "1 tendance", "2 tendances"]
    assert [ENGLISH.plural(*forms, n) for n in (0, 1, 2)] == ["0 trends", "1 trend", "2 trends"]


def test_a_sentence_cannot_reach_into_its_values() -> None:
    assert ENGLISH.text("{a.__class__} {a} {b}", a="x") == "{a.__class__} x {b}"


def test_a_value_is_never_read_as_a_sentence() -> None:
    assert ENGLISH.text("{a}", a="{b}", b="secret") == "{b}"


def test_a_sentence_without_translation_is_said_in_english() -> None:
    assert FRENCH.text("Nobody ever translated {this}.", this="me") == "Nobody ever translated me."


def test_an_unknown_language_is_refused_with_what_is_expected() -> None:
    with pytest.raises(UsageError, match="'de' is not known"):
        translator("de")


def test_labels_cover_every_value_of_the_model() -> None:
    from typing import get_args

    from rseaudit import model

    literals = {
        "severity": model.Severity, "proposal": model.Proposal, "decided": model.Proposal, "fit": model.Fit,
        "kind": model.MatchKind, "verdict": model.Verdict, "evidence": model.Evidence, "rung": model.Rung,
        "dimension": model.Dimension, "role": model.Role,
    }  # fmt: skip
    assert {name: sorted(labels.LABELS[name]) for name in literals} == {
        name: sorted(get_args(literal)) for name, literal in literals.items()
    }
