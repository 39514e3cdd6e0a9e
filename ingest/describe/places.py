"""The clock of a page's readers, where its address or its language lies in one zone only."""

from __future__ import annotations

from datetime import tzinfo
from urllib.parse import urlsplit

from ingest.describe.zones import zone_named

# Countries with one clock, by their letters in addresses and language tags; not those whose addresses are sold abroad.
COUNTRIES = {
    entry[:2]: f"{continent}/{entry[3:]}"
    for continent, entries in {
        "Africa": "dz:Algiers eg:Cairo gh:Accra ke:Nairobi ma:Casablanca ng:Lagos tn:Tunis tz:Dar_es_Salaam ug:Kampala "
        "za:Johannesburg zm:Lusaka zw:Harare",
        "America": "ar:Argentina/Buenos_Aires bo:La_Paz cr:Costa_Rica cu:Havana do:Santo_Domingo gt:Guatemala "
        "hn:Tegucigalpa jm:Jamaica ni:Managua pa:Panama pe:Lima py:Asuncion sv:El_Salvador uy:Montevideo ve:Caracas",
        "Asia": "ae:Dubai az:Baku bd:Dhaka cn:Shanghai ge:Tbilisi hk:Hong_Kong il:Jerusalem in:Kolkata "
        "iq:Baghdad ir:Tehran jo:Amman jp:Tokyo kh:Phnom_Penh kr:Seoul kw:Kuwait lb:Beirut lk:Colombo "
        "my:Kuala_Lumpur np:Kathmandu ph:Manila pk:Karachi qa:Qatar sa:Riyadh sg:Singapore th:Bangkok tw:Taipei "
        "vn:Ho_Chi_Minh",
        "Atlantic": "is:Reykjavik",
        "Europe": "al:Tirane at:Vienna ba:Sarajevo be:Brussels bg:Sofia by:Minsk ch:Zurich cz:Prague de:Berlin "
        "dk:Copenhagen ee:Tallinn es:Madrid fi:Helsinki fr:Paris gr:Athens hr:Zagreb hu:Budapest ie:Dublin it:Rome "
        "li:Vaduz lt:Vilnius lu:Luxembourg lv:Riga mk:Skopje mt:Malta nl:Amsterdam no:Oslo pl:Warsaw pt:Lisbon "
        "ro:Bucharest rs:Belgrade se:Stockholm si:Ljubljana sk:Bratislava tr:Istanbul ua:Kyiv uk:London",
        "Pacific": "nz:Auckland",
    }.items()
    for entry in entries.split()
}
# Languages spoken by the clock of one country, and that country.
LANGUAGES = {
    "bg": "bg", "cs": "cz", "da": "dk", "de": "de", "el": "gr", "et": "ee", "fa": "ir", "fi": "fi", "he": "il",
    "hi": "in", "hr": "hr", "hu": "hu", "is": "is", "it": "it", "ja": "jp", "ka": "ge", "ko": "kr", "lt": "lt",
    "lv": "lv", "nb": "no", "nn": "no", "no": "no", "pl": "pl", "ro": "ro", "sk": "sk", "sl": "si", "sq": "al",
    "sr": "rs", "sv": "se", "th": "th", "tr": "tr", "uk": "ua", "vi": "vn",
}  # fmt: skip


def home_zone(url: str | None, language: str | None) -> tzinfo | None:
    """The zone of the country in the address (`.de`), else in the language tag (`fr-BE`), else of the language.

    >>> str(home_zone("https://news.example.co.uk/a", None)), str(home_zone("https://example.com/a", "ja"))
    ('Europe/London', 'Asia/Tokyo')
    >>> home_zone("https://example.com/a", "en-US") is None
    True
    """
    spoken, _, region = (language or "").lower().replace("_", "-").partition("-")
    if spoken == "en":
        region = ""  # pages all over the world say en-GB or en-US
    by_language = region or LANGUAGES.get(spoken, "")
    country = next((c for c in (_country(url), by_language) if c in COUNTRIES), None)
    return zone_named(COUNTRIES[country]) if country else None


def dated_language(url: str | None, language: str | None) -> str | None:
    """The language that dates are written in: British English where a page in English has its address in a country
    that puts the day first, whatever the page says; else the language as it is.

    >>> dated_language("https://news.example.co.uk/a", "en-US"), dated_language("https://example.com/a", "en")
    ('en-GB', 'en')
    """
    if (language or "")[:2].lower() != "en":
        return language
    country = _country(url)
    day_first = (country in COUNTRIES and country != "ph") or country == "au"
    return "en-GB" if day_first else language


def _country(url: str | None) -> str:
    """The last letters of the address's host: a country's, perhaps."""
    try:
        return (urlsplit(url or "").hostname or "").rpartition(".")[2]
    except ValueError:
        return ""
