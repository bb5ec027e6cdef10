"""How long an audit takes that judges everything, and one that remembers the last: 1,000 documents, one core.

Run it from the root of the repository: ``python benchmarks/audit_again.py [DOCUMENTS]``.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rseaudit.audit.job import Audit, judge
from rseaudit.audit.memory import NOTHING, Memory
from rseaudit.audit.rules import RULES
from rseaudit.config.settings import AuditSettings, SpaceSettings
from rseaudit.model import Audience, Document, Source
from rseaudit.people import Directory

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXTS = [example.text for rule in RULES.values() for example in (*rule.bad, *rule.good)]


def corpus(count: int) -> list[Document]:
    """Return documents of six paragraphs each, drawn from the examples of the rules, of many ages."""
    chance = random.Random(4)
    return [
        Document(
            source="rse",
            id=str(number),
            title=f"Note {number}",
            text="\n\n".join(chance.sample(TEXTS, 6)),
            kind="page" if number % 2 else "post",
            author=f"Anne Martin {number // 3}",
            spaces=("Atelier",),
            created=NOW - timedelta(days=number * 9 % 1600, hours=number),
        )
        for number in range(count)
    ]


def timed(label: str, documents: list[Document], *, now: datetime = NOW, memory: Memory = NOTHING) -> Audit:
    began = time.process_time()
    audit = judge(
        documents,
        spaces=(),
        sources=[Source(name="rse", role="audited")],
        directory=Directory(()),
        audiences=[Audience(id="terrain", label="Terrain", languages=("fr",), level="facile")],
        space_settings=[SpaceSettings(match="rse/*", audience="terrain")],
        matches=(),
        originality=(),
        settings=AuditSettings(),
        now=now,
        memory=memory,
    )
    seconds = time.process_time() - began
    judged = len(audit.judged) - audit.unchanged - audit.redated
    print(f"{label:24} {seconds:6.2f} s: {judged} judged, {audit.redated} dates, {audit.unchanged} unchanged")
    return audit


def main() -> None:
    documents = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    timed("first, models are read", documents[:20])
    first = timed("everything", documents)
    memory = Memory.of(first.judged, first.findings)
    timed("nothing has changed", documents, memory=memory)
    timed("the next day", documents, now=NOW + timedelta(days=1), memory=memory)
    changed = [replace(d, text=f"{d.text} Ajout.") if n % 100 == 0 else d for n, d in enumerate(documents)]
    timed("one in a hundred changed", changed, memory=memory)


if __name__ == "__main__":
    main()
