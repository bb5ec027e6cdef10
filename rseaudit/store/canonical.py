"""What a crawl is worth, whatever happened on the way: the same site gives the same bytes.

Neither run ids, instants of fetching, attempts nor validators stand in it; order is by code point.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection

from rseaudit.interchange import document_line, person_line, space_line
from rseaudit.store import content, frontier


def canonical_lines(connection: Connection) -> Iterator[str]:
    """Yield one JSON object a line: sources, spaces, persons, documents, aliases, states of URLs."""
    sources = content.sources(connection)
    for source in sources.values():
        yield _line({"type": "source", "name": source.name, "role": source.role, "platform": source.platform})
    for space in content.spaces(connection):
        yield _line(space_line(space))
    for person in content.persons(connection):
        yield _line(person_line(person))
    for document in content.documents(connection, gone=True):
        line = document_line(document, sources[document.source].role)
        del line["first_seen"]
        line["dates"] = {rung: when for rung, when in line["dates"].items() if rung != "first-seen"}  # type: ignore[attr-defined]
        yield _line({"type": "document", **line})
    for source_name, url, document_id in content.aliases(connection):
        yield _line({"type": "alias", "source": source_name, "url": url, "id": document_id})
    for source_name, account, url, state, status, target in frontier.final_states(connection):
        yield _line(
            {
                "type": "url",
                "source": source_name,
                "account": account,
                "url": url,
                "state": state,
                "status": 200 if status == 304 else status,  # unchanged is as good as read again
                "target": target,
            }
        )


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
