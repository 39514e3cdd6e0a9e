"""Pages of three sites that do not exist, in words made up here."""

from __future__ import annotations

import json
import random

from ingest.records import RawPage

SYLLABLES = (
    "ba",
    "lo",
    "ri",
    "men",
    "tu",
    "sa",
    "kel",
    "dor",
    "vi",
    "na",
    "pro",
    "shi",
    "gan",
    "tel",
    "mo",
    "fra",
)
NAMES = ("Mira Tolden", "Juno Karvel", "Oskar Lindt", "Petra Wenlow", "Hugo Sarn", "Ada Brink")


SMALL = {
    "en": (
        "the",
        "of",
        "and",
        "to",
        "in",
        "that",
        "was",
        "with",
        "from",
        "their",
        "have",
        "been",
        "which",
        "would",
    ),
    "de": (
        "der",
        "die",
        "und",
        "das",
        "ist",
        "mit",
        "von",
        "nicht",
        "auf",
        "eine",
        "wurde",
        "sich",
        "auch",
        "nach",
    ),
}


def sentence(random_: random.Random, words: int = 14, language: str = "en") -> str:
    """Made-up words between small ones of the language, so that it can be told."""
    made = []
    for number in range(words):
        invented = "".join(random_.choices(SYLLABLES, k=random_.randint(1, 3)))
        made.append(invented if number % 2 else random_.choice(SMALL[language]))
    return " ".join(made).capitalize() + "."


def paragraphs(random_: random.Random, count: int = 7, language: str = "en") -> list[str]:
    return [
        " ".join(sentence(random_, random_.randint(9, 16), language) for _ in range(3)) for _ in range(count)
    ]


def microdata_site(pages: int) -> list[RawPage]:
    """`itemprop` and hashed class names, JSON-LD with the whole text, a box of wording that comes again."""
    return [_microdata_page(number) for number in range(pages)]


def _microdata_page(number: int) -> RawPage:
    random_ = random.Random(f"microdata {number}")
    body = paragraphs(random_, language="de")
    title, name = sentence(random_, 7, "de")[:-1], NAMES[number % len(NAMES)]
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": f"2023-0{number % 6 + 4}-11T08:3{number % 10}:00+02:00",
        "author": {"@type": "Person", "name": name},
        "publisher": {"@type": "Organization", "name": "Hafenblatt"},
        "articleBody": "\n".join(body),
    }
    middle = len(body) // 2
    text = "".join(f"<p class='css-{number}x9k'>{paragraph}</p>" for paragraph in body[:middle])
    text += "<div class='sc-qPz9'><p>Das Hafenblatt gibt es auch gedruckt in jedem Kiosk am Ufer der Stadt.</p></div>"
    text += "".join(f"<p>{paragraph}</p>" for paragraph in body[middle:])
    html = f"""<!doctype html><html lang="de"><head><title>{title} | Hafenblatt</title>
    <link rel="canonical" href="https://www.hafenblatt.example/lokal/{number}">
    <script type="application/ld+json">{json.dumps(said)}</script></head><body>
    <nav><a href="/">Start</a> <a href="/lokal">Lokal</a></nav>
    <main class="css-1a2b3c"><h1>{title}</h1><a rel="author" href="/a/{number}">{name}</a>
    <time datetime="{said["datePublished"]}">11.04.2023</time>
    <div class="css-77ab{number}" itemprop="articleBody">{text}
    <div class="share-bar"><a href="#">Teilen</a><a href="#">Mailen</a></div></div></main>
    <footer>Hafenblatt Verlag</footer></body></html>"""
    return RawPage(data=html.encode(), source=f"/made/hafen/{number}.html", media_type="text/html")


def class_site(pages: int, *, redesigned: int = 0) -> list[RawPage]:
    """Plain classes, no structured data, furniture lines amid the text; the last pages in an older look."""
    return [_class_page(number, old=number >= pages - redesigned) for number in range(pages)]


def _class_page(number: int, *, old: bool) -> RawPage:
    random_ = random.Random(f"class {number}")
    body = paragraphs(random_)
    title, name = sentence(random_, 8)[:-1], NAMES[number % len(NAMES)]
    lines = [f"<p>{paragraph}</p>" for paragraph in body]
    lines.insert(
        2, "<p>Readers of The Tarn Courier can win two tickets to the boat race every single week.</p>"
    )
    lines.insert(
        4, f"<p>Tarn Courier archive, entry {number * 37 + 11}: listen to this story in our podcast</p>"
    )
    lines.append("<p>The Tarn Courier has been printed in the seven valleys by the lake since the flood.</p>")
    inner = "".join(lines)
    wrap, name_of_body, year = ("frame", "oldstory", 2009) if old else ("reading-column", "story-text", 2022)
    day = f"{year}-05-{number % 27 + 1:02}T10:00:00Z"
    html = f"""<!doctype html><html lang="en"><head><title>{title} - The Tarn Courier</title>
    <meta property="og:site_name" content="The Tarn Courier"><meta property="og:title" content="{title}">
    <meta property="article:published_time" content="{day}">
    <meta property="og:url" content="https://tarncourier.example/{year}/{number}"></head><body>
    <div class="topbar"><a href="/">Home</a></div>
    <div class="{wrap}"><h1 class="story-title">{title}</h1><p class="byline">By {name}</p>
    <div class="{name_of_body}">{inner}</div>
    <div class="related-box"><h3>More stories</h3><ul><li><a href="/x">{sentence(random_, 6)}</a></li>
    <li><a href="/y">{sentence(random_, 6)}</a></li></ul></div></div></body></html>"""
    return RawPage(data=html.encode(), source=f"/made/tarn/{number}.html", media_type="text/html")


def text_site(pages: int) -> list[RawPage]:
    """Text pages without an address: a menu before, a block of lines behind, a date and a byline under the title."""
    return [_text_page(number) for number in range(pages)]


def _text_page(number: int) -> RawPage:
    random_ = random.Random(f"text {number}")
    body = paragraphs(random_)
    head = [
        sentence(random_, 7)[:-1],
        f"Filed: May {number + 3}, 2021 10:0{number % 10}",
        f"By {NAMES[number % 6]}",
    ]
    body.insert(3, "Keep the presses of the Norrland Ledger rolling with a small gift on Fridays.")
    tail = [
        "The Norrland Ledger is printed on the island",
        "Mooring fees and tides",
        "Letters to the harbour master",
    ]
    text = "\n\n".join([*head, *body, *tail])
    return RawPage(data=text.encode(), source=f"/made/norrland/{number}.txt", media_type="text/plain")


def deck_site(pages: int) -> list[RawPage]:
    """The summary as a heading without a name, inside the element that holds the article; the head gives it cut off."""
    return [_deck_page(number) for number in range(pages)]


def _deck_page(number: int) -> RawPage:
    random_ = random.Random(f"deck {number}")
    title, deck = sentence(random_, 8)[:-1], sentence(random_, 20)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(random_))
    html = f"""<!doctype html><html lang="en"><head><title>{title} | Quay News</title>
    <meta property="og:title" content="{title}"><meta property="og:description" content="{deck[:70]}…">
    <link rel="canonical" href="https://quaynews.example/{number}"></head><body>
    <article><header><h1>{title}</h1><h3>{deck}</h3></header>{text}</article></body></html>"""
    return RawPage(data=html.encode(), source=f"/made/quay/{number}.html", media_type="text/html")


def titled_site(shared: list[str]) -> list[RawPage]:
    """Pages whose h1, JSON-LD and <title> agree; og:title is as given, where `{}` stands for that title."""
    return [_titled_page(number, title) for number, title in enumerate(shared)]


def _titled_page(number: int, shared: str) -> RawPage:
    random_ = random.Random(f"titled {number}")
    title = sentence(random_, 9)[:-1]
    said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(random_))
    html = f"""<!doctype html><html lang="en"><head><title>{title}</title>
    <meta property="og:title" content="{shared.format(title)}">
    <link rel="canonical" href="https://titles.example/{number}">
    <script type="application/ld+json">{json.dumps(said)}</script></head><body>
    <main><h1 class="story-title">{title}</h1><div class="story-text">{text}</div></main></body></html>"""
    return RawPage(data=html.encode(), source=f"/made/titles/{number}.html", media_type="text/html")
