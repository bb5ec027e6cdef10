"""What the watchlists see, what forbids it, and what it is worth."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.config.watchlist import Watchlist
from rseaudit.i18n import translator
from rseaudit.model import Entry, Feed
from rseaudit.watch import language
from rseaudit.watch.matching import Matcher, Matches
from rseaudit.watch.relevance import Relevance, score

NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
FEED = Feed(url="https://f.example.org/rss", name="La Gazette")

SOCIAL = """
id = "social"
label = { fr = "Outils sociaux", en = "Social tools" }
none = ["CSRD", "bilan carbone"]

[[topic]]
id = "network"
label = { fr = "Réseau social d'entreprise", en = "Enterprise social network" }
any = ["réseau social d'entreprise", "RSE", "enterprise social network", "plateforme collaborative"]
none = ["responsabilité sociétale", "responsabilité sociale"]
weight = 2

[[topic]]
id = "ai"
label = { fr = "IA et intranet", en = "AI and intranet" }
near = { terms = ["intranet", "IA"], within = 5 }

[[topic]]
id = "rights"
label = { fr = "Droits", en = "Rights" }
all = ["déconnexion", "accord"]
context = ["salarié", "collaborateur"]

[[topic]]
id = "english"
label = { fr = "En anglais", en = "In English" }
any = ["governance"]
lang = ["en"]

[[vendor]]
name = "Confluence"
context = ["Atlassian", "wiki"]

[[vendor]]
name = "Teams"
context = ["Microsoft"]

[[vendor]]
name = "LumApps"
aliases = ["Lum Apps"]
weight = 3
"""
MOBILITY = """
id = "mobility"
label = { fr = "Mobilité des usages", en = "Mobile work" }
none = ["mobilité urbaine", "mobilité douce", "mobilité électrique", "covoiturage"]

[[topic]]
id = "mobile"
label = { fr = "Usages mobiles", en = "Mobile uses" }
any = ["mobilité", "télétravail", "mobile first"]
"""
LISTS = tuple(Watchlist.model_validate(tomllib.loads(text)) for text in (SOCIAL, MOBILITY))
MATCHER = Matcher(LISTS)


def entry(title: str, summary: str = "", *, age: int = 0, lang: str | None = "fr") -> Entry:
    published = NOW - timedelta(days=age)
    return Entry(
        id=title, feed=FEED.url, url="", title=title, summary=summary, published=published, first_seen=NOW, lang=lang
    )


def seen(title: str, summary: str = "", **more) -> Matches:
    return MATCHER.match(entry(title, summary, **more))


def judged(title: str, summary: str = "", *, feed: Feed = FEED, **more) -> Relevance:
    item = entry(title, summary, **more)
    return score(item, feed, MATCHER.match(item), now=NOW)


@pytest.mark.parametrize(
    "title",
    [
        "Les réseaux sociaux d’entreprise ont dix ans",
        "RESEAUX SOCIAUX D'ENTREPRISE : LE RETOUR",
        "Un réseau  social d'Entreprise pour tous",
        "Le RSE de la mairie",
        "Des plateformes collaboratives",
        "Why enterprise social networks matter to you",
    ],
)
def test_inflection_case_accents_and_typography_hide_nothing(title):
    assert [match.topic.id for match in seen(title).topics] == ["network"]


@pytest.mark.parametrize(
    ("title", "summary", "veto"),
    [
        ("RSE : ce que change la CSRD", "Les entreprises se préparent.", "CSRD"),
        ("La RSE en pratique", "La responsabilité sociétale des entreprises progresse.", "responsabilité sociétale"),
        ("La RSE en pratique", "Les responsabilités sociales de chacun.", "responsabilités sociales"),
        ("La mobilité urbaine en débat", "", "mobilité urbaine"),
        ("Mobilités douces : le plan de la ville", "", "Mobilités douces"),
        ("La mobilité électrique avance", "", "mobilité électrique"),
    ],
)
def test_the_other_meaning_of_a_word_is_vetoed_and_the_veto_is_named(title, summary, veto):
    matches, result = seen(title, summary), judged(title, summary)
    assert matches.topics == ()
    assert matches.vetoed[0].vetoes[0].written == veto
    assert (result.score, result.watchlists) == (0, ())
    assert veto in result.reasons[0].say(translator("fr"))


def test_a_veto_of_one_watchlist_leaves_the_other_alone():
    assert judged("Télétravail et RSE", "CSRD : le point").watchlists == ("mobility",)


def test_an_acronym_counts_in_capitals_only():
    assert seen("le nerf rse de la guerre").topics == ()


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("L'intranet dopé à l'IA", True),
        ("IA : ce que l'intranet y gagne", True),
        ("Intranet, un an après : l'équipe parle enfin de l'IA", False),
    ],
)
def test_near_terms_must_stand_near(title, found):
    assert bool(seen(title).topics) is found


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Un accord sur la déconnexion des salariés.", True),
        ("Un accord sur la déconnexion des machines.", False),
        ("La déconnexion des salariés.", False),
    ],
)
def test_all_and_context_must_both_hold(summary, found):
    assert bool(seen("Nouvelle", summary).topics) is found


def test_a_topic_of_one_language_is_looked_for_in_that_language():
    assert [m.topic.id for m in seen("The governance of content is what you need", lang="en").topics] == ["english"]
    assert seen("La governance est dans le titre de la note").topics == ()


@pytest.mark.parametrize(
    ("title", "summary", "vendors"),
    [
        ("Confluence 9 arrive", "Atlassian annonce la nouvelle version.", ["Confluence"]),
        ("Lyon Confluence : un musée rouvre", "Le quartier attend ses visiteurs.", []),
        ("Confluence", "mot " * 30 + "Atlassian", []),
        ("Microsoft Teams change de prix", "", ["Teams"]),
        ("Microsoft réorganise ses teams", "", []),
        ("Lum Apps lève des fonds", "", ["LumApps"]),
        ("Microsoft revoit une team", "", []),
    ],
)
def test_an_ambiguous_name_needs_its_context_near(title, summary, vendors):
    assert [match.vendor.name for match in seen(title, summary).vendors] == vendors


def test_the_longest_phrase_counts_once():
    text = (
        'id = "x"\nlabel = { fr = "x", en = "x" }\n[[topic]]\nid = "t"\nlabel = { fr = "t", en = "t" }\n'
        'any = ["intranet", "intranet collaboratif"]\n'
    )
    (match,) = Matcher([Watchlist.model_validate(tomllib.loads(text))]).match(entry("Un intranet collaboratif")).topics
    assert [hit.phrase for hit in match.hits] == ["intranet collaboratif"]


def test_a_title_is_worth_more_than_the_lead_and_the_lead_more_than_the_rest():
    filler = "Phrase sans rapport. " * 20
    scores = [
        judged("Télétravail").score,
        judged("Nouvelle", "Le télétravail. " + filler).score,
        judged("Nouvelle", filler + "Le télétravail.").score,
    ]
    assert scores == [31, 22, 12]


def test_phrases_add_up_without_ever_passing_a_hundred():
    two = judged("Télétravail", "La mobilité et le télétravail en mobile first.")
    everything = judged("RSE LumApps réseau social d'entreprise plateforme collaborative intranet IA")
    assert judged("Télétravail").score < two.score < everything.score <= 100


def test_age_halves_the_score_each_week_and_leaves_the_relevance():
    fresh, old = judged("Télétravail"), judged("Télétravail", age=7)
    assert (fresh.relevance, fresh.score, old.relevance, old.score) == (31, 31, 31, 16)
    assert old.reasons[-1].say(translator("fr")).startswith("âge en jours")


def test_a_source_of_less_trust_weighs_less_and_says_so():
    result = judged("Télétravail", feed=replace(FEED, trust=0.5))
    assert result.score == 23
    assert "La Gazette" in result.reasons[-1].say(translator("en"))


def test_reasons_are_said_in_the_language_of_the_reader():
    (reason,) = judged("Réseaux sociaux d'entreprise").reasons
    assert reason.say(translator("en")) == (
        "“Réseaux sociaux d'entreprise” in the title, topic “Enterprise social network”: weight 2 × 3"
    )
    assert "dans le titre, thème" in reason.say(translator("fr"))


def test_what_no_watchlist_looks_for_has_no_score_and_no_reason():
    assert judged("Recette de la tarte", "Du beurre et des pommes.") == Relevance(
        relevance=0, score=0, watchlists=(), reasons=()
    )


@pytest.mark.parametrize(
    ("text", "declared", "lang"),
    [
        ("Le télétravail est dans tous les esprits", "en", "fr"),
        ("The return to office is on everyone's mind", "fr", "en"),
        ("Slack 4.0", "en-US", "en"),
        ("Slack 4.0", None, "fr"),
    ],
)
def test_words_tell_the_language_before_the_feed_does(text, declared, lang):
    assert language.guess(text, declared) == lang


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120), st.text(max_size=200))
def test_any_text_is_read_with_offsets_that_hold(title, summary):
    item = entry(title, summary)
    result = score(item, FEED, MATCHER.match(item), now=NOW)
    assert 0 <= result.score <= result.relevance <= 100
    reading = language.read(title, "fr")
    assert all(0 <= start < end <= len(title) for start, end in zip(reading.starts, reading.ends, strict=True))
