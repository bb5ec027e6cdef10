"""The words for the values of the model, as message keys. Tables are total: a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TABLES: dict[str, dict[str, str]] = {
    "severity": {"alert": "Important", "advice": "Advice", "info": "For information"},
    "proposal": {
        "keep": "Keep",
        "update": "Update",
        "merge": "Merge",
        "archive": "Archive",
        "assign-owner": "Name someone responsible",
    },
    "fit": {"fits": "Fits", "adjust": "To adjust", "unfit": "Does not fit", "not-judged": "Not judged"},
    "kind": {
        "copy": "Taken-up content",
        "relay": "Relayed with its source",
        "quote": "Quotation",
        "own-version": "Other version of the same content",
        "template": "Shared template",
        "shared-boilerplate": "Shared standing text",
    },
    "verdict": {
        "copy": "Mostly taken up from elsewhere",
        "adapted": "Taken up and adapted",
        "relay": "Relays a source and says so",
        "original": "Mostly own words",
        "template": "Filled-in template",
        "not-judged": "Too short to judge",
    },
    "evidence": {
        "canonical": "the page itself names the other as its source",
        "share-link": "it was made with the platform's share button",
        "api-date": "dates given by the platforms",
        "sitemap-date": "dates given by the site maps",
        "feed-date": "dates given by the feeds",
        "http-date": "dates given by the servers, to be taken with care",
        "first-seen": "dates at which the audit first saw them, a weak clue",
        "none": "no date that both contents have",
    },
    "likely": {
        "mine": "The text probably comes from this content.",
        "other": "The text probably comes from the other content.",
        "unknown": "Nothing tells which of the two came first.",
    },
    "rung": {
        "configuration": "named in the configuration",
        "content-owner": "owner of the content",
        "author": "author",
        "last-editor": "last editor",
        "space-owner": "owner of the space",
        "space-moderator": "moderator of the space",
        "none": "nobody",
    },
    "dimension": {
        "language": "Language",
        "reading-level": "Reading level",
        "sentence-load": "Long sentences",
        "jargon": "Jargon",
        "topical-fit": "Subject",
        "address": "Form of address",
        "first-screen": "First screen",
        "structure": "Structure",
        "length": "Length",
        "freshness": "Freshness",
        "ownership": "Responsibility",
        "action": "Call to action",
        "unchanged-across-audiences": "Same text for different audiences",
        "originality": "Taken-up passages",
    },
    "role": {"audited": "Audited", "reference": "Compared with", "watched": "Watched"},
    "feed": {"active": "Being read", "suspect": "Ailing", "retired": "Closed", "unread": "Not read yet"},
    "cause": {
        "connection refused": "the server refuses connections",
        "the name of the host cannot be resolved": "the name of the host cannot be resolved",
        "no answer in time": "no answer in time",
        "larger than the limit": "larger than the limit",
        "the answer was cut": "the answer was cut",
        "the certificate cannot be verified": "the certificate cannot be verified",
        "the body cannot be decompressed": "the body cannot be decompressed",
        "interrupted at each attempt": "interrupted at each attempt",
        "the answer is not HTTP": "the answer cannot be understood",
        "the connection broke": "the connection broke",
        "its redirects lead in a circle": "its redirects lead in a circle",
        "it redirects to itself": "it redirects to itself",
        "a redirect to nowhere": "it redirects to nowhere",
        "it asks to log in": "it asks to log in",
        "not a page": "a file, not a page",
        "a space that is excluded": "a space that is left out",
    },
    "refusal": {
        "action": "it would act: log out, delete, publish, like, follow …",
        "robots": "the site asks robots not to read it",
        "scheme": "neither http nor https",
        "origin": "another site",
        "address": "an address inside the network that no source names",
        "method": "it would change something",
        "too-long": "too long to be an address of a content",
        "file": "a file, not a page",
        "denied": "ruled out by the source's configuration",
        "not-allowed": "not among what the source's configuration allows",
        "space": "a space that is left out",
        "series": "one more of a series that brings nothing new: a calendar, a list without end …",
        "max_pages": "beyond the number of addresses that the configuration allows",
        "max_depth": "further from the start than the configuration allows",
    },
    "decided": {
        "keep": "Answered: to keep",
        "update": "Answered: to update",
        "merge": "Answered: to merge",
        "archive": "Answered: to archive",
        "assign-owner": "Answered: to be given to someone",
    },
}
LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(_TABLES)


STATUS = "the server answered {status}"
ROBOTS = "the site asks robots not to read it ({rule})"
UNREAD = "the site does not say what robots may read ({cause})"
LEADS = "it leads to an address that is not asked for"


def cause(reason: str) -> tuple[str, Mapping[str, str]]:
    """Return the message key of why an address could not be read, and its values."""
    if reason.startswith("status "):
        return STATUS, {"status": reason.removeprefix("status ")}
    if reason.startswith("robots.txt cannot be read"):
        return UNREAD, {"cause": reason}
    if reason.startswith("robots.txt"):
        return ROBOTS, {"rule": reason}
    if reason.startswith("leads to a refused address"):
        return LEADS, {}
    if reason.startswith("refused: "):
        return label("refusal", reason.removeprefix("refused: ")), {}
    return label("cause", reason), {}


def label(table: str, value: str) -> str:
    """Return the message key for a value; a value that nobody foresaw is its own."""
    return LABELS[table].get(value, value)
