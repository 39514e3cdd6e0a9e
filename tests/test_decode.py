"""Bytes to text: charsets, media types, refusals."""

from __future__ import annotations

import gzip
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import clean
from ingest.decode import MAX_PAGE_BYTES, Decoded, Refusal, decode
from ingest.records import RawPage, Record

GERMAN = "Die Bäcker öffneten früh, und die Straße füllte sich schnell mit Gästen."
HEBREW = "השר אמר ביום שלישי כי העבודות יימשכו עד סוף השנה, ותושבי השכונה חיכו לתשובה."
RUSSIAN = "Мэр города открыл новый мост в понедельник, и горожане пришли посмотреть на него."
JAPANESE = "市長は月曜日に新しい橋を開通させ、多くの市民がそれを見に来ました。"


def read(data: bytes, charset: str | None = None, media_type: str | None = None) -> Decoded:
    result = decode(RawPage(data=data, charset=charset, media_type=media_type))
    assert isinstance(result, Decoded), result
    return result


def refusal(data: bytes, charset: str | None = None) -> str:
    result = decode(RawPage(data=data, charset=charset))
    assert isinstance(result, Refusal), result
    return result.reason


# -- charsets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (GERMAN, "iso-8859-1"),
        (GERMAN, "windows-1252"),
        (HEBREW, "windows-1255"),
        (HEBREW, "iso-8859-8"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "windows-1251"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
    ],
)
def test_a_declared_charset_is_believed_where_it_fits(text, charset):
    data = text.encode(charset)
    assert read(data, charset=charset).text == text
    page = f'<html><head><meta charset="{charset}"></head><body><p>'.encode() + data
    assert text in read(page).text


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides(charset):
    data = ("\ufeff" + GERMAN).encode(charset)
    assert read(data, charset="iso-8859-1").text == GERMAN


def test_valid_utf8_goes_before_a_declaration():
    decoded = read(HEBREW.encode(), charset="iso-8859-1")
    assert (decoded.text, decoded.charset) == (HEBREW, "utf-8")


def test_http_goes_before_the_page():
    page = f"<meta charset=windows-1251><p>{GERMAN}".encode("windows-1252")
    assert GERMAN in read(page, charset="windows-1252").text


def test_a_declaration_that_cannot_be_is_not_believed():
    assert HEBREW in read(f"<meta charset=utf-8><p>{HEBREW * 5}".encode("windows-1255")).text
    assert HEBREW in read((HEBREW * 5).encode("windows-1255"), charset="no-such-charset").text
    assert HEBREW in read((HEBREW * 5).encode("windows-1255"), charset="rot13").text


POLISH = "Burmistrz otworzył w poniedziałek nowy most, a mieszkańcy przyszli go obejrzeć mimo deszczu."
TURKISH = "Belediye başkanı pazartesi günü yeni köprüyü açtı ve şehir halkı onu görmeye geldi."
ARABIC = "افتتح رئيس البلدية الجسر الجديد يوم الاثنين وجاء سكان المدينة لرؤيته."
GREEK = "Ο δήμαρχος άνοιξε τη νέα γέφυρα τη Δευτέρα και οι κάτοικοι ήρθαν να τη δουν."
CHINESE = "市长星期一为新桥剪彩，许多市民冒雨前来参观，直到晚上才散去。"
KOREAN = "시장은 월요일에 새 다리를 개통했고 많은 시민이 다리를 보러 왔다."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (GERMAN, "windows-1252"),
        ("Caf\u00e9", "windows-1252"),
        ("\u201cIt\u2019s \u00a35 a month,\u201d she said \u2013 or \u00a350 a year.", "windows-1252"),
        (POLISH, "iso-8859-2"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "windows-1253"),
        (TURKISH, "windows-1254"),
        (HEBREW, "windows-1255"),
        (ARABIC, "windows-1256"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "gb2312"),
        (KOREAN, "euc-kr"),
    ],
)
def test_a_charset_that_nobody_declares_is_detected(text, charset):
    page = f"<html><body><h1>2024</h1><p class=lead>{text}</p></body></html>"
    for written in (text, page):
        decoded = read(written.encode(charset))
        assert (decoded.text, decoded.notes) == (written, ())


def test_the_sites_country_helps_where_the_bytes_fit_several():
    text = "Tickets for the matin\u00e9e are \u00a35, \u00a37 and \u00a312; \u00a33 for children."
    raw = RawPage(data=text.encode("windows-1252"), url="https://www.example.co.uk/a")
    decoded = decode(raw)
    assert isinstance(decoded, Decoded) and decoded.text == text


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_told_by_its_zeros(charset):
    page = f"<html><head><title>Die B\u00e4cker</title></head><body><p>{GERMAN} {JAPANESE}</p></body></html>"
    assert read(page.encode(charset)).text == page


def test_a_page_whose_declaration_can_be_read_is_not_utf_16():
    page = f'<html><head><meta charset="utf-16"></head><body><p>{GERMAN}</p></body></html>'
    assert read(page.encode("windows-1252")).text == page


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("x-cp1251", "cp1251"),
        ("windows-874", "cp874"),
        ("iso-8859-8-i", "iso8859-8"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("x-gbk", "gb18030"),
        ("CSISOLatin1", "cp1252"),
        ("windows-949", "cp949"),
    ],
)
def test_labels_mean_what_they_mean_to_browsers(label, charset):
    data = b"\xe1\xe2\xe3\xe4"
    assert read(data, charset=label).text == data.decode(charset)


def test_latin_1_is_read_as_browsers_do():
    assert read(b"\x93quoted\x94 \x96 5 \x80", charset="iso-8859-1").text == "“quoted” – 5 €"


def test_utf8_with_a_little_damage_stays_utf8_and_says_so():
    decoded = read(HEBREW.encode() + b" \xff " + HEBREW.encode())
    assert decoded.text == f"{HEBREW} \ufffd {HEBREW}"
    assert decoded.notes == ("broken_charset",)


def test_certain_mojibake_is_repaired_and_said():
    broken = GERMAN.encode().decode("windows-1252") + " Itâ€™s."
    decoded = read(broken.encode())
    assert GERMAN in decoded.text and "It's." in decoded.text.replace("’", "'")
    assert decoded.notes == ("mojibake_repaired",)


def test_good_text_is_never_repaired():
    text = "Ã is a letter of Portuguese: São, não, Ãgua; and Â stands in Romanian."
    decoded = read(text.encode())
    assert (decoded.text, decoded.notes) == (text, ())


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_utf8_comes_back_as_it_was(text):
    data = text.encode()
    result = decode(RawPage(data=data, media_type="text/plain"))
    if isinstance(result, Decoded) and not data.startswith(b"\xef\xbb\xbf") and not result.notes:
        assert result.text == text
        assert result.utf8 == data


@given(
    st.sampled_from(["cp1252", "cp1251", "cp1255", "koi8_r", "cp932", "gb18030", "cp949", "big5hkscs"]),
    st.text(max_size=60),
)
def test_every_charset_comes_back_when_declared(charset, text):
    text = "Kopf " + text.encode(charset, "ignore").decode(charset).replace("\x1b", "").replace("\x00", "")
    data = text.encode(charset)
    result = decode(RawPage(data=data, charset=charset, media_type="text/plain"))
    if isinstance(result, Decoded) and result.charset == charset:
        assert result.text == text


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", "iso-2022-jp", "hz", "utf-7", "x"]))
def test_any_bytes_are_text_or_a_refusal(data, charset):
    result = decode(RawPage(data=data, charset=charset))
    if isinstance(result, Decoded):
        result.utf8.decode("utf-8")
        assert "\x00" not in result.text


# -- media types ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "media_type", "media"),
    [
        (b"<!doctype html><html><body><p>Hello", None, "html"),
        (b"\n<p>Hello", None, "html"),
        (b"Hello<p>there</p><p>again</p>", None, "html"),
        (b"Write <p> before a paragraph.", None, "text"),
        ("\ufeff<html><body><p>Hello".encode("utf-16-le"), None, "html"),
        (b"Hello there", None, "text"),
        (b"Hello there", "text/html; charset=utf-8", "html"),
        (b"<p>Hello", "text/plain", "text"),
        (b"Hello", "application/xhtml+xml", "html"),
        (b"a < b and c > d", None, "text"),
    ],
)
def test_media(data, media_type, media):
    assert read(data, media_type=media_type).media == media


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00" * 100, "empty"),
        (b"%PDF-1.7 ...", "not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_text"),
        (gzip.compress(b"<p>packed twice", mtime=0), "not_text"),
        (bytes(range(32)) * 50, "not_text"),
        (b"x" * (MAX_PAGE_BYTES + 1), "too_large"),
    ],
)
def test_refusals(data, reason):
    assert refusal(data) == reason


def test_what_no_charset_fits_is_undecodable():
    assert refusal("\ufeff".encode("utf-16-le") + b"\x00\xd8" * 200) == "undecodable"


@pytest.mark.parametrize("text", ["RIFF and rhythm made the evening.", "ID3 tags, explained", "MZ"])
def test_a_text_that_begins_like_a_binary_file_is_a_text(text):
    assert read(text.encode()).text == text


def test_nul_bytes_are_left_out():
    assert read(b"<p>He\x00llo</p>").text == "<p>Hello</p>"


@pytest.mark.parametrize(
    "said", ["Zürich öffnet", "Ελλάδα", "йод", "بحر آخر", "서울에서 온", "ガラスがブルー", "Việt Nam"]
)
@pytest.mark.parametrize("tag", ["<title>{}</title>", '<meta property="og:title" content="{}">'])
def test_every_field_is_in_nfc(said: str, tag: str) -> None:
    page = f"<html>{tag}<meta name=author content='{{0}} Meier'><h1>{{0}}</h1><p>{{0}} {{0}} {{0}} {{0}} {{0}}.</p>"
    apart = unicodedata.normalize("NFD", said)
    assert apart != said
    record, same = (clean(page.replace("{0}", text).replace("{}", text)) for text in (apart, said))
    assert isinstance(record, Record) and isinstance(same, Record)
    assert (record.title, record.authors, record.body) == (same.title, same.authors, same.body)
    assert said in record.body and record.title == said


def test_letters_apart_in_json_ld_are_joined() -> None:
    data = '{"@type": "NewsArticle", "headline": "Zu\\u0308rich baut", "author": "Ju\\u0308rg Meier"}'
    record = clean(
        f"<script type='application/ld+json'>{data}</script><h1>Zürich baut</h1><p>{'Es wird gebaut. ' * 9}</p>"
    )
    assert isinstance(record, Record)
    assert (record.title, record.authors) == ("Zürich baut", ("Jürg Meier",))
