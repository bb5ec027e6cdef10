"""Read a draft as a document: plain text, Markdown, HTML or Word."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

from rseaudit import richtext
from rseaudit.errors import UsageError
from rseaudit.model import Document, TextFormat

SOURCE = "draft"
SPACE = "draft"
FORMATS = ("text", "markdown", "html", "docx")
_SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".docx": "docx",
}  # fmt: skip
_MOST_BYTES = 20_000_000
_MOST_UNPACKED = 200_000_000
_TITLE = 120


def read_draft(data: bytes, *, name: str, form: str | None, now: datetime) -> Document:
    """Return the draft as a document of ``SOURCE`` that was created at ``now``.

    ``form`` is one of ``FORMATS``; without it the name's ending says, and plain text is the default.
    Raises ``UsageError`` for a file that is empty, too large or of another kind.
    """
    suffix = Path(name).suffix.lower()
    kind = form or _SUFFIXES.get(suffix, "text")
    if kind not in FORMATS:
        raise UsageError(f"--format: {kind!r} is not known", expected=", ".join(FORMATS))
    if len(data) > _MOST_BYTES:
        raise UsageError(f"the draft has {len(data)} bytes", where=name, expected=f"at most {_MOST_BYTES}")
    if form is None and suffix not in _SUFFIXES and data[:4] in (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise UsageError(
            "this is not a kind of draft that can be read",
            where=name,
            expected="text, Markdown, HTML or .docx",
            remedy="save it as .docx, or copy its text and pipe it: `rseaudit check -`",
        )
    body = _docx(data, name) if kind == "docx" else _decoded(data, name)
    text_format: TextFormat = "html" if kind in ("html", "docx") else "markdown" if kind == "markdown" else "text"
    rich = richtext.read(body, text_format)
    if not rich.text.strip():
        raise UsageError("the draft is empty", where=name, expected="a text")
    return Document(
        source=SOURCE,
        id=name,
        kind="page",
        text=rich.text,
        title=_title(rich.text),
        body=body if text_format != "text" else None,
        format=text_format,
        spaces=(SPACE,),
        created=now,
        visibility="registered",
    )


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError("the text cannot be decoded", where=name, expected="UTF-8", remedy="save it as UTF-8")


def _docx(data: bytes, name: str) -> str:
    from zipfile import BadZipFile, ZipFile

    damaged = UsageError(
        "this is not a Word document", where=name, expected="a .docx file, as Word and LibreOffice save it"
    )
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (BadZipFile, OSError, ValueError):
        raise damaged from None
    if unpacked > _MOST_UNPACKED:
        raise UsageError(f"the document unpacks to {unpacked} bytes", where=name, expected=f"at most {_MOST_UNPACKED}")
    import mammoth  # type: ignore[import-untyped]

    try:
        # Pictures say nothing here, and would be copied into the body.
        picture = mammoth.images.img_element(lambda _image: {"src": ""})
        html: str = mammoth.convert_to_html(BytesIO(data), convert_image=picture, external_file_access=False).value
    except Exception as error:  # the library names no error of its own for a document that it cannot read
        raise damaged from error
    return html


def _title(text: str) -> str:
    """Return the first line when it looks like a heading: short, without a full stop, with more below."""
    first, _, rest = text.strip().partition("\n")
    line = " ".join(first.split())
    return line if rest.strip() and len(line) <= _TITLE and not re.search(r"[.,;:]$", line) else ""
