"""The names of the months as the world's news writes dates, in some sixty languages (CLDR and newsrooms).

Full names, genitives and abbreviations, lower case, without final points; one table for all languages, since
a name means the same month wherever it is used. Croatian, the one exception, has its own.
"""

from __future__ import annotations

NAMES = {
    1: """
        қаңтар janvārī
        january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta tammi
        tammikuu janúar stycznia sty styczeń ledna led leden januára január јануар јан ianuarie ian
        януари яну января янв январь січня січ січень студзеня сту студзень ιανουαρίου ιαν
        ιανουάριος ocak oca yanvar yan sausio saus sausis janvāris jaanuar jaan gener urtarrila urt
        xaneiro xan ינואר ינו يناير ژانویهٔ ژانویه جنوری जनवरी जन জানুয়ারী জানুয়ারি জানু ஜனவரி ஜன జనవరి జన
        जानेवारी जाने มกราคม ม.ค januarie janar јануари იანვარი იან հունվարի հնվ հունվար ionawr ion
        jänner jän كانون_الثاني جانفي
    """,
    2: """
        ақпан februārī
        february feb februar février févr febrero febbraio fevereiro fev februari helmikuuta helmi
        helmikuu febrúar lutego lut luty února úno únor februára február фебруар феб febr februarie
        февруари фев февраля февр февраль лютого лют лютий лютага люты φεβρουαρίου φεβ φεβρουάριος
        şubat şub fevral vasario vas vasaris februāris veebruar veebr febrer otsaila ots febreiro
        פברואר פבר فبراير فوریهٔ فوریه فروری फ़रवरी फ़र ফেব্রুয়ারী ফেব্রুয়ারি ফেব பிப்ரவரி பிப் ఫిబ్రవరి ఫిబ్ర
        फेब्रुवारी फेब्रु กุมภาพันธ์ ก.พ pebrero peb shkurt shk თებერვალი თებ փետրվարի փտվ փետրվար
        chwefror chwef chw feber شباط فيفري
    """,
    3: """
        наурыз martā
        march mar märz mär mars marzo março maart mrt marts maaliskuuta maalis maaliskuu marca
        marzec března bře březen marec март мар március márc martie марта березня бер березень
        сакавіка сак сакавік μαρτίου μαρ μάρτιος μάρ mart kovo kov kovas märts març martxoa מרץ مارس
        مارچ मार्च মার্চ மார்ச் மார் మార్చి maret mac มีนาคม มี.ค machi marso მარტი მარ մարտի մրտ
        մարտ mawrth maw mrz maerz آذار اذار
    """,
    4: """
        сәуір aprīlī
        april apr avril avr abril abr aprile huhtikuuta huhti huhtikuu apríl kwietnia kwi kwiecień
        dubna dub duben apríla април апр április ápr aprilie апреля апрель квітня квіт квітень
        красавіка кра красавік απριλίου απρ απρίλιος nisan nis aprel balandžio bal balandis aprīlis
        aprill apirila api אפריל אפר أبريل آوریل اپریل अप्रैल এপ্রিল এপ্রি ஏப்ரல் ஏப் ఏప్రిల్ ఏప్రి
        एप्रिल एप्रि เมษายน เม.ย aprili prill pri აპრილი აპრ ապրիլի ապր ապրիլ ebrill ebr نيسان ابريل
        إبريل أفريل
    """,
    5: """
        мамыр maijā
        may mai mayo maggio mag maio mei maj toukokuuta touko toukokuu maí maja května kvě květen
        mája máj мај május май мая травня трав травень μαΐου μαΐ μάιος μάι mayıs gegužės geg gegužė
        maijs maig maiatza מאי مايو مهٔ مه مئی मई মে மே మే मे พฤษภาคม พ.ค მაისი მაი մայիսի մյս մայիս
        أيار ايار ماي
    """,
    6: """
        маусым jūnijā
        june jun juni juin junio giugno giu junho kesäkuuta kesä kesäkuu júní jún czerwca cze
        czerwiec června čvn červen júna junij јун június iunie iun юни июня июн июнь червня черв
        червень чэрвеня чэр чэрвень ιουνίου ιουν ιούνιος ιούν haziran haz iyun iyn birželio birž
        birželis jūnijs jūn juuni juny ekaina eka xuño יוני يونيو ژوئن جون जून জুন ஜூன் జూన్
        มิถุนายน มิ.ย hunyo hun junie qershor qer јуни ივნისი ივნ հունիսի հնս հունիս mehefin meh
        حزيران يونيه جوان
    """,
    7: """
        шілде jūlijā
        july jul juli juillet juil julio luglio lug julho heinäkuuta heinä heinäkuu júlí júl lipca
        lip lipiec července čvc červenec júla julij јул július iulie iul юли июля июл июль липня лип
        липень ліпеня ліп ліпень ιουλίου ιουλ ιούλιος ιούλ temmuz tem iyul iyl liepos liep liepa
        jūlijs jūl juuli juliol uztaila uzt xullo xul יולי يوليو ژوئیهٔ ژوئیه جولائی जुलाई जुल জুলাই
        জুল ஜூலை జులై जुलै julai กรกฎาคม ก.ค hulyo hul julie korrik korr јули ივლისი ივლ հուլիսի հլս
        հուլիս gorffennaf gorff gor تموز يوليه جويلية
    """,
    8: """
        тамыз augustā
        august aug août agosto ago augustus augusti elokuuta elo elokuu ágúst ágú sierpnia sie
        sierpień srpna srp srpen augusta avgust avg август авг augusztus августа серпня серп серпень
        жніўня жні жнівень αυγούστου αυγ αύγουστος αύγ ağustos ağu avqust avq rugpjūčio rugp
        rugpjūtis augusts agost ag abuztua abu אוגוסט אוג أغسطس اوت اگست अगस्त अग আগস্ট আগ ஆகஸ்ட் ஆக
        ఆగస్టు ఆగ ऑगस्ट ऑग agustus agu ogos ogo สิงหาคม ส.ค agosti gusht gush აგვისტო აგვ օգոստոսի
        օգս օգոստոս awst آب اغسطس أوت
    """,
    9: """
        қыркүйек septembrī
        september sep sept septembre septiembre settembre set setembro syyskuuta syys syyskuu
        września wrz wrzesień září zář septembra септембар сеп szeptember szept septembrie септември
        сентября сент сентябрь вересня вер вересень верасня верасень σεπτεμβρίου σεπ σεπτέμβριος
        eylül eyl sentyabr sen rugsėjo rugs rugsėjis septembris setembre iraila ira ספטמבר ספט
        سبتمبر سپتامبر ستمبر सितंबर सित সেপ্টেম্বর সেপ செப்டம்பர் செப் సెప్టెంబర్ సెప్టెం सप्टेंबर
        सप्टें กันยายน ก.ย septemba setyembre shtator sht სექტემბერი სექ սեպտեմբերի սեպ սեպտեմբեր
        medi أيلول ايلول
    """,
    10: """
        қазан oktobrī
        october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta loka lokakuu
        október października paź październik října říj říjen októbra октобар окт octombrie октомври
        октября октябрь жовтня жовт жовтень кастрычніка кас кастрычнік οκτωβρίου οκτ οκτώβριος ekim
        eki oktyabr spalio spal spalis oktobris oktoober urria urr אוקטובר אוק أكتوبر اکتبر اکتوبر
        अक्टूबर अक्टू অক্টোবর অক্টো அக்டோபர் அக் అక్టోబర్ అక్టో ऑक्टोबर ऑक्टो ตุลาคม ต.ค oktoba
        oktubre tetor tet ოქტომბერი ოქტ հոկտեմբերի հոկ հոկտեմբեր hydref hyd تشرين_الأول اكتوبر
    """,
    11: """
        қараша novembrī
        november nov novembre noviembre novembro marraskuuta marras marraskuu nóvember nóv listopada
        lis listopad listopadu novembra новембар нов noiembrie ноември ное ноября нояб ноябрь
        листопада лист листопад лістапада ліс лістапад νοεμβρίου νοε νοέμβριος νοέ kasım kas noyabr
        noy lapkričio lapkr lapkritis novembris azaroa aza נובמבר נוב نوفمبر نوامبر نومبر नवंबर नव
        নভেম্বর নভে நவம்பர் நவ నవంబర్ నవం नोव्हेंबर नोव्हें พฤศจิกายน พ.ย novemba nobyembre nob
        nëntor nën ნოემბერი ნოე նոյեմբերի նոյ նոյեմբեր tachwedd tach تشرين_الثاني
    """,
    12: """
        желтоқсан decembrī
        december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des
        joulukuuta joulu joulukuu grudnia gru grudzień prosince pro prosinec decembra децембар дец
        decembrie декември дек декабря декабрь грудня груд грудень снежня сне снежань δεκεμβρίου δεκ
        δεκέμβριος aralık ara dekabr dek gruodžio gruod gruodis decembris detsember dets desembre
        abendua abe decembro דצמבר דצמ ديسمبر دسامبر دسمبر दिसंबर दिस ডিসেম্বর ডিসে டிசம்பர் டிச
        డిసెంబర్ డిసెం डिसेंबर डिसें disember dis ธันวาคม ธ.ค desemba disyembre dhjetor dhj
        დეკემბერი დეკ դեկտեմբերի դեկ դեկտեմբեր rhagfyr rhag كانون_الأول
    """,
}

CROATIAN = {
    1: "siječnja sij siječanj",
    2: "veljače velj veljača",
    3: "ožujka ožu ožujak",
    4: "travnja tra travanj",
    5: "svibnja svi svibanj",
    6: "lipnja lip lipanj",
    7: "srpnja srp srpanj",
    8: "kolovoza kol kolovoz",
    9: "rujna ruj rujan",
    10: "listopada lis listopad",
    11: "studenoga studenog stu studeni",
    12: "prosinca pro prosinac",
}


def _numbers(names: dict[int, str]) -> dict[str, int]:
    return {name.replace("_", " "): month for month, line in names.items() for name in line.split()}


_CROATIAN = _numbers(CROATIAN)
_MONTHS = {**{k: v for k, v in _CROATIAN.items() if len(k) > 3}, **_numbers(NAMES)}


def month_number(name: str, language: str | None = None) -> int | None:
    """The number of a month's name (1-12) or `None`; the language decides where one name means two months.

    >>> month_number("März"), month_number("Sept."), month_number("lipanj"), month_number("nobody")
    (3, 9, 6, None)
    >>> month_number("listopad"), month_number("listopad", "hr")
    (11, 10)
    """
    key = name.lower().replace("\u0307", "").strip(".׳'’॰")  # the dot that lower() leaves of a Turkish İ
    if language and language[:2] in ("hr", "bs"):
        return _CROATIAN.get(key) or _MONTHS.get(key)
    return _MONTHS.get(key) or _MONTHS.get(key[1:] if key[:1] in "בו" else "")
