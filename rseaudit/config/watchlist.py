"""The keys of a watchlist file, and how one is found and read."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from rseaudit.config import toml
from rseaudit.config.settings import Ratio
from rseaudit.config.table import Table
from rseaudit.config.validation import validated
from rseaudit.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Pestel = Literal["political", "economic", "social", "technological", "environmental", "legal"]
Horizon = Literal["0-12 months", "1-3 years", "3-5 years"]
Weight = Annotated[int, Field(ge=1, le=5)]


class Label(Table):
    """A name for people, in both languages of the reports."""

    fr: Phrase
    en: Phrase


class Near(Table):
    """All ``terms``, the first words of which stand at most ``within`` words apart."""

    terms: list[Phrase] = Field(min_length=2)
    within: int = Field(default=10, ge=1, le=100)


class Topic(Table):
    """A theme: every condition that is given must hold, and nothing of ``none`` may occur.

    ``any``: one of these; ``all``: each of these; ``near``: see ``Near``; ``context``: one of
    these, anywhere in the entry. ``lang``: only in entries of these languages.
    """

    id: Identifier
    label: Label
    any: list[Phrase] = Field(default=[])
    all: list[Phrase] = Field(default=[])
    none: list[Phrase] = Field(default=[])
    near: Near | None = None
    context: list[Phrase] = Field(default=[])
    weight: Weight = 1
    lang: list[Literal["fr", "en"]] = Field(default=[])

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.any or self.all or self.near):
            raise ValueError("a topic needs at least one of any, all, near")
        return self


class Vendor(Table):
    """A maker or product. With ``context``, one of these must stand within ten words of the name."""

    name: Phrase
    aliases: list[Phrase] = Field(default=[])
    context: list[Phrase] = Field(default=[])
    weight: Weight = 1


class WatchSource(Table):
    """A place that a watchlist brings along; the hints only pre-fill the digest, people confirm."""

    url: str
    kind: Literal["feed", "page", "sitemap"] = "feed"
    name: Phrase
    lang: Literal["fr", "en"] | None = None
    trust: Ratio = 1.0
    pestel_hint: Pestel | None = None
    horizon_hint: Horizon | None = None

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")) or " " in url:
            raise ValueError("expected an address that begins with http:// or https://")
        return url


class Watchlist(Table):
    """What the team looks for. ``none`` vetoes each of its topics, not its vendors."""

    id: Identifier
    label: Label
    none: list[Phrase] = Field(default=[])
    topic: list[Topic] = Field(default=[])
    vendor: list[Vendor] = Field(default=[])
    source: list[WatchSource] = Field(default=[])

    @model_validator(mode="after")
    def _has_no_double(self) -> Self:
        for kind, names in (
            ("topic", [topic.id for topic in self.topic]),
            ("vendor", [vendor.name for vendor in self.vendor]),
            ("source", [source.url for source in self.source]),
        ):
            if double := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"two {kind} tables are named {double[0]!r}")
        return self


def load(name: str, *, base: Path) -> Watchlist:
    """Read a watchlist by its path, or by its id: ``watchlists/<id>.toml`` in ``base``, else one of ours.

    Raises ``ConfigError`` with all problems of the file, ``UsageError`` when there is no such file.
    """
    if name.endswith(".toml"):
        places: list[Path | Traversable] = [base / name]
    else:
        places = [base / "watchlists" / f"{name}.toml", _ours() / f"{name}.toml"]
    for place in places:
        if place.is_file():
            with resources.as_file(place) as path:
                return validated(Watchlist, toml.read(path), base=path.parent)
    raise UsageError(
        f"there is no watchlist {name!r}",
        where="watch.watchlists",
        expected=f"the path of a .toml file or one of: {', '.join(known(base))}",
    )


def load_all(names: Sequence[str], *, base: Path) -> tuple[Watchlist, ...]:
    """Read several watchlists in order; the problems of all files come in one ``ConfigError``."""
    problems: list[str] = []
    found: list[Watchlist] = []
    for name in dict.fromkeys(names):
        try:
            watchlist = load(name, base=base)
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        if any(watchlist.id == other.id for other in found):
            problems.append(f"{name}: id: another watchlist is named {watchlist.id!r}")
        found.append(watchlist)
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def known(base: Path) -> tuple[str, ...]:
    """Return the ids of the watchlists that can be named, in code-point order."""
    files = [*(base / "watchlists").glob("*.toml"), *_ours().iterdir()]
    return tuple(sorted({file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")}))


def _ours() -> Traversable:
    try:
        return resources.files("rseaudit.watchlists")
    except ModuleNotFoundError:  # a checkout that is not installed: the map of pyproject.toml is not there
        return Path(__file__).parents[2] / "watchlists"
