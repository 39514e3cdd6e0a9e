"""Who may read an article, and whether only its beginning is here.

Statements   article:content_tier, else isAccessibleForFree of the JSON-LD article, of its parts, of the microdata.
             Many publishers put the same statement on every page, so it is evidence, not the verdict.
Signs        a subscription plea stood in the article; the text ends like a teaser; there is little of it; it has
             less than half of the words that the page says the article has.

truncated    only with evidence: the caller saw the gate, or the text ends in words that say so ("Subscribe to read
             on", "Il vous reste 80 % de cet article"); or such words stand right under it, and it is short or stops
             in mid-sentence; or it ends like a teaser ("...", "Continue reading") and one more sign or a statement
             supports it; or the page says it is not free, a plea was there, and the text is short or stops in
             mid-sentence; or the page says it is not free or had a plea, and half the words are missing.
access       gated     said to be locked, or said to be not free (or a plea was there) and truncated
             metered   said to be metered, or said to be not free with the whole text here
             open      said to be free, and not truncated behind a plea
             None      nothing is known
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ingest.blocks import RawBlock
from ingest.records import Access
from ingest.structured import Structured, as_list

SHORT = 1_000  # characters below which a text may be a teaser
LINES_BEHIND = 4  # of the page under a text; they may say that the rest is for subscribers
MAX_LAST = 160  # characters of a last line that may be a gate's words
TIERS: dict[str, Access] = {
    "free": "open",
    "open": "open",
    "metered": "metered",
    "locked": "gated",
    "paid": "gated",
    "premium": "gated",
    "subscriber": "gated",
}
NOT_FREE = ("metered", "gated")
TIER_NAMES = ("article:content_tier", "og:article:content_tier", "content_tier", "content-tier")

ELLIPSIS = re.compile(r"(?:\.\.\.|…|\. \. \.)[\"'”’»)\]]{0,3}$")
SENTENCE_END = re.compile(r"[.!?。！？؟।…:\"'”’»」』)\]]$")
CONTINUE = re.compile(
    r"(?:(?:continue|keep) reading|read (?:more|on|the (?:full|whole|entire|rest of the) (?:article|story))|weiterlesen"
    r"|mehr lesen|(?:den )?(?:ganzen|vollständigen) artikel lesen|lire (?:la suite|plus|l[’']article complet)"
    r"|(?:seguir|continuar|sigue) leyendo|leer más|continua a leggere|leggi (?:tutto|di più|l[’']articolo completo)"
    r"|continu(?:e|ar) (?:lendo|a ler)|ler? mais|leia mais|lees (?:verder|meer)|verder lezen|läs (?:mer|vidare)"
    r"|fortsätt läsa|læs (?:mere|videre)|les (?:mer|videre)|lue lisää|jatka lukemista|czytaj (?:dalej|więcej)"
    r"|číst (?:dál|více|dále)|čítať ďalej|tovább olvasom|citește mai (?:mult|departe)|devamını oku|okumaya devam et"
    r"|читать (?:далее|дальше|полностью)|читати (?:далі|більше)|чети още|διαβάστε περισσότερα|המשך קריאה|להמשך קריאה"
    r"|קרא עוד|اقرأ المزيد|تابع القراءة|ادامه مطلب|続きを読む|阅读全文|继续阅读|閱讀更多|繼續閱讀|더 ?보기|계속 읽기"
    r"|baca selengkapnya|đọc tiếp|อ่านต่อ|आगे पढ़ें)[ .…»›>→:]{0,6}",
    re.IGNORECASE,
)
GATE = re.compile(
    r"(?:subscribe|sign (?:in|up)|log ?in|register)\b.{0,30} to (?:continue|keep|read|unlock|access|view)"
    r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|sign|log|register|become|create)"
    r"|(?:unlock|continue reading|keep reading) (?:this|the (?:full|whole|rest of)).{0,40}\b(?:subscri|member|trial)"
    r"|(?:this|the rest of this|the full) (?:article|story|content|post) is (?:only |exclusively )?"
    r"(?:for|available to|reserved for).{0,30}(?:subscribers|members)"
    r"|il vous reste \d|(?:article|contenu|suite).{0,20}réservée?s? (?:à nos|aux) abonné"
    r"|(?:jetzt|mit|als).{0,40}(?:abo\w{0,8}|plus).{0,20}weiterlesen|nur für (?:abonnent|registrierte)"
    r"|weiterlesen mit .{2,30}(?:\+|plus|abo\b)"
    r"|(?:contenido|artículo|noticia) (?:es )?(?:exclusiv[oa]|s[oó]lo) para (?:suscriptores|socios)"
    r"|suscríbete para (?:seguir|leer|continuar)"
    r"|(?:contenuto|articolo) (?:riservato|esclusivo).{0,12}abbonati|abbonati per (?:continuare|leggere)"
    r"|exclusivo para assinantes|assine para (?:continuar|ler)|alleen voor abonnees|voor abonnees\b.{0,20}lezen"
    r"|(?:för|for) (?:prenumeranter|abonnenter)|vain tilaajille|tylko dla (?:subskrybentów|prenumeratorów)"
    r"|только для подписчиков|доступно по подписке"
    r"|למנויים בלבד|للمشتركين فقط|有料会員限定|会員限定記事|仅限会员|訂閱.{0,6}閱讀",
    re.IGNORECASE,
)


def judge_access(
    structured: Structured,
    *,
    plea_removed: bool,
    body: str,
    teaser_end: bool = False,
    behind: Iterable[str] = (),
) -> tuple[Access | None, bool, str | None]:
    """Access, whether `body` is only the article's beginning, and where the access was stated (`None` if unknown).

    `plea_removed`: a subscription or support plea stood in the article. `teaser_end`: the caller saw the gate
    itself behind the text, such as a filler text. `behind`: the page's next lines. The rules are in the module's
    docstring.
    """
    stated, origin = _stated(structured)
    not_free = stated in NOT_FREE
    gate = any(len(line) <= MAX_LAST and GATE.search(line) for line in behind)
    truncated = teaser_end or _is_truncated(structured, body.rstrip(), not_free, plea_removed, gate)
    if truncated and (not_free or plea_removed or gate):
        return "gated", True, origin if not_free else "text"
    return stated, truncated, origin


def lines_behind(blocks: Sequence[RawBlock], kept: Iterable[int]) -> list[str]:
    """The page's lines right under the last block that is kept, whatever took them."""
    below = max(kept, default=-1) + 1
    return [block.text for block in blocks[below : below + LINES_BEHIND]]


def read_flag(value: object) -> bool | None:
    """A truth value as JSON-LD has it: `True`, `"False"`, `"http://schema.org/True"`, `0`, or a list of these."""
    if isinstance(value, list):
        return read_flag(value[0]) if value and not isinstance(value[0], list) else None
    word = str(value).strip().rpartition("/")[2].lower() if isinstance(value, (bool, int, str)) else ""
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)


def _stated(structured: Structured) -> tuple[Access | None, str | None]:
    """What the page says about itself, and where."""
    for name in TIER_NAMES:
        for tier in structured.meta.get(name, ()):
            if access := TIERS.get(tier.strip().lower()):
                return access, "meta"
    for flag, origin in _flags(structured):
        if flag is not None:
            return ("open" if flag else "metered"), origin
    return None, None


def _flags(structured: Structured) -> Iterator[tuple[bool | None, str]]:
    pages: tuple[dict[str, Any], ...] = structured.articles[:1] or structured.others
    for item in pages:
        yield read_flag(item.get("isAccessibleForFree")), "json-ld"
    for item in pages:
        for part in as_list(item.get("hasPart")):
            if isinstance(part, dict) and read_flag(part.get("isAccessibleForFree")) is False:
                yield False, "json-ld"
    for value in structured.microdata.get("isAccessibleForFree", ()):
        yield read_flag(value), "microdata"


def _is_truncated(structured: Structured, body: str, not_free: bool, plea: bool, gate: bool) -> bool:
    last = body[body.rfind("\n") + 1 :].strip()
    if not last:
        return False
    if len(last) <= MAX_LAST and GATE.search(last):
        return True
    short = len(body) < SHORT
    if gate and (short or not SENTENCE_END.search(last) or ELLIPSIS.search(last)):
        return True
    if (ELLIPSIS.search(last) or CONTINUE.fullmatch(last)) and (not_free or plea or short):
        return True
    if not_free and plea and (short or not SENTENCE_END.search(last)):
        return True
    return (not_free or plea or gate) and _lacks_half(structured, body)


def _lacks_half(structured: Structured, body: str) -> bool:
    """Whether the page counts more than twice the words that are here, and a hundred more."""
    count = next((item["wordCount"] for item in structured.articles[:1] if "wordCount" in item), None)
    try:
        words = int(str(count))
    except ValueError:
        return False
    here = len(body.split())
    return (
        here > len(body) / 20 and words > 2 * here + 100
    )  # the first: only where words have spaces between them
