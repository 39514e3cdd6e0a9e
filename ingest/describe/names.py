"""The words by which bylines are read: labels, conjunctions, job titles, groups, agencies, names that are none.

Data only, lower case unless a pattern; the languages are those of the world's news, mixed, since a word that is a
label in one is rarely a name in another.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands before the names, as alternatives of a pattern. SHORT_LABELS are parts of names too: without a colon
# they are labels only before a full name.
LABELS = """
by|(?:written|words|story|posted|published|reported|report|text|opinion|analysis|review|interview|submitted|compiled|
edited|guest post|created|contributed|commentary|article|photos|photographs) by|authors?|writers?|
vom|von|(?:geschrieben|verfasst|veröffentlicht|erstellt|gepostet|text|bericht|beitrag|artikel) von|
autor(?:in|en|innen)?|autor[:/*]in|verfasser(?:in)?|text(?: (?:und|&) (?:fotos?|bilder|interview))?|par|
(?:écrit|rédigé|publié|propos recueillis|recueilli|article) par|
auteure?s?|por|(?:escrito|redactado|publicado|postado|elaborado) por|autor(?:a|es)|escribe|texto|
di|a cura di|(?:scritto|pubblicato) da|articolo di|autor[ei]|testo(?: di)?|
door|geschreven door|tekst|af|skrevet af|av|skriven av|skrevet av|höfundur|kirjoittaja|teksti|toimittaja|
autor tekstu|opracowa(?:nie|ł|ła)|pisze|napisał[a]?|napsala?|píše|napisao|napisala|piše|írta|szerző|scris de|
yazan|yazar|haberi hazırlayan|oleh|ditulis oleh|penulis|laporan|tác giả|autorius|autorė|autors|shkruan|nga|
автор[ыи]?|текст|пише|піше|написа|підготував|подготовил|συντάκτης|γράφει(?: ο| η)?|του|της|
بقلم|كتب|كتبت|الكاتب|نویسنده|گزارش از|به قلم|تحریر|מאת|כתב|כתבה|נכתב על ידי|लेखक|作者|記者|记者|文|撰文|執筆|取材・文|글
""".replace("\n", "")
SHORT_LABELS = frozenset({"di", "af", "av", "nga", "του", "της", "par", "por", "文", "글"})
GENRES = """
analys[ei]s?|beitrag|bericht|commentary|comment|column|entrevista|entretien|essay|gastbeitrag|intervista|gastkommentar|glosse|interview|kolumne|
kommentar|leitartikel|meinung|opinion|porträt|protokoll|redaktion|reportage|rezension|review|story|text|tribune
""".replace("\n", "")
# genres that Romance languages join to the name by "de", which is a part of names, too
GENRES_DE = """
analyse|billet|chronique|éditorial|enquête|entretien|reportage|tribune|análisis|artículo|columna|crónica|editorial|
entrevista|opinión|reportaje|tribuna|análise|artigo|coluna|crônica|opinião|reportagem
""".replace("\n", "")
AND = "and|und|sowie|mit|et|avec|con|og|och|ja|oraz|és|și|şi|ve|ile|dan|dhe|и|та|και|و|with|med|met"
WEAK_AND = "y|e|ed|en|i|a|і|ir|un|in"  # also parts of names: only between two full names
PICTURES = (
    "illustrations?|illustrationen|photos?|photograph(?:s|y)|fotos?|fotografie|bilder|pictures|images|video"
)
OFFICES = (
    r"head|chief|director|editor|author|professor|president|member|(?:co-?)?founder|"
    r"\w*(?:leiter|redakteur|sprecher|referent|direktor|chef|vorsitzende|autor|experte|beauftragte|gründer)(?:in|r)?|"
    r"directora?|autora?|redactora?|directeur|directrice|rédacteur|rédactrice|presidente|redattore|direttore|direttrice"
)
OF = "of|at|by|der|des|von|beim?|für|par|por|de|du|da|del|della|di|door|af|av"
ROLES = _words(
    """
    advisor analyst analystin anchor assistant associate author autor autora autorin blogger bureau chef
    chefredakteur chefredakteurin chefreporter chefreporterin chief columnist contributing contributor
    copywriter correspondent correspondante correspondant corresponsal creator critic deputy director editor
    editora editors editor-in-chief enviada enviado especial executive fellow fotograf fotografin freelance
    freelancer gastautor gastautorin giornalista guest head host inviata inviato journaliste journalist
    journalistin journalists kolumnist kolumnistin korrespondent korrespondentin leiter leiterin manager
    managing online-redakteur periodista photographer politikredakteur politikredakteurin producer publisher
    redacteur redactor redaktionsleiter redaktor redaktorin redakteur redakteurin redakteure redattore
    redattrice reporter reporterin reporters researcher reviewer senior specialist sportredakteur staff
    translator volontär volontärin writer writers 기자 특파원 記者 记者 журналист корреспондент редактор
    """
)
TOPICS = _words(
    """
    business climate culture data economics education energy entertainment environment fashion finance foreign
    health international investigative legal local national news online political politics science social
    special sports sport technology tech travel world of und and for the digital general chief video foto
    fotos
    """
)
COLLECTIVE = _words(
    """
    agence agencia agências agencias agencies agency agentur agenturen agenzia agenzie association board
    bureau center condé club collective comité committee company contributors corporation correspondents
    department desk dienst editorial editors fernsehen foundation gazette gmbh group gruppe herald inc
    institut institute journal limited llc ltd magazin magazine media medien ministerium nachrichten network
    news newsdesk newspaper newsroom newsteam office online onlineredaktion organisation organization post
    presse press presseagentur pressestelle pressemitteilung radio redacción redacao redação redaction
    rédaction redaktion redaktionsteam redaktsioon redazione redakce redakcja report reporters revista service
    services society staff stiftung studio submissions support team televisión times today tv uni universität
    université university verband verein verlag webteam webredaktion wire website writers zeitung редакция
    редакція 編集部 取材班 신문 뉴스 온라인뉴스팀 הדסק
    """
)
AGENCIES: dict[str, str] = {
    name: agency
    for agency, names in {
        "Reuters": "reuters|thomson reuters|רויטרס|رويترز|ロイター",
        "AP": "ap|associated press|the associated press|ap news",
        "AFP": "afp|agence france-presse|agence france presse|afp deutschland|法新社",
        "dpa": "dpa|deutsche presse-agentur|deutsche presse agentur|dpa-afx|dpa-infocom",
        "UPI": "upi|united press international",
        "EFE": "efe|agencia efe",
        "Europa Press": "europa press",
        "ANSA": "ansa",
        "Adnkronos": "adnkronos",
        "APA": "apa|austria presse agentur",
        "Keystone-SDA": "sda|keystone-sda|sda/keystone|schweizerische depeschenagentur|keystone-ats",
        "KNA": "kna|katholische nachrichten-agentur",
        "epd": "epd|evangelischer pressedienst",
        "SID": "sid|sport-informations-dienst",
        "PA": "pa media|press association|pa news agency",
        "TASS": "tass|тасс",
        "RIA Novosti": "ria novosti|риа новости",
        "Interfax": "interfax|интерфакс",
        "Ukrinform": "ukrinform|укринформ|укрінформ",
        "Xinhua": "xinhua|新华社|新華社",
        "Kyodo": "kyodo|kyodo news|共同通信|共同",
        "Jiji": "jiji|jiji press|時事通信|時事",
        "Yonhap": "yonhap|연합뉴스",
        "PTI": "pti|press trust of india",
        "ANI": "ani",
        "IANS": "ians",
        "AAP": "aap|australian associated press",
        "ANP": "anp",
        "Belga": "belga",
        "NTB": "ntb",
        "TT": "tt",
        "Ritzau": "ritzau",
        "STT": "stt",
        "PAP": "pap",
        "ČTK": "čtk|ctk",
        "MTI": "mti",
        "Lusa": "lusa|agência lusa",
        "Anadolu": "anadolu|anadolu agency|anadolu ajansı",
        "DHA": "dha|demirören haber ajansı",
        "İHA": "i̇ha|iha",
        "Bloomberg": "bloomberg|bloomberg news",
        "Dow Jones": "dow jones|dow jones newswires",
        "The Canadian Press": "canadian press|the canadian press",
        "JTA": "jta",
        "TPS": "tps|tps-il",
        "JNS": "jns",
        "Prensa Latina": "prensa latina",
        "Bernama": "bernama",
        "Antara": "antara",
        "WAM": "wam|وام",
    }.items()
    for name in names.split("|")
}  # fmt: skip
NOBODY = _words(
    """
    admin administrator anonymous anonym author autor default editor gast guest n/a na none null root
    superuser undefined unknown user webmaster wordpress wpadmin true false share print email newsletter
    follow posted updated published veröffentlicht aktualisiert publié publicado pubblicato like subscribe
    menu home about contact twitter facebook instagram linkedin xing google youtube website bio profile profil
    name 未知 版权声明
    """
) | {"public domain", "creative commons"}
WEEKDAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag
    samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes
    sábado domingo
    """
)
PARTICLES = _words(
    """
    af al ap au av bin bint da dal dall' das de dei del della den der des di do dos du e el en het i ibn la le
    los 't ten ter te und van ver vom von y zu zum zur d' d’
    """
)
SITE_ENDINGS = _words(
    """
    at au be ca ch co com cz de dk es eu fi fr gr hu ie il in info io is it jp kr lt lv me net nl no nz org pl
    pt ro rs ru se si sk tr tv ua uk us za
    """
)
