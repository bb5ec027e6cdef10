"""Crawl real French manuals over HTTP, plant passages of theirs in short posts, and count what is found.

    python benchmarks/real_input.py [--keep DIR]

Three sites on three loopback addresses: the Debian reference and the manual of aptitude, as their Debian
packages install them, and an in-house network of twelve posts made here, into nine of which passages of the
manuals are copied. All is done by the command line as its users have it: ``rseaudit crawl``, ``export``
and ``duplicates``. Ends with 1 when a planted passage is missed or a match is false.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lxml.html

from rseaudit.text import normalise

MANUALS = {
    "reference-debian": ("debian-reference-fr", Path("/usr/share/debian-reference"), "index.fr.html"),
    "manuel-aptitude": ("aptitude-doc-fr", Path("/usr/share/doc/aptitude/html/fr"), "index.html"),
}
NOW = "2026-11-23"
SEED = 20261123
# A found passage reads as the planted one when it holds that share of its words, and few others.
COVERED = 0.8
WORDS_AROUND = 3

CONFIG = """
[[source]]
name = "{name}"
role = "{role}"
platform = "website"
profile = "{profile}"
url = "{url}"
politeness = {{ autothrottle = false, concurrency = 8 }}
"""
MANUAL_PROFILE = """
[profile.{name}-profil]
start = ["/{index}"]
allow = ['\\.html$']
[profile.{name}-profil.document]
match = '^/(?P<native_id>[a-z0-9-]+)(?:\\.fr)?\\.html$'
title = ".title"
text = "body > div:not(.navheader):not(.navfooter)"
"""
POSTS_PROFILE = """
[profile.billets.document]
match = '^/billet-(?P<native_id>[0-9]+)\\.html$'
title = "h1"
text = ".texte"
author = ".auteur"
created = "time@datetime"
"""

# (title, what the author wrote before, and after the place where a passage may be planted)
POSTS = (
    ("Nouveaux postes au bureau d'études", "Les douze postes promis sont arrivés mardi.", "Passez voir Karim."),
    ("Mise à jour de vendredi", "Nous avons eu trois appels ce matin à ce sujet.", "Merci à ceux qui ont attendu."),
    ("Pourquoi le serveur de Lille a dormi", "Tout le monde nous l'a demandé, voici.", "Rien n'a été perdu."),
    ("Petit mémo pour l'astreinte", "À garder près du téléphone, la nuit on oublie.", "Corrigez-moi si besoin."),
    ("Retour de la formation", "Deux jours denses avec l'équipe de Nantes.", "Le support est chez Inès."),
    ("Question de Marc sur les dépendances", "Marc l'a posée, d'autres se la posent.", "À discuter lundi."),
    ("Ce que j'ai appris en réparant un portable", "C'était celui de l'accueil, tombé hier.", "Il remarche."),
    ("Préparer la migration", "Le calendrier est affiché à l'entrée.", "La suite au prochain point."),
    ("Une astuce par semaine", "Celle-ci m'a été donnée par Léa.", "Envoyez-moi les vôtres."),
    ("Qui garde les clés du local", "Depuis lundi elles sont à la loge, signez le cahier bleu.", "Bonne semaine."),
    ("Déjeuner d'équipe", "Jeudi à midi et demi, à la crêperie du canal, comme en mars.", "Dites-le à Sofia."),
    ("Bilan des tickets d'octobre", "Quatre-vingt-deux ouverts, soixante-dix-neuf fermés.", "On continue."),
)
KINDS = ("whole section",) * 3 + ("two sentences",) * 3 + ("two sentences, edited",) * 3


@dataclass(frozen=True)
class Planted:
    """A passage of a manual's page, and the post in which it was put."""

    kind: str
    manual: str
    page: str
    text: str
    post: str


@contextmanager
def served(folder: Path, host: str) -> Iterator[str]:
    """Serve a folder with the standard library's server and give its address."""

    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((host, 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def paragraphs(path: Path) -> list[str]:
    """Return the paragraphs of a page as a reader would copy them, read without any code of ours."""
    page = lxml.html.fromstring(path.read_bytes())
    found = page.xpath("//div[contains(@class, 'section')]//p[not(.//pre)]")
    return [text for element in found if (text := " ".join(element.text_content().split()))]


def sentences(paragraph: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÀÉÊ])", paragraph) if len(part.split()) >= 9]


def plain(text: str) -> str:
    return " ".join(normalise(text).text.split())


def edited(text: str) -> str:
    """Change a text as someone in a hurry does: a word more in the first third, one less in the last."""
    words = text.split()
    third = len(words) // 3
    return " ".join([*words[:third], "bien", *words[third : 2 * third], *words[2 * third + 1 :]])


def plant() -> list[Planted]:
    """Choose passages that stand only once in both manuals, the same ones at each call."""
    pages = {
        (name, path.name.removesuffix(".html").removesuffix(".fr")): paragraphs(path)
        for name, (_, folder, _) in MANUALS.items()
        for path in sorted(folder.glob("*.html"))
    }
    everything = " ".join(plain(text) for texts in pages.values() for text in texts)
    candidates: dict[str, list[tuple[str, str, str]]] = {"whole section": [], "two sentences": []}
    for (name, page), texts in pages.items():
        for first, text in enumerate(texts):
            section = " ".join(texts[first : first + 3])
            if 90 <= len(section.split()) <= 220:
                candidates["whole section"].append((name, page, section))
            found = sentences(text)
            if (
                len(found) >= 2
                and 24 <= len(f"{found[0]} {found[1]}".split()) <= 60
                and f"{found[0]} {found[1]}" in text
            ):
                candidates["two sentences"].append((name, page, f"{found[0]} {found[1]}"))
    chance = random.Random(SEED)
    chosen: list[Planted] = []
    used: set[tuple[str, str]] = set()
    for number, kind in enumerate(KINDS, 1):
        source = sorted(MANUALS)[number % 2]
        wanted = [item for item in candidates[kind.split(",")[0]] if item[0] == source]
        while True:
            name, page, text = chance.choice(wanted)
            if (name, page, text) not in used and everything.count(plain(text[: len(text) // 2])) == 1:
                break
        used.add((name, page, text))
        text = edited(text) if kind.endswith("edited") else text
        chosen.append(Planted(kind=kind, manual=name, page=page, text=text, post=str(number)))
    return chosen


def write_posts(folder: Path, planted: list[Planted]) -> None:
    by_post = {item.post: f"<p>{item.text}</p>" for item in planted}
    for number, (title, before, after) in enumerate(POSTS, 1):
        passage = by_post.get(str(number), "")
        (folder / f"billet-{number}.html").write_text(
            f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{title}</title><a href="/">Accueil</a>'
            f'<h1>{title}</h1><p class="auteur">Équipe {number % 4}</p>'
            f'<time datetime="2026-10-{number:02}T09:00:00+02:00">{number} octobre</time>'
            f'<div class="texte"><p>{before}</p>{passage}<p>{after}</p></div></html>',
            "utf-8",
        )
    links = "".join(f'<li><a href="/billet-{number}.html">{number}</a></li>' for number in range(1, len(POSTS) + 1))
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8"><ul>{links}</ul>', "utf-8")


def run(folder: Path, *arguments: str) -> tuple[str, float]:
    """Run one command and return its standard output and how long it took."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "rseaudit", *arguments, "--now", NOW]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        sys.exit(f"rseaudit {' '.join(arguments)} ended with {done.returncode}")
    return done.stdout, time.perf_counter() - begun


def covered(found: str, planted: str) -> float:
    """Return the share of a planted text that a found one holds, in its order; 0 when it holds much else."""
    wanted, got = (re.findall(r"\w+", plain(text)) for text in (planted, found))
    blocks = SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return common / len(wanted) if len(got) - common <= WORDS_AROUND else 0.0


def cut(text: str, match: dict[str, list[dict[str, list[int]]]], side: str) -> str:
    """Return what a match points to on one side, passage after passage."""
    return " ".join(text[slice(*passage[side])] for passage in match["passages"])


def judge(planted: list[Planted], matches: list[dict], texts: dict[tuple[str, str], str]) -> list[str]:
    """Print one line a planted passage and return what is wrong: missed, misread and false ones."""
    wrong = []
    of_posts = {}
    for match in matches:
        key, other = ((match[side]["source"], match[side]["id"]) for side in ("document", "other"))
        if key[0] == "billets":
            of_posts[key, other] = match
    for item in planted:
        key, other = ("billets", item.post), (item.manual, item.page)
        match = of_posts.pop((key, other), None)
        result = "MISSED"
        if match is not None:
            sides = (cut(texts[key], match, "document"), cut(texts[other], match, "other"))
            share = min(covered(side, item.text) for side in sides)
            good = f"found, {share:.0%} of its words ({match['kind']}, {match['evidence']})"
            result = good if share >= COVERED else f"MISREAD: {sides}"
        print(f"  {item.kind:<22} post {item.post:<3} {f'{item.manual}/{item.page}':<27} {result}")
        if not result.startswith("found"):
            wrong.append(f"post {item.post}: {result}")
    false = [f"post {key[1]} and {other[0]}/{other[1]}: {match['kind']}" for (key, other), match in of_posts.items()]
    print(f"\n{len(planted)} passages planted, {len(planted) - len(wrong)} found; {len(false)} false matches of posts")
    return wrong + false


def configure(folder: Path, addresses: dict[str, str]) -> None:
    parts = [
        CONFIG.format(name=name, role="reference", profile=f"{name}-profil", url=addresses[name]) for name in MANUALS
    ]
    parts.append(CONFIG.format(name="billets", role="audited", profile="billets", url=addresses["billets"]))
    for name, (_, _, index) in MANUALS.items():
        parts.append(MANUAL_PROFILE.format(name=name, index=index))
    (folder / "rseaudit.toml").write_text("".join(parts) + POSTS_PROFILE, "utf-8")


def measure(folder: Path) -> list[str]:
    """Do all of it in a folder, print the figures, and return what is wrong."""
    planted = plant()
    posts = folder / "posts"
    posts.mkdir(parents=True)
    write_posts(posts, planted)
    with ExitStack() as stack:
        addresses = {"billets": stack.enter_context(served(posts, "127.0.0.3"))}
        for number, (name, (_, manual, _)) in enumerate(MANUALS.items(), 1):
            addresses[name] = stack.enter_context(served(manual, f"127.0.0.{number}"))
        configure(folder, addresses)
        _, first = run(folder, "crawl", "--quiet")
        _, again = run(folder, "crawl", "--quiet")
    lines = [json.loads(line) for line in run(folder, "export", "--canonical")[0].splitlines()]
    texts = {(line["source"], line["id"]): line["text"] for line in lines if line["type"] == "document"}
    pages = Counter(line["source"] for line in lines if line["type"] == "url" and line["state"] == "done")
    answer, seconds = run(folder, "duplicates", "--json", "--quiet")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    print(f"  {'source':<18} {'pages':>6} {'documents':>10} {'words':>8}")
    for name in sorted(pages):
        own = [text for (source, _), text in texts.items() if source == name]
        print(f"  {name:<18} {pages[name]:>6} {len(own):>10} {sum(len(text.split()) for text in own):>8}")
    print(f"\n  first crawl, audit and reports  {first:>6.1f} s")
    print(f"  second crawl, nothing changed   {again:>6.1f} s")
    print(f"  duplicates                      {seconds:>6.1f} s\n")
    return judge(planted, json.loads(answer)["matches"], texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", metavar="DIR", type=Path, help="a new folder for the store and the reports")
    keep = parser.parse_args().keep
    missing = [package for package, manual, index in MANUALS.values() if not (manual / index).is_file()]
    if missing:
        sys.exit(f"the manuals are not installed: apt-get install {' '.join(missing)}")
    if keep is not None and keep.exists():
        sys.exit(f"{keep} exists already: name a new folder")
    with tempfile.TemporaryDirectory() as temporary:
        wrong = measure(keep or Path(temporary) / "real-input")
    for problem in wrong:
        print(f"  wrong: {problem}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
