"""Wording told in many languages."""

from __future__ import annotations

import pytest

from ingest.extract.phrases import (
    announces_comment,
    is_answer,
    is_date,
    is_filler,
    kind_of_ending,
    kind_of_start,
    opens_tail,
    tells_age,
)


@pytest.mark.parametrize(
    "line",
    [
        "2 days ago",
        "vor 3 Stunden",
        "1 Monat her",
        "il y a 5 jours",
        "hace 2 semanas",
        "há 4 horas",
        "3 giorni fa",
        "2 dagen geleden",
        "för 3 dagar sedan",
        "for 2 timer siden",
        "3 päivää sitten",
        "2 dni temu",
        "před 3 hodinami",
        "5 минут назад",
        "3 дні тому",
        "2 saat önce",
        "3 jam yang lalu",
        "2時間前",
        "3일 전",
        "5分钟前",
    ],
)
def test_ages_are_read(line: str) -> None:
    assert tells_age(line)


@pytest.mark.parametrize("line", ["agony", "a long time ago", "vor dem Haus", "hace frío", "3 days"])
def test_other_lines_tell_no_age(line: str) -> None:
    assert not tells_age(line)


@pytest.mark.parametrize("line", ["Reply", "• Antworten", "Répondre 3", "返信する"])
def test_answers_are_whole_lines(line: str) -> None:
    assert is_answer(line) and not is_answer(f"{line} came late")


@pytest.mark.parametrize("line", ["3. Anna says:", "Anna sagt:", "Anna ha detto :"])
def test_comments_are_announced(line: str) -> None:
    assert announces_comment(line) and not announces_comment(f"{line} no")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Watch more of our videos on the harbour channel", "related"),
        ("You may also like...", "related"),
        ("Te recomendamos leer: Los barcos", "related"),
        ("Читайте также: Паром", "related"),
        ("Přečtěte si také", "related"),
        ("Assine já", "newsletter"),
        ("More on this story", "related"),
        ("More from The Cloud", "related"),
        ("Up next:", "related"),
        ("Don't miss our other stories", "related"),
        ("Log in to comment", "newsletter"),
        ("Sign in", "newsletter"),
        ("Click to enlarge", "promo"),
        ("Click on the picture to see more.", "promo"),
        ("Download our free app", "promo"),
        ("Share the story", "share"),
        ("Read or Share this story: https://www.the-cloud.example/a", "share"),
        ("You need to enable JavaScript to run this app.", "furniture"),
        ("This map requires JavaScript.", "furniture"),
        ("Spotted an error? Let us know.", "furniture"),
        ("Fehler gefunden?Jetzt melden.", "furniture"),
        ("Нашли ошибку? Выделите её", "furniture"),
        ("Try Cloud Plus for FREE by clicking here", "promo"),
        ("Wypróbuj prenumeratę cyfrową", "plea"),
        ("Mantente informado en nuestro canal", "share"),
        ("（原标题：夜航船停航）", "furniture"),
        ("当前位置：首页 > 港口", "furniture"),
        ("(责编：王小船、李大河)", "byline"),
        ("2019-05-18 12:11 来源：港口日报", "byline"),
        ("扫描下方二维码关注我们", "share"),
        ("[김항구 기자 harbour@cloud.example] [ⓒ 구름신문, 무단전재 및 재배포 금지]", "legal"),
        ("Продолжение после рекламы", "ad"),
        ("Kļūda rakstā?", "furniture"),
        ("Jesteś tutaj: Strona główna", "furniture"),
        ("📲 Acompanhe a Nuvem no Facebook e no Instagram", "share"),
        ("harbour@cloud.example (END)", "furniture"),
        ("To contact the editor responsible for this story: Bo Day at bday@cloud.example", "byline"),
        ("Print | 80 comments", "furniture"),
        ("ALSO:", "related"),
        ("View this post on Instagram", "furniture"),
        ("Startseite > Hafen", "furniture"),
        ("Jetzt Fan der Wolke Neustadt auf Facebook werden!", "share"),
        ("The pilot spotted an error in the chart.", None),
        ("Stay connected with those who rowed the other boats.", None),
        ("To contact the pilot, the crew lit a lamp.", None),
        ("来源并不清楚，港务局说。", None),
        ("编辑部设在港口旁边。", None),
        ("Try the soup, which is free on Mondays.", None),
    ],
)
def test_how_furniture_begins(line: str, kind: str | None) -> None:
    assert kind_of_start(line, long=False) == kind


FURNITURE = {
    "newsletter": """
        Tilaa uutiskirje
        Skriv dig upp för vårt nyhetsbrev
        Subskrybuj nasz kanał
        Přihlaste se k odběru zpráv
        Iratkozz fel hírlevelünkre
        Abonează-te la newsletter
        Εγγραφείτε στο newsletter
        Абонирайте се за нашия бюлетин
        Prijavite se na newsletter
        Підпишіться на розсилку
        Bültenimize kaydolun
        Đăng ký nhận bản tin
        Berlangganan sekarang
        뉴스레터 구독
        订阅我们的电子报
        اشترك الآن
        הירשמו לעדכונים
        Suscríbete aquí
        Подписаться
        Abonnieren Sie unseren Newsletter
    """,
    "plea": """
        Subscribers only.
        Podpořte nás
        Článek je pouze pro předplatitele
        Zostáva vám 85% na dočítanie
        Támogass minket
        Susține jurnalismul independent
        Υποστηρίξτε μας
        Podržite nas
        Підтримайте нас
        Поддержите редакцию
        Tämä artikkeli on vain tilaajille
        유료 회원 전용
        本文为付费会员专享
        הכתבה זמינה למנויים
    """,
    "share": """
        Sdílejte
        Oszd meg másokkal is!
        Distribuie pe Facebook
        Κοινοποιήστε το άρθρο
        Споделете във Facebook
        Pratite nas na Instagramu
        Jaa artikkeli
        Читайте нас в Telegram
        Haberi paylaş
        शेयर करें
        Chia sẻ bài viết
        แชร์
        기사 공유
        シェアする
        分享到
        Поделиться
    """,
    "cookie": """
        Wir verwenden Cookies, um unsere Seite zu verbessern.
        Ce site utilise des cookies
        Utilizamos cookies propias
        Questo sito utilizza cookie
        Wij gebruiken cookies
        Vi använder cookies
        Używamy plików cookies
        Používáme soubory cookie
        Мы используем файлы cookie
        Χρησιμοποιούμε cookies
    """,
    "comments": """
        12 comments
        Comments (3)
        Comments are closed.
        Komentari (4)
        3 комментария
        12 Kommentare
        4 komentářů
        7 коментарів
        نظرات
    """,
}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (line, kind)
        for kind, lines in FURNITURE.items()
        for line in map(str.strip, lines.splitlines())
        if line
    ],
)
def test_short_lines_of_many_languages(line: str, kind: str) -> None:
    assert kind in (kind_of_start(line, long=False), kind_of_ending(line))


@pytest.mark.parametrize(
    "line",
    [
        "“Thank you for reading the chart so well,” the captain told her.",
        "„Folgen Sie uns“, rief der Lotse.",
        "«Подпишитесь», сказал капитан.",
        "Thank you for coming, he said.",
        "Comments from the harbour master drew laughter.",
        "By signing the contract, the town gave up its ferry.",
        "Subscribers to the ferry paid less.",
        "Copyright law does not know of ferries.",
        "Filed in the court of the harbour, the suit names nine captains.",
        "Loading the ship took ten hours.",
        "If you buy a boat this year, you pay less for the berth.",
        "Related costs were paid by the town.",
        "Recommended speeds were ignored, the report says.",
        "Click on the Start button and choose Settings.",
        "Log in to your account and open the harbour page.",
        "Scroll down to the bottom of the page and tap Reset.",
        "Share the folder with your friends.",
        "Download the latest version of the chart from the harbour.",
        "Your email address is shown at the top.",
        "Send your papers to the harbour office.",
        "Don’t miss the old town.",
        "You may also want to take a coat.",
        "Up next is a game against the islanders.",
        "More in the north were hurt.",
        "Most popular was the soup.",
        "View all your pictures in one place.",
        "Assine o contrato e volte ao porto.",
        "Te recomendamos llevar un abrigo.",
        "No te pierdas el casco antiguo.",
        "Potrebbe interessare anche al porto.",
        "Читайте внимательно договор.",
        "Přečtěte návod k lodi.",
        "Polecamy zupę rybną.",
        "Weitere Informationen lagen am Abend nicht vor.",
        "Der Autor wurde im Hafen geboren.",
        "Abbonati in calo: i traghetti ne hanno persi mille.",
        "Publicité mensongère : le port est condamné.",
        "Подписан договор о новом пароме.",
        "Поделиться опытом приехали двадцать капитанов.",
        "Suscribieron el acuerdo nueve capitanes.",
    ],
)
def test_sentences_that_begin_alike_are_read(line: str) -> None:
    assert kind_of_start(line, long=False) is None


@pytest.mark.parametrize(
    "line",
    [
        "Ein Sprecher sagte, der Hafen gebe dazu keinen Kommentar ab.",
        "Ein Fan schrieb am Abend auf Facebook, er habe alles gesehen.",
        "Auf den alten Lotsen folgt ihr Sohn auf dem Schiff.",
        "People like to post it on Facebook.",
        "El puerto sigue sin decir nada en Twitter.",
        "Ik volg hem op als kapitein.",
        "Alle Bilder zeigen den alten Hafen.",
        "All images from the satellite arrive in the harbour at night, and nobody looks at them before the morning.",
        "Han svarte på en del av spørsmålene og hadde ingen kommentar.",
        "Een deel van de reacties kwam uit de haven.",
        "Deja dicho que no hará comentarios.",
    ],
)
def test_last_sentences_that_sound_alike_are_read(line: str) -> None:
    assert kind_of_ending(line) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Our work costs money: for as little as £3 a month you can support The Cloud.", "plea"),
        ("Hat dir dieser Artikel gefallen? Dann hilf uns.", "plea"),
        ("Do you want to hear of us? Sign up here", "newsletter"),
        ("Das Beste der Woche in deinem Postfach", "newsletter"),
        ("¡Entra en nuestro canal de YouTube!", "share"),
        ("Не пропустите паром! Подписаться на Облако", "newsletter"),
        (
            "Citation: Boats of birch (2019, May 2) retrieved 3 May 2019 from https://cloud.example/a",
            "furniture",
        ),
        ("Die Wolke ist spendenfinanziert!", "plea"),
        ("The crew had to sign up here in May.", None),
        ("For as little as £3 a month you can rent a boat.", None),
    ],
)
def test_how_articles_are_ended(line: str, kind: str | None) -> None:
    assert kind_of_ending(line) == kind


@pytest.mark.parametrize(
    "text",
    ["Lorem ipsum dolor sit amet, consectetur elit.", "Quidem nam tempore ex harum: repellat modi expedita."],
)
def test_filler_texts(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum is what typesetters fill a page with.",
        "Dolor sit amet.",
        "Et in Arcadia ego, said the ferryman, and rowed on.",
        "Error at sea",
    ],
)
def test_other_texts_are_no_fillers(text: str) -> None:
    assert not is_filler(text)


@pytest.mark.parametrize(
    "line",
    [
        "November 28, 2013 -- Updated 0203 GMT (1003 HKT)",
        "First Published: 08:19 IST(19/7/2013) | Last Updated: 13:52 IST(19/7/2013)",
        "Updated: Thursday, 18 Jul 2013, 4:25 PM EDT Published : Thursday, 18 Jul 2013, 3:05 PM EDT",
        "الأربعاء، 28 آب/اغسطس 2013، آخر تحديث 14:00 (GMT+0400)",
        "22. aprīlis 2024",
    ],
)
def test_lines_of_nothing_but_a_date(line: str) -> None:
    assert is_date(line)


@pytest.mark.parametrize(
    "line",
    [
        "In May the ferry ran 20 times",
        "Mac 3",
        "March 3 was cold",
        "2, 3, 5, 12",
        "0228 - 8491 - 4444",
        "040 - 244 249 230",
    ],
)
def test_other_lines_are_no_dates(line: str) -> None:
    assert not is_date(line)


@pytest.mark.parametrize(
    "heading",
    [
        *("Popular", "Latest news", "Featured videos", "Recent posts", "Comments (3)", "Explore further"),
        *(
            "Noch mehr Infos für dich",
            "Vous pourriez aimer",
            "Os puede interesar",
            "Més llegit? Més notícies",
        ),
        *(
            "Altri articoli",
            "Você também pode gostar",
            "Net binnen",
            "Siste nytt",
            "Fler nyheter",
            "Uusimmat",
        ),
        *(
            "Fleiri fréttir",
            "Najnowsze",
            "Další články",
            "Ďalšie články",
            "Kapcsolódó cikkek",
            "Știri similare",
        ),
        *("Σχετικά άρθρα", "Още по темата", "Најновије", "Sorodne novice", "Lajme të fundit", "Seotud lood"),
        *("Skaitomiausi", "Jaunākie raksti", "Вам будет интересно", "Останні новини", "İlginizi çekebilir"),
        *(
            "Có thể bạn quan tâm",
            "Berita Lainnya",
            "قد يهمك أيضا",
            "مطالب مرتبط",
            "مزید خبریں",
            "אולי יעניין אותך",
        ),
        *("संबंधित खबरें", "আরও খবর", "தொடர்புடைய செய்திகள்", "ข่าวล่าสุด", "新着記事", "猜你喜欢", "많이 본 뉴스"),
    ],
)
def test_headings_of_lists_behind_the_article(heading: str) -> None:
    assert opens_tail(heading)


@pytest.mark.parametrize(
    "heading",
    [
        *("Popular lilac varieties", "Latest boat, oldest quay", "Comments by the pilot", "Explore by boat"),
        *(
            "Más de cien barcos",
            "Lo más difícil",
            "Mais de cem barcos",
            "Populaire vaartijden",
            "Więcej w porcie",
        ),
        *("Рекомендации лоцмана", "Популярность растёт", "Σχετικά με το λιμάνι", "Daugiau nei šimtas laivų"),
        *("Preporuke kapetana", "最新の航路", "热门航线", "인기 항로", "コメントデータの扱い"),
    ],
)
def test_headings_of_the_article(heading: str) -> None:
    assert not opens_tail(heading)
