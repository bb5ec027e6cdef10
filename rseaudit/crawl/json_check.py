"""What each path of a profile yields in an answer in JSON: the other half of ``rseaudit profile check``."""

from __future__ import annotations

from urllib.parse import urljoin

from rseaudit.config.profile import Profile
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.addresses import search, target
from rseaudit.crawl.cursors import followed, next_address
from rseaudit.crawl.json_fields import JsonFields
from rseaudit.crawl.json_reader import elements, read_json
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.profile_check import COUNTS, WIDTH, FieldReport, meaning_of, report_of


def positions(page: Page, source: SourceSettings, profile: Profile, wanted: int) -> list[int]:
    """Return the numbers, from 0, of up to so many elements of an answer, spread over its list.

    None of an answer that gives no document.
    """
    try:
        rows = elements(page, profile)
        if not rows or not read_json(page, source=source, profile=profile, excluded=lambda _: False).documents:
            return []
    except NotReadable:
        return []
    step = max(1, len(rows) // max(1, wanted))
    return list(range(0, len(rows), step))[:wanted]


def explain_json(page: Page, source: SourceSettings, profile: Profile, position: int) -> list[FieldReport]:
    """Report every key that the profile declares, for one element of an answer. Raises ``NotReadable``."""
    rows = elements(page, profile) or []
    fields = JsonFields(rows[position], page.data, profile.item)
    reports = [FieldReport(name="list", selector=profile.list_path, values=(str(len(rows)),))]
    if profile.item is not None:
        reports.append(_found("item", profile.item, str(len(fields.items)) if fields.items else None))
    if profile.cursor is not None:
        reports.append(_found("cursor", profile.cursor, next_address(page, profile.cursor)))
    if profile.follow is not None:
        reports.append(_found("follow", profile.follow, followed(rows[position], profile.follow, page)))
    for key in type(profile.document).model_fields:
        path = getattr(profile.document, key)
        if path is None:
            continue
        name = f"document.{key}"
        reports.append(
            _address(name, path, page, fields, profile)
            if key == "match"
            else _field(name, path, fields, source, profile)
        )
    return reports


def _field(name: str, path: str, fields: JsonFields, source: SourceSettings, profile: Profile) -> FieldReport:
    found = fields.all(path)
    if name in COUNTS:
        number = fields.count(path)
        said = found[:1] or ((f"a list of {number}",) if number is not None else ())
        return report_of(name, path, said, None if number is None else str(number))
    people = (label,) if (label := fields.label(path)) else ()
    return report_of(name, path, found, meaning_of(name, found, people, source, profile))


def _address(name: str, pattern: str, page: Page, fields: JsonFields, profile: Profile) -> FieldReport:
    url = fields.first(profile.document.url)
    try:
        found = search(pattern, target(urljoin(page.url, url))) if url else None
    except TimeoutError:
        return FieldReport(name=name, selector=pattern, problem="slow-pattern")
    if found is None:
        return FieldReport(name=name, selector=pattern, problem="no-match")
    return FieldReport(name=name, selector=pattern, values=(found.group(),), meaning=found.groupdict().get("native_id"))


def _found(name: str, path: str, value: str | None) -> FieldReport:
    return FieldReport(
        name=name,
        selector=path,
        values=(value[:WIDTH],) if value else (),
        problem=None if value else "nothing-found",
    )
