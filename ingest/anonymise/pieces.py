"""Words to make words of, by language: plain things, so that what is made of them sounds like the language."""

from __future__ import annotations

PIECES: dict[str, tuple[str, ...]] = {
    language: tuple(line.split())
    for language, line in {
        "en": "bread stone clock thorn fresh wood field brook shell trunk watch round ground light "
        "storm sharp green "
        "plank bloom frost wheel thread shore grain black white crown whip wick brack mead thatch wheat "
        "hawk owl yew",
        "de": "brot stein wald feld bach licht sturm schnee blume rinde zweig wolke krug topf dach wand "
        "schrank tisch "
        "strauch pfad gras korn mehl garten nebel vogel fisch kessel brunnen kirsche hügel birke "
        "schaufel knopf",
        "fr": "pain pierre bois champ ruisseau lumière neige fleur écorce branche nuage cruche toit "
        "armoire sentier "
        "herbe farine jardin brume oiseau poisson cloche fontaine cerise colline bouleau bouton feuille poire",
        "es": "piedra campo arroyo nieve corteza rama nube jarro techo armario sendero hierba harina "
        "jardín niebla "
        "pájaro campana fuente cereza colina botón hoja pera trigo leña puente cuchara queso huerta viñedo",
        "it": "pietra bosco campo ruscello neve fiore corteccia ramo nuvola brocca tetto armadio "
        "sentiero erba farina "
        "giardino nebbia uccello pesce campana fontana ciliegia collina bottone foglia pera grano ponte "
        "cucchiaio",
        "pt": "pedra campo riacho neve casca ramo nuvem jarro telhado armário trilho relva farinha "
        "jardim névoa pássaro "
        "peixe fonte cereja colina botão folha pêra trigo lenha ponte colher queijo horta vinha caminho",
        "nl": "brood steen bos veld beek licht sneeuw bloem schors tak wolk kruik dak kast pad gras "
        "meel tuin nevel "
        "vogel vis klok bron kers heuvel berk knoop blad peer graan brug lepel kaas schuur wijngaard",
        "sv": "bröd sten skog fält bäck ljus snö blomma bark gren moln kruka tak skåp stig gräs mjöl "
        "trädgård dimma "
        "fågel fisk klocka källa körsbär kulle björk knapp blad päron säd bro sked ost lada",
        "da": "brød sten skov mark bæk lys sne blomst bark gren sky krukke tag skab sti græs mel have "
        "tåge fugl fisk "
        "klokke kilde kirsebær bakke birk knap blad pære korn bro ske ost lade",
        "no": "brød stein skog åker bekk lys snø blomst bark grein sky krukke tak skap sti gress mel "
        "hage tåke fugl "
        "fisk klokke kilde kirsebær bakke bjørk knapp blad pære korn bru skje ost låve",
        "fi": "leipä kivi metsä pelto puro valo lumi kukka kuori oksa pilvi ruukku katto kaappi polku "
        "ruoho jauho "
        "puutarha sumu lintu kala kello lähde kirsikka mäki koivu nappi lehti päärynä vilja silta "
        "lusikka juusto",
        "pl": "chleb kamień las pole strumień światło śnieg kwiat kora gałąź chmura dzban dach szafa "
        "ścieżka trawa mąka "
        "ogród mgła ptak ryba dzwon źródło wiśnia wzgórze brzoza guzik liść gruszka zboże łyżka ser",
        "cs": "chléb kámen pole potok světlo sníh květ kůra větev mrak džbán střecha skříň stezka tráva "
        "mouka zahrada "
        "mlha pták ryba zvon pramen třešeň kopec bříza knoflík list hruška obilí lžíce sýr",
        "hu": "kenyér erdő patak fény hó virág kéreg felhő korsó tető szekrény ösvény liszt kert köd "
        "madár harang forrás "
        "cseresznye domb nyírfa gomb levél körte gabona híd kanál sajt",
        "ro": "pâine piatră pădure câmp pârâu lumină zăpadă floare coajă ramură ulcior acoperiș dulap "
        "cărare iarbă făină "
        "grădină ceață pasăre pește clopot izvor cireașă deal nasture frunză pară grâu lingură brânză",
        "tr": "ekmek orman tarla dere ışık çiçek kabuk bulut testi çatı dolap patika çimen bahçe balık "
        "çeşme kiraz tepe "
        "düğme yaprak armut buğday köprü kaşık peynir",
        "id": "roti batu hutan ladang sungai cahaya bunga ranting awan kendi atap lemari jalan rumput "
        "tepung kebun kabut "
        "burung ikan lonceng bukit kancing daun gandum jembatan sendok keju",
        "ru": "хлеб камень лес поле ручей свет снег цветок кора ветка облако кувшин крыша шкаф тропа "
        "трава мука туман "
        "птица рыба колокол родник вишня холм берёза пуговица лист груша зерно мост ложка сыр",
        "uk": "хліб камінь ліс поле струмок світло сніг квітка кора гілка хмара глечик дах шафа стежка "
        "трава борошно "
        "туман птах риба дзвін джерело вишня пагорб береза ґудзик листя груша зерно міст ложка сир",
        "bg": "хляб камък гора поле ручей светлина сняг цвете клон облак стомна покрив шкаф пътека "
        "трева брашно мъгла "
        "птица риба камбана извор череша хълм бреза копче круша зърно мост лъжица сирене",
    }.items()
}
PIECES |= {"nb": PIECES["no"], "nn": PIECES["no"]}
