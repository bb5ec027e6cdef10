from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.drafts import read_draft
from rseaudit.errors import UsageError
from rseaudit.model import Document

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(data: bytes, name: str = "note.txt", form: str | None = None) -> Document:
    return read_draft(data, name=name, form=form, now=NOW)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(*paragraphs: tuple[str, str]) -> bytes:
    """Return the least that Word itself opens: paragraphs with the name of their style."""
    names = sorted({style for style, _ in paragraphs})
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{n.replace(" ", "")}"><w:name w:val="{n}"/></w:style>' for n in names
    )
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    return out.getvalue()


def test_plain_text_is_read_as_it_is():
    draft = read("Le four redémarre jeudi.\n\nVenez tôt.".encode())
    assert (draft.text, draft.format, draft.body) == ("Le four redémarre jeudi.\n\nVenez tôt.", "text", None)
    assert draft.created == NOW


def test_markdown_keeps_its_quotations():
    draft = read(b"# Titre\n\n> Une phrase reprise\n\nfin", "note.md")
    assert (draft.format, draft.title) == ("markdown", "Titre")
    assert "Une phrase reprise" in draft.text


def test_html_gives_its_text():
    assert read(b"<p>Un</p><script>x()</script><p>Deux</p>", "note.html").text == "Un\n\nDeux"


def test_a_word_document_gives_its_paragraphs():
    draft = read(docx(("heading 1", "Consignes"), ("Normal", "Le four redémarre jeudi.")), "note.docx")
    assert draft.text == "Consignes\n\nLe four redémarre jeudi."
    assert draft.title == "Consignes"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_windows_writes_is_read(encoding: str):
    assert read("Été à l'usine".encode(encoding)).text == "Été à l'usine"


def test_the_kind_may_be_named_for_standard_input():
    assert read(b"<b>Un</b> mot", "draft", "html").text == "Un mot"


@pytest.mark.parametrize(
    ("data", "name"), [(b"%PDF-1.7", "a.pdf"), (b"PK\x03\x04", "a.odt"), (b"\xd0\xcf\x11\xe0", "a.doc")]
)
def test_another_kind_of_file_is_refused_with_the_remedy(data: bytes, name: str):
    with pytest.raises(UsageError, match=r"save it as \.docx"):
        read(data, name)


@pytest.mark.parametrize("data", [b"", b"  \n", b"<p></p>"])
def test_an_empty_draft_is_refused(data: bytes):
    with pytest.raises(UsageError, match="empty"):
        read(data, "a.html")


def test_a_damaged_word_document_is_refused():
    with pytest.raises(UsageError, match="not a Word document"):
        read(b"PK\x03\x04rubbish", "a.docx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/other.xml", "<x/>")
    with pytest.raises(UsageError, match="not a Word document"):
        read(out.getvalue(), "a.docx")


def test_a_word_document_that_unpacks_to_too_much_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 210_000_000)
    with pytest.raises(UsageError, match="unpacks to"):
        read(out.getvalue(), "a.docx")


def test_a_word_document_cannot_blow_up_by_entities():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + ']><w:document xmlns:w="'
        + WORD
        + '"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(("Normal", "texte")))) as good, zipfile.ZipFile(out, "w") as bad:
        for item in good.infolist():
            bad.writestr(item, bomb if item.filename == "word/document.xml" else good.read(item))
    with pytest.raises(UsageError, match="not a Word document"):
        read(out.getvalue(), "a.docx")


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a"]))
def test_any_bytes_are_a_draft_or_a_clear_error(data: bytes, name: str):
    try:
        draft = read(data, name)
    except UsageError as error:
        complaint = str(error)
    else:
        complaint = name
        assert draft.text.strip()
    assert name in complaint
