"""The common packs: wording that must go on any site, and article text that looks like it and must stay."""

from __future__ import annotations

import pytest

from ingest.rules import SiteRules, load_rules
from ingest.strip import strip_blocks

PROSE = (
    "The council met on Tuesday evening and agreed to repair the old bridge across the river before winter.",
    "Work will begin in October, the mayor told residents, and should take no longer than eight weeks.",
)

MUST_GO = {
    "cookies": """
        We use cookies to improve your experience on our website.
        This website uses cookies
        We and our 842 partners store and access personal data on your device.
        By continuing to use this site you agree to our use of cookies and our privacy policy.
        We value your privacy
        Accept all cookies
        Manage cookie preferences
        Store and/or access information on a device
        Continue without agreeing
        Do not sell or share my personal information
        Wir verwenden Cookies, um unsere Website für Sie zu verbessern.
        Wir und unsere 211 Partner verarbeiten personenbezogene Daten auf Ihrem Gerät.
        Diese Website verwendet Cookies.
        Alle akzeptieren
        Cookie-Einstellungen
        Nur notwendige Cookies akzeptieren
        Empfohlener redaktioneller Inhalt
        Informationen auf einem Gerät speichern und/oder abrufen
        Nous utilisons des cookies pour améliorer votre expérience sur notre site.
        Avec votre accord, nous et nos 700 partenaires utilisons des cookies.
        Tout accepter
        Continuer sans accepter
        Gestion des cookies
        Paramétrer les cookies
        Utilizamos cookies propias y de terceros para mejorar nuestros servicios.
        Nosotros y nuestros 300 socios almacenamos información en su dispositivo.
        Aceptar todas las cookies
        Configurar cookies
        Política de cookies
        Continuar sin aceptar
        Utilizziamo i cookie per migliorare la tua esperienza sul sito.
        Noi e i nostri 400 partner archiviamo informazioni sul tuo dispositivo.
        Accetta tutti i cookie
        Continua senza accettare
        Cookie policy
        Gestisci preferenze
        Utilizamos cookies para melhorar a sua experiência neste site.
        Nós e os nossos 500 parceiros armazenamos dados no seu dispositivo.
        Aceitar todos os cookies
        Rejeitar tudo
        Política de cookies
        Configurações de cookies
        Wij gebruiken cookies om uw ervaring op onze website te verbeteren.
        Wij en onze 120 partners slaan gegevens op uw apparaat op.
        Alle cookies accepteren
        Cookie-instellingen
        Cookies weigeren
        Doorgaan zonder te accepteren
        אנחנו משתמשים בעוגיות כדי לשפר את חוויית הגלישה באתר.
        האתר עושה שימוש בקובצי עוגיות בהתאם למדיניות הפרטיות.
        אישור כל העוגיות
        הגדרות עוגיות
        מדיניות עוגיות
        הגדרות פרטיות
        نحن نستخدم ملفات تعريف الارتباط لتحسين تجربة التصفح في الموقع.
        يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين خدماتنا.
        قبول جميع ملفات تعريف الارتباط
        إعدادات ملفات تعريف الارتباط
        قبول الكل
        نحن نقدر خصوصيتك
        The information does not usually directly identify you, but it can make the site work better.
        You can set your browser to block or alert you about them, but some parts will not then work.
        Welcome! The Quay Post asks for your consent to use your personal data to:
        Some vendors may process your personal data on the basis of legitimate interest.
        You may click to consent to our and our 14 partners' processing.
        The technical storage or access that is used only for statistics.
        Do not consent
        Vendor preferences
        Manage your privacy
        Allow Twitter content?
        Wenn Sie unter 16 Jahre alt sind und Ihre Zustimmung geben möchten, fragen Sie Ihre Eltern.
        Weiter mit Werbung
        Bereits PUR-Abonnent? Hier anmelden
        Vous pouvez retirer votre consentement à tout moment
        Avec votre accord, nos partenaires et nous utilisons des cookies ou des traceurs.
        Al pinchar en "Aceptar y continuar", aceptas el uso de cookies
        Puoi liberamente prestare, rifiutare o revocare il tuo consenso
    """,
    "share-bar": """
        Share on Facebook
        ShareTweetEmail
        Share on Facebook Tweet Pin it
        Share this article
        Copy link
        Follow us on Twitter
        Click to share on WhatsApp (Opens in new window)
        Auf Facebook teilen
        Artikel teilen
        Teilen
        Link kopieren
        Folgen Sie uns auf Instagram
        Klick, um auf LinkedIn zu teilen (Wird in neuem Fenster geöffnet)
        Partager sur Facebook
        Partager
        Partager cet article
        Copier le lien
        Suivez-nous sur Instagram
        Envoyer par e-mail
        Compartir en Facebook
        Compartir
        Comparte esta noticia
        Copiar enlace
        Síguenos en Twitter
        Enviar por correo
        Condividi su Facebook
        Condividi
        Condividi questo articolo
        Copia link
        Seguici su Instagram
        Stampa articolo
        Compartilhar no WhatsApp
        Compartilhar
        Partilhar no Facebook
        Copiar link
        Siga-nos no Instagram
        Imprimir notícia
        Delen via WhatsApp
        Delen
        Deel dit artikel
        Kopieer link
        Volg ons op Instagram
        Artikel delen
        שתפו בפייסבוק
        שתפו
        שתפו את הכתבה
        העתק קישור
        עקבו אחרינו בטוויטר
        הדפס כתבה
        شارك على فيسبوك
        شارك المقال
        مشاركة
        نسخ الرابط
        تابعونا على تويتر
        طباعة المقال
        Sharing is caring!
        Share All sharing options for: The ferries that stayed in port
        This story has been shared 1,204 times.
    """,
    "photo-credit": """
        Photo: Jane Miller/Reuters
        (AP Photo/Jane Miller)
        The harbour at dawn on Monday. (Photo: Jane Miller)
        A ferry leaves the port. © AFP
        The harbour at dawn on Monday morning. | Getty Images
        Jane Miller | Moment | Getty Images
        Image source, Getty Images
        Rescue boats near the pier (Jane Miller/Getty Images)
        Foto: dpa
        Der Hafen am Montagmorgen. Foto: Jana Müller/dpa
        Bild: Jana Müller
        picture alliance/dpa | Jana Müller
        © Jana Müller
        Symbolfoto: Privat
        Crédit photo : Jeanne Martin
        Photo : Jeanne Martin
        Le port au petit matin. © Jeanne Martin
        Un ferry quitte le port. (Photo Jeanne Martin)
        Crédit : Jeanne Martin / AFP
        Le maire devant la presse. Photo : AFP
        Imagen: Juana Molina
        Foto: EFE
        El puerto al amanecer. (Foto: Juana Molina)
        Fotografía: Juana Molina
        Crédito: Juana Molina
        El alcalde en la plaza. Foto: Juana Molina/EFE
        Foto: Giovanna Rossi
        Il porto all'alba. (Foto: Giovanna Rossi)
        Foto: ANSA
        © Giovanna Rossi
        Immagine: Giovanna Rossi
        Un traghetto lascia il porto. Foto: LaPresse
        Foto: Joana Silva
        O porto ao amanhecer. — Foto: Joana Silva/G1
        Imagem: Divulgação
        Foto: Divulgação
        Crédito: Joana Silva
        (Foto: Joana Silva)
        Beeld: Jan Jansen
        Foto: ANP
        De haven bij zonsopgang. Foto: Jan Jansen
        De burgemeester op het plein. © ANP
        Foto: Jan Jansen / ANP
        © Jan Jansen
        צילום: דנה לוי
        הנמל עם שחר (צילום: דנה לוי)
        צילום: רויטרס
        הנמל בבוקר | צילום: דנה לוי
        צילומים: דנה לוי
        (צילום: AP)
        تصوير: سارة حداد
        الميناء عند الفجر (رويترز)
        عدسة: سارة حداد
        مصدر الصورة: رويترز
        الصورة: رويترز
        مصدر الصورة Getty Images
    """,
    "newsletter": """
        Sign up for our newsletter
        Subscribe to our free daily newsletter and never miss a story.
        Get the day's top stories delivered straight to your inbox.
        Get breaking news alerts and special reports, delivered weekday mornings.
        Let our news meet your inbox. The stories that matter, every morning.
        Breaking News Emails
        Enter your email address
        By signing up you agree to our terms of use.
        You can unsubscribe at any time.
        Newsletter abonnieren
        Jetzt für den Newsletter anmelden
        Abonnieren Sie unseren Newsletter
        Ihre E-Mail-Adresse
        Melden Sie sich für unseren Newsletter an
        Newsletter-Anmeldung
        Inscrivez-vous à notre newsletter
        S'abonner à nos newsletters
        Recevez chaque matin notre lettre d'information
        Votre adresse e-mail
        Newsletters
        Abonnez-vous à notre infolettre matinale
        Suscríbete a nuestro boletín
        Suscríbase a nuestra newsletter
        Recibe las noticias en tu correo
        Tu correo electrónico
        Newsletter
        Únete a nuestra newsletter
        Iscriviti alla newsletter
        Ricevi ogni mattina la nostra newsletter
        La tua email
        Newsletter
        Iscriviti gratis alla nostra newsletter
        Indirizzo email
        Inscreva-se e receba a newsletter
        Assine a nossa newsletter
        Receba as notícias no seu e-mail
        Seu e-mail
        Newsletters
        Subscreva a nossa newsletter
        Schrijf je in voor onze nieuwsbrief
        Meld je aan voor de nieuwsbrief
        Ontvang het laatste nieuws in je mailbox
        Je e-mailadres
        Nieuwsbrief
        Ontvang onze dagelijkse nieuwsbrief
        הירשמו לניוזלטר שלנו
        הרשמה לניוזלטר
        כתובת מייל
        ניוזלטר
        לקבלת עדכונים למייל
        הצטרפו עכשיו לניוזלטר היומי
        اشترك في النشرة البريدية
        اشترك الآن في نشرتنا الإخبارية
        النشرة البريدية
        بريدك الإلكتروني
        سجل لتصلك النشرة اليومية
        أدخل بريدك الإلكتروني
        Please check the opt-in box to acknowledge that you would like to subscribe.
        I agree that The Quay Post can send me the "Morning Boats" newsletter.
        Our flagship newsletter highlights the best of The Quay Post, with letters and tides.
    """,
    "subscription": """
        Already a subscriber? Log in
        This article is for subscribers only.
        Subscribe to continue reading
        To continue reading this article, please subscribe now.
        You have reached your monthly limit.
        Please consider supporting our journalism with a donation.
        Dieser Artikel ist nur für Abonnenten verfügbar.
        Sie möchten weiterlesen? Jetzt abonnieren.
        Bereits Abonnent? Hier einloggen
        Jetzt kostenlos registrieren
        Jetzt 4 Wochen testen, jederzeit kündbar
        Unterstützen Sie unsere Redaktion mit einem Abo.
        Cet article est réservé aux abonnés.
        Il vous reste 80 % de cet article à lire.
        Déjà abonné ? Se connecter
        Abonnez-vous
        Pour lire la suite, abonnez-vous
        Je m'abonne à partir de 1 €
        Este contenido es exclusivo para suscriptores
        Para seguir leyendo, suscríbete
        ¿Ya eres suscriptor? Inicia sesión
        Suscríbete
        Hazte socio
        Inicia sesión para seguir leyendo
        Questo articolo è riservato agli abbonati
        Per continuare a leggere abbonati
        Sei già abbonato? Accedi
        Abbonati ora
        Accedi
        Sostieni il nostro giornalismo
        Este conteúdo é exclusivo para assinantes
        Para continuar lendo, assine
        Já é assinante? Faça login
        Assine já
        Faça login para continuar
        Apoie o jornalismo independente
        Dit artikel is alleen voor abonnees
        Verder lezen? Word abonnee
        Al abonnee? Log in
        Maak een gratis account aan
        Log in om verder te lezen
        Steun onafhankelijke journalistiek
        כתבה זו פתוחה למנויים בלבד
        להמשך קריאה
        כבר מנוי? התחבר
        למנויים בלבד
        הירשמו עכשיו
        רכישת מינוי
        هذا المحتوى متاح للمشتركين فقط
        للمشتركين فقط
        لمتابعة القراءة سجل الدخول
        اشترك الآن
        تسجيل الدخول
        لديك حساب بالفعل؟
        Dear Reader - the last paper on the quay is in trouble, and it gets worse. Please support us today.
        Do you rely on the Quay Post? Click here to support it.
        By joining Quay Plus you support our work and get every chart.
        Registration is a free and easy way to support our journalism.
        Get Boats Monthly delivered through your letterbox. 12 issues for £11.
        Join our community where you can: comment on stories; sign up to newsletters; enter competitions.
        Get access to the Quay Pro service for as little as Rs 599 for the first year.
        2 Wochen kostenlos testen
    """,
    "reading-time": """
        5 min read
        Reading time: 4 minutes
        3 minute read
        Listen to this article
        Estimated reading time: 12 mins
        0:00 / 5:12
        Lesezeit: 5 Minuten
        5 Min. Lesezeit
        Lesedauer: ca. 3 Min.
        Artikel anhören
        3 Minuten Lesedauer
        Lesezeit 2 Min
        Temps de lecture : 3 min
        Lecture 3 min
        3 min de lecture
        Écouter l'article
        Durée de lecture : 4 minutes
        Lecture : 2 minutes
        Tiempo de lectura: 3 min
        3 min de lectura
        Lectura: 3 minutos
        Escuchar artículo
        4 minutos de lectura
        Tiempo estimado de lectura: 5 minutos
        Tempo di lettura: 3 min
        3 min di lettura
        3 minuti di lettura
        Lettura 2 min
        Ascolta l'articolo
        Tempo stimato di lettura: 4 minuti
        Tempo de leitura: 3 min
        3 min de leitura
        Leitura: 3 minutos
        Ouvir artigo
        4 minutos de leitura
        Tempo estimado de leitura: 5 minutos
        Leestijd: 3 minuten
        3 min leestijd
        3 minuten lezen
        Leestijd 2 min
        4 minuten leestijd
        Luister naar dit artikel
        זמן קריאה: 3 דקות
        3 דקות קריאה
        קריאה של 4 דקות
        זמן קריאה משוער: 5 דקות
        האזינו לכתבה
        דקת קריאה
        مدة القراءة: 3 دقائق
        وقت القراءة 5 دقائق
        3 دقائق للقراءة
        زمن القراءة: 4 دقائق
        استمع للمقال
        قراءة 3 دقائق
    """,
    "related": """
        Read more: Harbour bridge to close for repairs
        READ ALSO: Ferry strike enters second week
        Related: What we know about the bridge
        Story continues below
        Most read
        You may also like
        Lesen Sie auch: Brücke bleibt gesperrt
        Mehr zum Thema
        Das könnte Sie auch interessieren
        Mehr Artikel aus dieser Rubrik gibt's hier: Küste
        Auch interessant: Die Fähren fahren wieder
        Meistgelesen
        Weiterlesen
        À lire aussi : Le pont reste fermé
        Lire aussi Le pont reste fermé
        Sur le même sujet
        Les plus lus
        Articles liés
        Lire la suite
        Lea también: El puente sigue cerrado
        Te puede interesar
        Lee también El puente sigue cerrado
        Noticias relacionadas
        Lo más leído
        Leer más
        Leggi anche: Il ponte resta chiuso
        Leggi anche
        Potrebbe interessarti
        I più letti
        Articoli correlati
        Continua a leggere
        Leia também: A ponte continua fechada
        Leia mais
        Notícias relacionadas
        Mais lidas
        Veja também
        Continue lendo
        Lees ook: De brug blijft dicht
        Lees ook
        Lees verder
        Meest gelezen
        Gerelateerde artikelen
        Lees meer over bruggen
        קראו גם: הגשר נשאר סגור
        קראו עוד
        כתבות נוספות
        אולי יעניין אותך
        הנקראות ביותר
        עוד בנושא
        اقرأ أيضا: الجسر لا يزال مغلقا
        اقرأ أيضًا
        مواضيع ذات صلة
        الأكثر قراءة
        قد يهمك أيضا
        المزيد من الأخبار
        Ähnliche Nachrichten
        Noticia relacionada
        In this article
        Follow AP's full coverage of the ferries at https://ferries.example/
    """,
    "copyright": """
        © 2024 Harbour Times. All rights reserved.
        Copyright 2023 Harbour Times Ltd.
        All rights reserved
        This material may not be published, broadcast, rewritten, or redistributed.
        Privacy Policy | Terms of Use | Contact Us
        Terms and Conditions
        © 2024 Hafenblatt GmbH
        Alle Rechte vorbehalten
        Impressum | Datenschutz | AGB
        Datenschutzerklärung
        Nachdruck nur mit Genehmigung des Verlags
        Affiliate-Link
        © 2024 Le Port. Tous droits réservés.
        Tous droits réservés
        Mentions légales
        Politique de confidentialité
        Mentions légales | CGU | Contact
        Toute reproduction interdite sans autorisation
        © 2024 El Puerto. Todos los derechos reservados.
        Todos los derechos reservados
        Aviso legal
        Política de privacidad
        Prohibida la reproducción total o parcial
        Aviso legal | Contacto | Publicidad
        © 2024 Il Porto. Tutti i diritti riservati.
        Riproduzione riservata
        © RIPRODUZIONE RISERVATA
        Tutti i diritti riservati
        Note legali
        Privacy | Contatti | Chi siamo
        © 2024 O Porto. Todos os direitos reservados.
        Todos os direitos reservados
        Política de privacidade
        Termos de uso
        Proibida a reprodução sem autorização
        Contato | Anuncie | Expediente
        © 2024 De Haven. Alle rechten voorbehouden.
        Alle rechten voorbehouden
        Privacybeleid
        Algemene voorwaarden
        Gebruiksvoorwaarden
        Contact | Adverteren | Over ons
        כל הזכויות שמורות
        © 2024 הנמל. כל הזכויות שמורות
        תנאי שימוש
        מדיניות פרטיות
        צור קשר
        הצהרת נגישות
        جميع الحقوق محفوظة
        © 2024 الميناء. جميع الحقوق محفوظة
        سياسة الخصوصية
        شروط الاستخدام
        اتصل بنا
        من نحن
        Opinions expressed by Quay Contributors are their own.
        Opinions expressed are solely those of the author and do not reflect the views of the editors.
        This post may contain affiliate and/or referral links. Please see my disclosure page.
        Join our Boat Forums to keep talking tides! And if you have a news tip, let us know at tips@quay.example.
        Get in touch with our news team by emailing us at desk@quay.example.
    """,
    "comments": """
        View comments
        12 comments
        Leave a comment
        Join the conversation
        Your email address will not be published. Required fields are marked *
        What do you think? Let us know in the comments below.
        Kommentare anzeigen
        12 Kommentare
        Kommentar schreiben
        Schreiben Sie einen Kommentar
        Ihre E-Mail-Adresse wird nicht veröffentlicht.
        Diskutieren Sie mit
        Voir les commentaires
        12 commentaires
        Laisser un commentaire
        Commenter cet article
        Soyez le premier à commenter
        Votre adresse e-mail ne sera pas publiée.
        Ver comentarios
        12 comentarios
        Deja un comentario
        Comparte tu opinión
        Sé el primero en comentar
        Tu dirección de correo electrónico no será publicada.
        Vedi tutti i commenti
        12 commenti
        Lascia un commento
        Nessun commento
        Partecipa alla discussione
        Il tuo indirizzo email non sarà pubblicato.
        Ver comentários
        12 comentários
        Deixe um comentário
        Seja o primeiro a comentar
        Participe da conversa
        O seu endereço de e-mail não será publicado.
        Bekijk alle reacties
        12 reacties
        Geef een reactie
        Plaats een reactie
        Reageer op dit artikel
        Je e-mailadres wordt niet gepubliceerd.
        12 תגובות
        הוסף תגובה
        כתבו תגובה
        לכל התגובות
        אין תגובות
        הגיבו לכתבה
        12 تعليقات
        أضف تعليقا
        اترك تعليقا
        عرض التعليقات
        لا توجد تعليقات
        شاركنا رأيك
        10 thoughts on “Ferries stay in port”
        All comments 4
        Top Rated Comments
        Would you like to comment on this article?
        When submitting content, please abide by our guidelines, and avoid profanity.
        Community Rules apply to all content you upload to this site.
        3 Gedanken zu „Fähren bleiben im Hafen“
        2 réflexions sur « Les ferries restent au port »
        4 comentarios en «Los ferris siguen en el puerto»
        I commenti saranno accettati:
        Para ver los comentarios de nuestros suscriptores, primero tienes que iniciar sesión.
        You can follow any responses to this entry through the RSS 2.0 feed.
        Both comments and pings are currently closed.
        You can leave a response, or trackback from your own site.
        Responses are currently closed, but you can trackback from your own site.
        This entry was posted on Monday, March 3rd, 2014 at 10:31 am and is filed under Ferries.
        The views expressed in the comments are those of our readers and not of the editors.
        Reader comments do not necessarily reflect the views of the Quay Post.
        Sie können alle Antworten zu diesem Eintrag durch den RSS 2.0 Feed verfolgen.
        Dieser Beitrag wurde am 3. März 2014 unter Fähren abgelegt.
        Kommentare und Pings sind derzeit geschlossen.
        Die Kommentarfunktion ist zurzeit ausgeschaltet.
        Leserkommentare geben nicht die Meinung der Redaktion wieder.
        Vous pouvez suivre les réponses à cet article par le flux RSS 2.0.
        Les commentaires et les rétroliens sont actuellement fermés.
        Les commentaires n'engagent que leurs auteurs.
        Puedes seguir las respuestas a esta entrada mediante el feed RSS 2.0.
        Los comentarios publicados son de exclusiva responsabilidad de sus autores.
        Puoi seguire tutte le risposte a questo articolo tramite il feed RSS 2.0.
        I commenti dei lettori non riflettono la posizione del giornale.
        Você pode acompanhar qualquer resposta a esta entrada pelo feed RSS 2.0.
        Os comentários são de responsabilidade exclusiva de seus autores.
        Je kunt alle reacties op dit bericht volgen via de RSS-feed.
        Kommentarer er nå stengt.
        Możliwość komentowania została wyłączona.
        Diskuse je uzavřena.
        Yorumlar kapalı.
        Комментарии к записи Паромы стоят в порту закрыты.
        Мнение редакции может не совпадать с мнением автора.
        コメントは受け付けていません。
        评论已关闭
    """,
    "advertising": """
        Advertisement
        Advertisement - scroll to continue
        Article continues below advertisement
        Story continues below ad
        Sponsored content
        Please disable your ad blocker to continue.
        Anzeige
        - Anzeige -
        Werbung
        Der Artikel geht nach der Anzeige weiter
        Nach der Anzeige weiterlesen
        Advertorial
        Publicité
        La suite après cette publicité
        Contenu sponsorisé
        L'article continue après la publicité
        Fermer la publicité
        Publi-reportage
        Publicidad
        Contenido patrocinado
        Continúa después de la publicidad
        Sigue leyendo después de la publicidad
        Patrocinado
        Cerrar publicidad
        Pubblicità
        Contenuto sponsorizzato
        Continua dopo la pubblicità
        L'articolo continua dopo la pubblicità
        Messaggio promozionale
        Annuncio pubblicitario
        Publicidade
        Conteúdo patrocinado
        Continua depois da publicidade
        Continua após a publicidade
        Pular anúncio
        Informe publicitário
        Advertentie
        Tekst gaat verder onder de advertentie
        Gesponsorde inhoud
        Lees verder onder de advertentie
        Reclame
        Advertentie sluiten
        פרסומת
        תוכן ממומן
        תוכן שיווקי
        הכתבה ממשיכה אחרי הפרסומת
        דלג על הפרסומת
        סגור פרסומת
        إعلان
        محتوى ممول
        إعلان مدفوع
        مساحة إعلانية
        تخطي الإعلان
        أكمل القراءة بعد الإعلان
        We Need to Talk About Your Ad Blocker
        We noticed you're using an ad blocker
        Ad block users: some of this site may not work while a blocker is on.
        Don't want to see this? Remove ads
    """,
    "wire-agency": """
        Reuters contributed to this report.
        The Associated Press contributed to this report.
        Jane Miller and John Smith contributed to this story.
        With files from The Canadian Press
        Reporting by Jane Miller; Editing by John Smith
        Write to Jane Miller at jane.miller@example.com
        You can email Jane Miller here, and read more of her articles here.
        Jane Miller can be reached at jmiller@example.com.
        The Associated Press is an independent global news organization dedicated to factual reporting.
        (AFP)
        Mit Material von dpa
        Quelle: dpa
        (dpa/AFP)
        Mit Agenturmaterial
        Quelle: ntv.de, abc/dpa
        dpa-infocom, dpa:240101-99-123456/2
        (avec AFP)
        Avec AFP
        Source : AFP
        Avec Reuters et les agences
        La Presse canadienne
        Agence France-Presse
        Con información de EFE
        Fuente: EFE
        Agencias
        Europa Press
        Agencia EFE
        Con información de AFP y Reuters
        Fonte: ANSA
        (ANSA)
        Adnkronos
        Con agenzie
        (LaPresse)
        Fonte: Adnkronos
        Com informações da Agência Brasil
        Com agências
        Fonte: Lusa
        Agência Brasil
        (Lusa)
        Com informações da Reuters
        Bron: ANP
        (ANP)
        Bronnen: ANP, AFP
        Door ANP
        Belga
        Met medewerking van ANP
        סוכנויות הידיעות
        (רויטרס)
        רויטרס
        סוכנויות
        רויטרס תרמה לידיעה זו
        (AP)
        المصدر: رويترز
        (أ ف ب)
        وكالات
        المصدر: وكالات
        فرانس برس
        وكالة الأناضول
    """,
}

MUST_STAY = """
    Get the parcels delivered before the ferries stop running for the winter.
    They asked readers to write to the mayor, the council and the harbour board before the vote.
    The Associated Press reported that the board had met in secret.
    The cookies were served warm.
    Comments are closed by the mayor at noon, the council said.
    Opinions expressed by readers of the town paper changed the plan.
    You can follow the river to the bridge or take the ferry.
    This post was filed by our reporter under the pier.
    Die Kommentare des Trainers sind hart.
    Dieser Artikel wurde oft zitiert.
    Los comentarios del alcalde no reflejan su enfado.
    Комментарии мэра были закрыты от прессы.
    These cookies are essential for Christmas.
    We use cookies and cream for the filling.
    Cookies
    Cookies and cream
    We baked cookies with the children.
    By continuing down this road, the minister said, we accept defeat.
    You can change your mind at any time.
    Follow us, the guide said.
    Follow the money
    Share prices fell
    Share this burden fairly, the unions asked.
    Shares
    Facebook said it would appeal.
    Facebook and the law
    Print is not dead
    Subscribe to that theory and everything follows.
    Sign up for the army, the poster said.
    Photo: a short history
    Image: a question of trust
    Photographs by Cindy hang in the hall of the museum.
    He got the tickets free (courtesy of the mayor).
    The picture was sold to a rival agency (in 2019).
    The agency was sold to Getty Images.
    Copyright law changed in 2019
    Copyright holders sued the company in March.
    (c) the agreement of 2019 remains in force.
    Register to vote by Friday.
    No comment
    "No comment."
    What do you think?
    Comment is free
    Read the letter
    Read more books
    More than a game
    More from less
    Best of three
    Also in attendance
    Before you go
    New to running?
    Members only
    Donate blood
    Make a difference
    If you can, please help the victims.
    Advertising
    Advertising is changing
    Sponsored by hope
    Five minutes to midnight
    The reading took 5 minutes.
    "Five minutes," she said.
    BERLIN (Reuters) - The chancellor spoke on Monday.
    LONDON (AP) - The prime minister resigned.
    Reuters reported the deal first.
    Writing by Hand Makes You Smarter
    With reports from 12 countries, the study is the largest of its kind.
    Early life
    What happens next
    A short heading
    1. Preheat the oven
    • two eggs
    The report is available online.
    This report was published by the ministry on Monday.
    Check your email for signs of fraud.
    By joining the union, countries accept its laws.
    You may opt out of the pension scheme.
    Hintergrund
    Folgen
    Die Folgen sind verheerend.
    Wir backen Cookies und nutzen braunen Zucker.
    Cookies sind kleine Dateien.
    Anzeigen
    Die Polizei nahm drei Anzeigen auf.
    Antworten
    Was meinen Sie damit?
    Was halten Sie davon?
    Hier geht es zur Sache.
    Hier geht es zum Beispiel um Geld.
    Das Beste aus zwei Welten
    Das Bild: Ein Mann steht im Regen.
    Das Foto zeigt den Hafen.
    Sie schreibt ihm täglich per Mail.
    Jetzt können sich Teilnehmer anmelden.
    Mehr Geld für Schulen
    Der Verein kündigte in seinem Newsletter Reformen an.
    Mit Informationen aus erster Hand
    Immer aktiv
    Werbung wirkt
    Hamburg (dpa) - Der Hafen wächst.
    Die Lesezeit nutzte er gut.
    Partager le pouvoir
    Le partage des tâches
    S'inscrire dans la durée
    Se connecter à la nature
    Les cookies sont des fichiers.
    Chaque jour, il envoie une lettre à ses abonnés.
    Les commentaires du ministre ont choqué.
    La publicité change de visage.
    Lire est un plaisir.
    Le temps de lecture baisse.
    PARIS (AFP) - Le président a parlé lundi.
    L'article 5 est réservé aux membres du conseil.
    Vous avez un compte en banque.
    Comparte piso con dos amigas.
    ¿Qué opina?
    Para seguir disfrutando del verano, beba agua.
    Ingresa a la sala con calma.
    Recibe amenazas por correo electrónico desde 2019.
    La publicidad cambia.
    Las galletas se sirvieron calientes.
    Solo acudieron los socios.
    Mira: no es tan fácil.
    Condividere il potere
    Registrati a Roma trecento casi in un giorno.
    La pubblicità cambia.
    Leggi contro la mafia
    Senza vincoli
    Accedi al cortile e sali le scale.
    Guarda: non è facile.
    ROMA (ANSA) - Il ministro ha parlato lunedì.
    Compartilhar o poder
    Assine o documento e envie.
    A publicidade mudou.
    Leia devagar, pediu a professora.
    Os biscoitos foram servidos quentes.
    É inscrito no curso desde março.
    Reacties
    Reactie
    Meer van hetzelfde
    Kijk: dat is het probleem.
    Delen is moeilijk.
    Elke dag verstuurt hij een brief.
    De koekjes werden warm geserveerd.
    Wat vind je daarvan?
    עקבו אחרי החשוד.
    שתפו פעולה עם המשטרה.
    העוגיות הוגשו חמות.
    תגובות
    פרסום
    תמכו בנו אז ותומכים בנו גם היום.
    הוא עובד בחברת Facebook.
    הצטרפו כדי לעזור.
    شارك في المؤتمر عشرون وزيرا.
    مشاركة واسعة في الانتخابات
    قدمت الحلويات ساخنة.
    تعليق الرحلات
    إعلان الحرب
    اقرأ باسم ربك
    القاهرة (رويترز) - قال الوزير يوم الاثنين إن الميناء سيفتح قريبا أمام السفن.
    سجل الفريق هدفين.
    المصدر الوحيد للمياه
    Компания Facebook
    Он работает в компании Twitter.
    10 thoughts on the strike
    Five responses to the ferry crisis
    Dear Reader, this book is for you.
    Dear readers of the old timetable, the new one is out.
    The opinions expressed at the meeting were sharp.
    He expressed his own opinions in the article.
    Caring is sharing, the nurse said.
    In this article of faith he never wavered.
    Click here and the light goes on, he explained.
    The ad blocker was written by two students.
    Most readers use an ad blocker, the study found.
    When posting letters, please use the red box.
    Access to the harbour is free.
    Get access to the harbour before the gates close at ten.
    Two weeks of testing
    Join our forum on the quay, the mayor said.
    The newsletter of 1912 named him as captain.
    Welcome to the harbour, the mayor said, and asked for silence.
    They do not consent to the plan, the islanders wrote.
    Disagreement grew on the quay.
    Weiter mit dem Boot
    Some vendors may close their stalls on Monday.
    With their agreement the partners used the old bridge.
    Get the parcels delivered to the harbour before noon.
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def rules() -> SiteRules:
    return load_rules().rules_for(None)


def verdict(line: str, rules: SiteRules) -> str | None:
    """The rule that takes the line out from between paragraphs of an article."""
    stripped = strip_blocks([*PROSE, line, *PROSE], rules, "text")
    assert [stripped.labels[place] for place in (0, 1, 3, 4)] == [None] * 4
    assert stripped.cuts[2] == ()
    label = stripped.labels[2]
    return label.rule if label else None


@pytest.mark.parametrize(("pack", "line"), [(p, line) for p, text in MUST_GO.items() for line in lines(text)])
def test_goes(pack: str, line: str, rules: SiteRules) -> None:
    assert verdict(line, rules) is not None, pack


@pytest.mark.parametrize("line", lines(MUST_STAY))
def test_stays(line: str, rules: SiteRules) -> None:
    assert verdict(line, rules) is None


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        (
            "The harbour at dawn on Monday. (Photo: Jane Miller)",
            "The harbour at dawn on Monday.",
            "Jane Miller",
        ),
        ("A ferry leaves the port. © AFP", "A ferry leaves the port.", "AFP"),
        ("Photo: Jane Miller/Reuters", None, "Jane Miller/Reuters"),
        ("Der Hafen am Montag. Foto: Jana Müller/dpa", "Der Hafen am Montag.", "Jana Müller/dpa"),
        ("הנמל עם שחר (צילום: דנה לוי)", "הנמל עם שחר", "דנה לוי"),
    ],
)
def test_captions_move_into_pictures(
    line: str, caption: str | None, credit: str | None, rules: SiteRules
) -> None:
    (picture,) = strip_blocks([*PROSE, line, *PROSE], rules, "text").pictures
    assert (picture.place, picture.caption, picture.credit) == (2, caption, credit)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            "Shares of Quay Ferries (QFR.L), opens new tab fell by a tenth on Monday.",
            "Shares of Quay Ferries (QFR.L) fell by a tenth on Monday.",
        ),
        (
            "The board published its report (opens in a new window) at noon.",
            "The board published its report at noon.",
        ),
        (
            "The program opens new tabs for every link, which nobody asked for.",
            "The program opens new tabs for every link, which nobody asked for.",
        ),
    ],
)
def test_what_screen_readers_say_of_a_link_is_cut(line: str, left: str, rules: SiteRules) -> None:
    (cuts,) = strip_blocks([*PROSE, line, *PROSE], rules, "text").cuts[2:3]
    for cut in reversed(cuts):
        line = line[: cut.start] + line[cut.end :]
    assert line == left


def test_cookie_wall_is_labelled_whole(rules: SiteRules) -> None:
    wall = [
        "We value your privacy",
        "We and our 842 partners store and access personal data, like browsing data or unique identifiers, on your "
        "device. Selecting Accept all enables tracking technologies to support the purposes shown below.",
        "By clicking Accept all you agree to the storing of cookies on your device as described in our cookie policy.",
        "You can change your cookie settings at any time by clicking the link at the bottom of this website.",
        "Store and/or access information on a device",
        "Accept all",
        "Reject all",
        "Manage preferences",
        "Cookie policy",
    ]
    stripped = strip_blocks(wall, rules, "text")
    assert [label and label.kind for label in stripped.labels] == ["cookie"] * len(wall)
    assert stripped.guarded == ()


@pytest.mark.parametrize("filler", ["a", "Foto: ", "(", "Read more ", "קראו ", "X ", "Share "])
def test_long_line_is_matched_in_time(filler: str, rules: SiteRules) -> None:
    assert isinstance(rules.match(filler * 20_000), list)
