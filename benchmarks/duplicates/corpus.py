"""Real prose from Debian packages: which, how it is read, and the mechanical test that decides what is prose.

The test runs before any method does and never looks at one: see ``is_prose``.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rseaudit import richtext
from rseaudit.text import words

Paragraphs = list[str]


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package, its subject, and the files that are read; only its own where others fill the same folder."""

    name: str
    subject: str
    patterns: tuple[str, ...]
    language: str = "fr"
    only_own: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The prose of one file: its paragraphs in order."""

    package: str
    path: str
    paragraphs: tuple[str, ...]


DOC = "/usr/share/doc"
FRENCH = (
    Package("libreoffice-help-fr", "office", ("/usr/share/libreoffice/help/fr/text/**/*.html",)),
    Package("lilypond-doc-html-fr", "music", (f"{DOC}/lilypond/html/Documentation/**/*.fr.html",)),
    Package("manpages-fr", "system", ("/usr/share/man/fr/man*/*.gz",)),
    Package("manpages-fr-dev", "system", ()),  # its pages stand in the same folders
    Package("debian-handbook", "system", (f"{DOC}/debian-handbook/html/fr-FR/*.html",)),
    Package("debian-reference-fr", "system", ("/usr/share/debian-reference/*.fr.html",)),
    Package("aptitude-doc-fr", "system", (f"{DOC}/aptitude/html/fr/*.html",)),
    Package("developers-reference-fr", "packaging", ("/usr/share/developers-reference/fr/*.html",)),
    Package("maint-guide-fr", "packaging", (f"{DOC}/maint-guide-fr/html/*.fr.html",)),
    Package("debian-faq-fr", "system", (f"{DOC}/debian/FAQ/fr/*.html",)),
    Package("debian-edu-doc-fr", "system", (f"{DOC}/debian-edu-doc-fr/*.html",)),
    Package("installation-guide-amd64", "system", (f"{DOC}/installation-guide-amd64/fr/*.html",)),
    Package("apt-doc", "system", (f"{DOC}/apt-doc/*.fr.html/*.html",)),
    Package("live-manual-html", "system", (f"{DOC}/live-manual/html/live-manual/*.fr.html",)),
    Package("kicad-doc-fr", "drawing", (f"{DOC}/kicad/help/fr/*.html",)),
    Package("linuxcnc-doc-fr", "machines", (f"{DOC}/linuxcnc/*_fr.pdf", f"{DOC}/linuxcnc/*_fr.html")),
    Package("gosa-help-fr", "system", ("/usr/share/gosa/doc/**/fr/html/**/*.html",)),
    Package("texworks-help-fr", "office", ("/usr/share/texworks-help/fr/*.html",)),
    Package("ubuntu-packaging-guide-html-fr", "packaging", (f"{DOC}/ubuntu-packaging-guide-html-fr/*.html",)),
    Package("eyes17-manuals-fr", "machines", ("/usr/share/eyes17/doc/fr/*.epub",)),
    Package("gnome-user-docs", "desktop", ("/usr/share/help/fr/**/*.page",)),
    Package("scilab-doc-fr", "science", ("/usr/share/scilab/modules/helptools/jar/scilab_fr_FR_help.jar",)),
    Package("gimp-help-fr", "drawing", ("/usr/share/gimp/2.0/help/fr/*.html",)),
)


def _english(name: str, subject: str, *patterns: str) -> Package:
    return Package(name, subject, patterns or (f"{DOC}/{name}/html/**/*.html",), "en")


# Fills the pool up to 90,000 references when they are installed; nothing is planted from it.
ENGLISH = (
    _english("libreoffice-help-en-us", "office", "/usr/share/libreoffice/help/en-US/text/**/*.html"),
    _english("gimp-help-en", "drawing", "/usr/share/gimp/2.0/help/en/*.html"),
    _english("gnucash-docs", "office", f"{DOC}/gnucash-docs/gnucash-*-en/*.html"),
    _english("anarchism", "politics"),
    _english("linuxcnc-doc-en", "machines", f"{DOC}/linuxcnc/LinuxCNC_[DGIM]*[a-z].pdf"),
    Package("manpages", "system", ("/usr/share/man/man[1-8]/*.gz",), "en", only_own=True),
    Package("manpages-dev", "system", ("/usr/share/man/man[1-8]/*.gz",), "en", only_own=True),
    _english("linux-doc-6.1", "system"),
    _english("apache2-doc", "system", f"{DOC}/apache2-doc/manual/en/**/*.html"),
    _english("exim4-doc-html", "system", f"{DOC}/exim4-doc-html/spec_html/*.html"),
    _english("shorewall-doc", "system"),
    _english("krb5-doc", "system", f"{DOC}/krb5-doc/**/*.html"),
    _english("slurm-wlm-doc", "system", f"{DOC}/slurm-wlm/html/*.html"),
    _english("libvirt-doc", "system"),
    _english("ntpsec-doc", "system"),
    _english("nova-doc", "system"),
    _english("neutron-doc", "system"),
    _english("cinder-doc", "system"),
    _english("keystone-doc", "system"),
    _english("ironic-doc", "system"),
    _english("debmake-doc", "packaging", f"{DOC}/debmake-doc/html/*.en.html"),
    _english("buildbot-doc", "packaging", f"{DOC}/buildbot/html/**/*.html"),
    _english("git-doc", "packaging", f"{DOC}/git-doc/**/*.html"),
    _english("cmake-doc", "packaging", f"{DOC}/cmake-data/html/**/*.html"),
    _english("postgresql-doc-15", "science"),
    _english("sqlite3-doc", "science", f"{DOC}/sqlite3/**/*.html"),
    _english("python3.11-doc", "science", f"{DOC}/python3.11/html/**/*.html"),
    _english("python-django-doc", "science"),
    _english("python-sqlalchemy-doc", "science"),
    _english("python-scipy-doc", "science"),
    _english("twisted-doc", "science"),
    _english("octave-doc", "science", f"{DOC}/octave/octave.html/*.html"),
    _english("sagemath-doc", "science", f"{DOC}/sagemath/html/en/**/*.html"),
    _english("texlive-science-doc", "science", "/usr/share/doc/texlive-doc/**/*.pdf"),
    Package("texlive-humanities-doc", "science", (), "en"),  # its manuals stand in the same folders
    _english("cppreference-doc-en-html", "science", "/usr/share/cppreference/doc/html/en/**/*.html"),
    _english("libstdc++-12-doc", "science", f"{DOC}/gcc-12-base/libstdc++/manual/*.html"),
    _english("qtbase5-doc-html", "science", "/usr/share/qt5/doc/**/*.html"),
    Package("qtdeclarative5-doc-html", "science", (), "en"),  # and so do those of Qt
    _english("ghc-doc", "science", f"{DOC}/ghc-doc/html/users_guide/**/*.html"),
    _english("libgtk-3-doc", "science", "/usr/share/gtk-doc/html/**/*.html"),
)
LEAST_WORDS = 12
LEAST_FUNCTION_WORDS = 20  # percent
FUNCTION_WORDS = {
    "fr": frozenset(
        "le la les l un une des de d du et ou a au aux en dans sur par pour avec sans est sont ce cette ces cet qui "
        "que qu ne pas vous il elle on se s son sa ses votre vos plus si ou comme etre peut".split()
    ),
    "en": frozenset("the a an of to in on by for with is are be this that which and or not you it if as can".split()),
}
_SENTENCE_END = re.compile(r"[.!?…:][\"'»”’)\]\s]*$")


def is_prose(paragraph: str, language: str = "fr") -> bool:
    """Tell whether a paragraph is prose: words enough, an end, and a share of the language's small words.

    At least 12 words; the last sign is one of . ! ? … :; at least 20 % of the words are function words
    of the language; at least three words in four are made of letters only.
    """
    forms = words(paragraph).forms
    if len(forms) < LEAST_WORDS or not _SENTENCE_END.search(paragraph):
        return False
    small = sum(form in FUNCTION_WORDS[language] for form in forms)
    letters = sum(form.isalpha() for form in forms)
    return 100 * small >= LEAST_FUNCTION_WORDS * len(forms) and 4 * letters >= 3 * len(forms)


def pages(packages: Iterable[Package] = FRENCH, *, cache: Path | None = None) -> Iterator[Page]:
    """Yield the pages of installed packages that hold prose, in order of package and path.

    ``cache`` is a folder that keeps what was read: PDF and man pages take a minute.
    """
    for package in packages:
        kept = cache / f"{package.name}.jsonl" if cache else None
        if kept and kept.exists():
            for line in kept.read_text("utf-8").splitlines():
                path, *paragraphs = json.loads(line)
                yield Page(package.name, path, tuple(paragraphs))
            continue
        found = list(_pages(package))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            lines = (json.dumps([page.path, *page.paragraphs], ensure_ascii=False) + "\n" for page in found)
            kept.write_text("".join(lines), "utf-8")
        yield from found


def _pages(package: Package) -> Iterator[Page]:
    paths = sorted({path for pattern in package.patterns for path in Path("/").glob(pattern.lstrip("/"))})
    own = _listed(package.name) if package.only_own else frozenset(map(str, paths))
    for path in paths:
        if "big-page" in path.name or path.is_symlink() or str(path) not in own:
            continue
        for name, paragraphs in _READERS[path.suffix](str(path)):
            prose = tuple(p for p in (" ".join(p.split()) for p in paragraphs) if is_prose(p, package.language))
            if prose:
                yield Page(package.name, name, prose)


def _listed(package: str) -> frozenset[str]:
    found = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True, check=False)
    return frozenset(found.stdout.splitlines())


def _html(path: str) -> Iterator[tuple[str, Paragraphs]]:
    yield path, _html_paragraphs(Path(path).read_bytes())


def _html_paragraphs(raw: bytes) -> Paragraphs:
    try:
        body = raw.decode("utf-8")
    except UnicodeDecodeError:
        body = raw.decode("iso-8859-15")
    return richtext.read(body, "html").text.split("\n")


def _mallard(path: str) -> Iterator[tuple[str, Paragraphs]]:
    from lxml import etree

    tree = etree.parse(path, etree.XMLParser(recover=True, resolve_entities=False))
    yield path, ["".join(p.itertext()) for p in tree.iter("{http://projectmallard.org/1.0/}p")]


def _pdf(path: str) -> Iterator[tuple[str, Paragraphs]]:
    """Read a PDF with pdftotext; a paragraph ends at an empty line, a page is no unit of prose."""
    text = subprocess.run(["pdftotext", "-nopgbrk", path, "-"], check=True, capture_output=True).stdout.decode()
    yield path, [re.sub(r"(\w)-\n(\w)", r"\1\2", part) for part in re.split(r"\n\s*\n", text)]


def _zipped(path: str) -> Iterator[tuple[str, Paragraphs]]:
    with zipfile.ZipFile(path) as jar:
        for name in sorted(name for name in jar.namelist() if name.endswith(("html",))):
            yield f"{path}!{name}", _html_paragraphs(jar.read(name))


def _man(path: str) -> Iterator[tuple[str, Paragraphs]]:
    """Read the source of a man page: requests end paragraphs, except those that set a font."""
    paragraphs: list[list[str]] = [[]]
    for line in gzip.decompress(Path(path).read_bytes()).decode("utf-8", "replace").splitlines():
        if line.startswith(('.\\"', "'\\\"")):
            continue
        if line.startswith((".B ", ".I ", ".BR ", ".IR ", ".RB ", ".RI ", ".BI ", ".IB ")):
            paragraphs[-1].append(line.split(" ", 1)[1].replace('"', ""))
        elif line.startswith((".", "'")) or not line.strip():
            paragraphs.append([])
        else:
            paragraphs[-1].append(line)
    yield path, [_ROFF.sub(_unescaped, " ".join(lines)) for lines in paragraphs]


_ROFF = re.compile(r"\\(f[A-Z0-9]|f\[[A-Z]*\]|f\(..|[,/&|^%c]|s[-+]?\d|\(..|\[[^]]*\]|m\[[^]]*\]|.)")
_SIGNS = {"-": "-", " ": " ", "~": " ", "0": " ", "e": "\\", "(aq": "'", "(cq": "'", "(oq": "'", "(em": "—"}


def _unescaped(match: re.Match[str]) -> str:
    return _SIGNS.get(match.group(1), "")


_READERS: dict[str, Callable[[str], Iterator[tuple[str, Paragraphs]]]] = {
    ".html": _html,
    ".page": _mallard,
    ".pdf": _pdf,
    ".jar": _zipped,
    ".epub": _zipped,
    ".gz": _man,
}
