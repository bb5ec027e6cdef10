"""What the job says of copies, relays and quotations, one case a behaviour."""

from __future__ import annotations

from rseaudit.model import Ref
from tests.duplicates_posts import NOTE, OTHER, OWN, doc, found, note, of, only, post, sentences


def test_a_note_pasted_whole_is_a_copy():
    reuse = found(note(), post(NOTE))
    match = only(reuse.matches)
    assert (match.document, match.other) == (Ref("rse", "12"), Ref("intranet", "n-17"))
    assert (match.kind, match.original, match.evidence) == ("copy", "other", "api-date")
    assert (match.share_of_document, match.share_of_other) == (1.0, 1.0)
    assert (of(reuse).originality, of(reuse).verdict) == (0.0, "copy")


def test_typographic_signs_and_spaces_do_not_hide_a_copy():
    pasted = NOTE.replace("'", "’").replace(" le ", "\u00a0le ").replace("É", "&Eacute;").upper()
    assert only(found(note(), post(pasted)).matches).share_of_document == 1.0


def test_a_lightly_rewritten_note_is_a_copy_of_it():
    rewritten = (
        NOTE.replace("uniquement", "seulement")
        .replace("seront désactivés", "ne marcheront plus")
        .replace("retirera", "viendra chercher")
        .replace("désormais ", "")
        .replace("provisoire", "temporaire")
    )
    reuse = found(note(), post(rewritten))
    match = only(reuse.matches)
    assert match.kind == "copy"
    assert match.share_of_document > 0.9
    assert of(reuse).verdict == "copy"


def test_an_inflected_copy_is_found_but_not_called_exact():
    inflected = (
        NOTE.replace("désactivés", "désactivées").replace("électriques", "électrique").replace("guidera", "guiderai")
    )
    passage = only(only(found(note(), post(inflected)).matches).passages)
    assert 0.9 < passage.similarity < 1


def test_two_copied_sentences_inside_a_longer_post_are_found_and_nothing_else():
    own, copied = sentences(OWN), " ".join(sentences(NOTE)[1:3])
    text = "\n\n".join([" ".join(own[:3]), copied, " ".join(own[3:])])
    reuse = found(note(), post(text))
    passage = only(only(reuse.matches).passages)
    assert text[passage.document.start : passage.document.end] == copied.rstrip(".")
    assert NOTE[passage.other.start : passage.other.end] == copied.rstrip(".")


def test_a_copied_core_with_enough_own_words_is_adapted():
    reuse = found(note(), post(f"{NOTE}\n\n{OWN}"))
    assert of(reuse).verdict == "adapted"
    assert 0.3 < of(reuse).originality < 0.6


def test_two_copied_sentences_leave_a_long_post_original():
    text = "\n\n".join([OWN, sentences(NOTE)[0], OTHER])
    reuse = found(note(), post(text))
    assert only(reuse.matches).kind == "copy"
    assert of(reuse).verdict == "original"


def test_shuffled_sentences_are_all_covered_by_several_passages():
    order = [4, 1, 5, 0, 3, 2]
    shuffled = " ".join(sentences(NOTE)[place] for place in order)
    match = only(found(note(), post(shuffled)).matches)
    assert len(match.passages) >= 5
    assert match.share_of_document > 0.9
    assert match.share_of_other > 0.9


def test_a_copy_introduced_and_linked_is_a_relay():
    intro = "Collègues de la maintenance, lisez bien ceci, car nos camionnettes entrent aussi par cette rampe : "
    body = f'<p>{intro}<a href="https://intranet.example.com/actus/badges/?utm_source=x">à lire</a></p><p>{NOTE}</p>'
    text = f"{intro}à lire\n\n{NOTE}"
    reuse = found(note(), post(text, body=body, format="html"))
    assert only(reuse.matches).kind == "relay"
    assert of(reuse).verdict == "relay"
    assert of(reuse).attributed_share > 0.7
    assert of(reuse).originality == 1.0


def test_a_copy_that_names_its_source_is_a_relay():
    text = f"Vu sur l'intranet ce matin, et cela concerne toute la maintenance du site nord :\n{NOTE}"
    assert only(found(note(), post(text)).matches).kind == "relay"


def test_a_copy_that_credits_the_author_at_its_end_is_a_relay():
    text = f"Attention, cela change nos habitudes dès la mi-mars au site nord.\n\n{NOTE}\n\nSource : Hélène Marchand"
    assert only(found(note(), post(text)).matches).kind == "relay"


def test_a_copy_that_cites_the_title_is_a_relay():
    text = f"D'après la note « Nouveaux badges du parking nord », voici ce qui nous attend.\n\n{NOTE}"
    assert only(found(note(), post(text)).matches).kind == "relay"


def test_a_title_pasted_with_the_text_credits_nobody():
    text = f"Nouveaux badges du parking nord\n\n{NOTE}"
    reuse = found(note(), post(text))
    assert only(reuse.matches).kind == "copy"
    assert of(reuse).verdict == "copy"


def test_a_link_far_from_the_passage_credits_nobody():
    links = "Voir aussi nos autres actualités sur https://intranet.example.com/actus quand vous aurez le temps."
    text = "\n\n".join([NOTE, *sentences(OWN), links])
    assert only(found(note(), post(text)).matches).kind == "copy"


def test_a_link_copied_inside_the_passage_credits_nobody():
    linked = NOTE.replace("Les véhicules", "Le plan est sur https://intranet.example.com/plan pour tous. Les véhicules")
    assert only(found(note(linked), post(linked)).matches).kind == "copy"


def test_a_share_button_makes_a_relay_and_says_who_was_first():
    first = doc("rse", "3", NOTE, author="Hélène Marchand")
    second = doc(
        "rse",
        "4",
        f"Je vous invite à lire ceci avant de venir lundi au bureau. {NOTE}",
        shared_from="3",
        author="Karim Benali",
    )
    match = only(found(first, second).matches)
    assert (match.document.id, match.kind, match.original, match.evidence) == ("4", "relay", "other", "share-link")


def test_a_passage_in_quotation_marks_is_a_quote():
    quoted = " ".join(sentences(NOTE)[:3]).rstrip(".")
    reuse = found(note(), post(f"{OWN}\n\nLa direction écrit : « {quoted} »."))
    assert only(reuse.matches).kind == "quote"
    assert of(reuse).verdict == "original"
    assert of(reuse).attributed_share > 0.2


def test_a_block_quotation_is_a_quote():
    body = f"<p>{OWN}</p><blockquote><p>{NOTE}</p></blockquote>"
    reuse = found(note(), post(f"{OWN}\n\n{NOTE}", body=body, format="html"))
    assert only(reuse.matches).kind == "quote"


def test_one_authors_copies_inside_one_space_are_own_versions():
    first = post(NOTE, "1", day=0, spaces=("Logistique",))
    second = post(f"Version corrigée du plan de stationnement. {NOTE}", "2", day=1, spaces=("Logistique", "Sécurité"))
    reuse = found(first, second)
    assert only(reuse.matches).kind == "own-version"
    assert (of(reuse, "1").originality, of(reuse, "1").verdict) == (1.0, "original")
    assert of(reuse, "2").verdict == "not-judged"


def test_posting_ones_own_text_in_two_spaces_is_told_but_costs_no_originality():
    first = post(NOTE, "1", day=0, spaces=("Logistique",))
    second = post(NOTE, "2", day=1, spaces=("Sécurité",))
    reuse = found(first, second)
    assert only(reuse.matches).kind == "copy"
    assert of(reuse, "2").originality is None


def test_a_declared_translation_in_the_same_language_is_an_own_version():
    reuse = found(note(), post(NOTE, translation_of="https://intranet.example.com/actus/badges"))
    assert only(reuse.matches).kind == "own-version"


def test_without_dates_the_direction_is_unknown_and_nobody_owes_anything():
    reuse = found(note(day=None), post(f"{NOTE}\n\n{OWN}", day=None))
    match = only(reuse.matches)
    assert (match.original, match.evidence) == ("unknown", "none")
    assert (of(reuse).originality, of(reuse).verdict) == (1.0, "original")


def test_a_whole_copy_of_unknown_direction_is_not_judged():
    reuse = found(note(day=None), post(NOTE, day=None))
    assert (of(reuse).originality, of(reuse).verdict) == (None, "not-judged")


def test_the_original_author_keeps_his_words():
    reuse = found(note(day=5), post(NOTE, day=0))
    assert only(reuse.matches).original == "document"
    assert (of(reuse).originality, of(reuse).verdict) == (1.0, "original")


def test_of_two_audited_documents_the_copy_is_told():
    reuse = found(post(NOTE, "1", day=4, author="A. Roux"), post(NOTE, "2", day=0))
    match = only(reuse.matches)
    assert (match.document.id, match.other.id, match.original) == ("1", "2", "other")
    assert (of(reuse, "1").verdict, of(reuse, "2").verdict) == ("copy", "original")


def test_ones_own_first_version_is_not_owed_to_a_later_copyist():
    mine = post(NOTE, "1", day=0, spaces=("Logistique",))
    copyist = post(NOTE, "2", day=1, author="A. Roux", spaces=("Sécurité",))
    again = post(f"Rappel à tous les conducteurs. {NOTE}", "3", day=2, spaces=("Qualité",))
    reuse = found(mine, copyist, again)
    assert of(reuse, "2").verdict == "copy"
    assert of(reuse, "3").originality in (None, 1.0)


def test_a_note_pasted_in_two_hundred_spaces_is_found_everywhere_without_a_pair_for_each_two():
    posts = [post(NOTE, f"{n:03}", day=1 + n, author=f"Auteur {n}", spaces=(f"Espace {n}",)) for n in range(200)]
    reuse = found(note(), *posts)
    assert {match.document.id for match in reuse.matches if match.other.source == "intranet"} == {p.id for p in posts}
    assert len(reuse.matches) < 1_000
    assert {o.verdict for o in reuse.documents} == {"copy"}


def test_a_note_pasted_with_another_greeting_in_sixty_spaces_is_no_boilerplate():
    posts = [
        post(f"Bonjour le groupe numéro {n * 37} de Toulouse. {NOTE}", f"{n:03}", day=1 + n, author=f"Auteur {n}")
        for n in range(60)
    ]
    reuse = found(note(), *posts)
    assert {m.kind for m in reuse.matches} == {"copy"}
    assert {m.document.id for m in reuse.matches if m.other.source == "intranet"} == {p.id for p in posts}


def test_deleted_and_watched_documents_take_no_part():
    watched = doc("presse", "a", NOTE, day=0)
    reuse = found(note(gone=True), watched, post(NOTE), post(NOTE, "13", gone=True))
    assert reuse.matches == ()
    assert [o.document.id for o in reuse.documents] == ["12"]
