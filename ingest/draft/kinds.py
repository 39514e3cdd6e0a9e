"""What kind of furniture a line is, by its wording, else by its place."""

from __future__ import annotations

import re
from typing import Literal

from ingest.extract.phrases import is_credit, kind_of_start
from ingest.records import Kind
from ingest.rules import SiteRules

Place = Literal["head", "middle", "tail"]

LONG = 80  # characters
_WORDS: tuple[tuple[Kind, str], ...] = (
    ("cookie", r"\bcookies?\b|\bconsent\b|datenschutzeinstellung"),
    (
        "newsletter",
        r"newsletters?\b|\binbox\b|sign up|\bboletín\b|infolettre|nyhetsbrev|nieuwsbrief|\bpostfach\b|e-?mail alerts?",
    ),
    (
        "plea",
        r"\bsubscri|\bdonat|support (?:us|our|independent)|become a member|\bmembership\b|\babonn|suscr[ií]b|assine\b"
        r"|abbonati|\bspenden?\b|free articles?|independent journalism|our journalism|\bpaywall\b|dear readers?\b",
    ),
    ("ad", r"\badvertis|\bsponsored\b|\banzeige\b|\bwerbung\b|publicidad|publicité|pubblicità|reklam"),
    (
        "share",
        r"\bshare\b|\btweet\b|facebook|whatsapp|\btwitter\b|instagram|telegram|\bteilen\b|compartir|partager",
    ),
    ("comments", r"\bcomments?\b|\bkommentar|comentarios|commentaires|join the (?:conversation|discussion)"),
    (
        "related",
        r"read (?:more|also|next)|related|see also|more (?:from|on|stories)|most read|mehr zum thema"
        r"|lesen sie|auch interessant|à lire|lire aussi|leia (?:mais|também)|lee también|leggi anche|lees ook"
        r"|les også|läs mer|recommended|trending",
    ),
    (
        "legal",
        r"©|\(c\) ?\d{4}|copyright|all rights reserved|alle rechte|tous droits|reservados|terms (?:of|and)|privacy",
    ),
    (
        "promo",
        r"download (?:the|our)|\bour app\b|\bpodcast\b|listen to|watch (?:the|our|live)|follow us"
        r"|join us|\bapp store\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _WORDS)


def told_kind(text: str, packs: SiteRules) -> Kind | None:
    """The kind that a line's wording tells, by the packs, the generic phrases, and a few words of its own."""
    for number, role in packs.match(text):
        if role in ("line", "part"):
            return packs.strips[number].label.kind
    if kind := kind_of_start(text, long=len(text) > LONG):
        return kind
    if is_credit(text):
        return "credit"
    return next((kind for kind, pattern in _COMPILED if pattern.search(text[:400])), None)


def kind_of_place(place: Place) -> Kind:
    """The kind of a line whose wording says nothing."""
    return "nav" if place == "head" else "furniture"
