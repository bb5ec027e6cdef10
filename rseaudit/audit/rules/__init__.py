"""All rules, in order of name, and their manual.

A rule is one decorated function in a module of this folder; nothing else has to be told about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from textwrap import indent

from rseaudit.audit.registry import Example, Rule
from rseaudit.config.settings import AuditSettings
from rseaudit.errors import UsageError


def _discover() -> Iterator[Rule]:
    for module in iter_modules(__path__):
        found = vars(import_module(f"{__name__}.{module.name}")).values()
        yield from (thing for thing in found if isinstance(thing, Rule))


RULES: Mapping[str, Rule] = {rule.name: rule for rule in sorted(_discover(), key=lambda rule: rule.name)}


def find(name: str) -> Rule:
    """Return the rule of that name; an unknown name is a ``UsageError`` that suggests the nearest."""
    if name in RULES:
        return RULES[name]
    near = get_close_matches(name, RULES, n=1)
    raise UsageError(
        f"there is no rule {name!r}",
        expected=f"one of {', '.join(RULES)}",
        remedy=f"did you mean {near[0]!r}?" if near else None,
    )


def chosen(settings: AuditSettings) -> tuple[Rule, ...]:
    """Return the rules that speak: those on by default or enabled, without the disabled ones.

    An unknown name in ``disable`` or ``enable`` is a ``UsageError``.
    """
    disabled = {find(name).name for name in settings.disable}
    enabled = {find(name).name for name in settings.enable}
    return tuple(rule for name, rule in RULES.items() if name not in disabled and (rule.on or name in enabled))


def manual(rule: Rule) -> str:
    """Return the manual page of a rule in Markdown; ``rseaudit explain`` prints the same text."""
    state = "on by default" if rule.on else "off by default"
    return "\n".join(
        (
            f"## {rule.name}",
            "",
            f"*{rule.title}.* Dimension `{rule.dimension}`, severity `{rule.severity}`, proposes `{rule.proposal}`, "
            f"{state}.",
            "",
            rule.page,
            "",
            *_examples("Flagged:", rule.bad),
            *_examples("Not flagged:", rule.good),
        )
    )


def manuals() -> str:
    """Return the whole of ``docs/rules.md``."""
    head = (
        "# Rules\n\n"
        "Each rule looks at one content and says what it saw, where, why it matters and what to do.\n"
        "Severity is `info` (good to know), `advice` (to be improved) or `alert` (to be dealt with). Of a short\n"
        "message of a stream (a post of fewer than 40 words) whatever is said is `info`: it scrolls away.\n"
        "`disable` and `enable` under `[audit]` choose the rules; `rseaudit explain RULE` prints one of these\n"
        "pages. They are made from the rules themselves, and a test runs every example.\n"
    )
    return "\n".join((head, *(manual(rule) for rule in RULES.values()))).rstrip("\n") + "\n"


def _examples(head: str, examples: tuple[Example, ...]) -> Iterator[str]:
    for example in examples:
        yield f"{head} {example.setting}".rstrip()
        yield ""
        title = f"[{example.title}]\n" if example.title else ""
        # An indented block shows the text as it is, whatever signs it holds.
        yield indent(title + _short(example.text), "    ")
        yield ""


def _short(text: str) -> str:
    lines = [line if len(line) <= 240 else f"{line[:200].rsplit(' ', 1)[0]} […]" for line in text.splitlines()]
    return "\n".join(lines[:6] if len(lines) <= 6 else [*lines[:5], "[…]"])
