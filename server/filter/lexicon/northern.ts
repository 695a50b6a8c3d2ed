import type { Lexicon } from "../lexicon.ts";

/** Hungarian, Finnish, Estonian, Latvian, Lithuanian, Irish, Scottish Gaelic, Welsh, Albanian, Basque, Kazakh, Uzbek, Azerbaijani and others. */
export const NORTHERN: Lexicon[] = [
  {
    language: "hu",
    words: {
      drop: "hagyd figyelmen kívül, figyelmen kívül, felejtsd el, felejts el, hagyja figyelmen, ne törődj, mellőzd, töröld, írd felül, ohita, unohda, jätä huomiotta, sivuuta, älä noudata, unohtakaa, ignoreeri, unusta, jäta tähelepanuta, eira, ära järgi, ignorē, ignorējiet, aizmirsti, aizmirstiet, neņem vērā, ignoruok*, ignoruokite, pamiršk*, nepaisyk*, neatsižvelk*, déan neamhaird, dean neamhaird, déan dearmad, déan dearmad ar, leig seachad, na toir feart, diochuimhnich, dìochuimhnich, anwybyddwch, anwybydda, anghofia, anghofiwch, injoro, injoroni, shpërfill, harro, harroji, harroni, anashkalo, mos i kushto vëmendje, ez ikusi egin, ahaztu, hunsaðu, gleymdu, ignora",
      reveal:
        "mutasd, mutasd meg, áruld el, mondd el, add meg, írd le, írd ki, ismételd, nyomtasd ki, oszd meg, mi a, mik a, näytä, paljasta, kerro, tulosta, toista, kirjoita, jaa, mikä on, mitkä ovat, näita, avalda, ütle, prindi, korda, kirjuta, jaga, mis on, parādi, atklāj, pasaki, izdrukā, atkārto, uzraksti, kopīgo, kas ir, parodyk*, atskleisk*, pasakyk*, išspausdink*, pakartok*, parašyk*, dalinkis, koks yra, kokie yra, taispeáin, nocht, inis dom, roinn, scríobh, clóbhuail, táirg, athdhéan, freagair, ceangail, cad é, cad iad, seall, foillsich, innis dhomh, sgrìobh, clò-bhuail, ath-aithris, datgelwch, dangoswch, dangos, dywedwch, ailadrodd, beth yw, trego, trego*, tregomë, zbulo, shfaq, ndaj, shkruaj, përsërit, printo, jep, më jep, cila është, cilat janë, prodho, bashkëngjit, erakutsi, esan, idatzi, errepikatu, zer dira, sýndu, segðu mér, hvað er",
      act: "mostantól, most már, tegyél úgy, viselkedj, képzeld el, játszd, kapcsold be, aktiváld, te most egy, olet nyt, tästä lähtien, esitä, teeskentele, käyttäydy, kuvittele, aktivoi, oled nüüd, nüüdsest, teeskle, käitu, kujuta ette, aktiveeri, tu tagad esi, izliecies, no šī brīža, iedomājies, aktivizē, dabar esi, nuo dabar, apsimesk, elkis, įsivaizduok, aktyvuok, is tusa anois, lig ort, gníomhaigh mar, as seo amach, samhlaigh, tá tú ag rith, tá tú ag feidhmiú, cuir i gcás, is tu a-nis, leig ort, bho seo a-mach, rydych chi nawr, esgus, o hyn ymlaen, tani je, tani ti je, bëj sikur, vepro si, sillu, që tani e tutje, imagjino, aktivizo, je duke punuar, ti je duke, orain zara, hemendik aurrera, þú ert núna",
      send: "küldd, küldj, utald, töltsd fel, lähetä, siirrä, lataa, saada, kanna, nosūti, pārskaiti, siųsk*, išsiųsk*, pervesk, seol, aistrigh, cuir chugam, cuir thugam, anfon, dërgo, transfero, bidali, sendu",
      dictate:
        "mondd, válaszolj, írd, írj, sano, vastaa, kirjoita, ütle, vasta, saki, atbildi, sakyk, atsakyk, abair, freagair, scríobh, cuir san áireamh, cuir a-steach, ateb, dywed, thuaj, përgjigju, përfshi, esan, erantzun",
      disable:
        "kapcsold ki, nélkül, távolítsd el, poista käytöstä, poista, ilman, ohita, lülita välja, keela, ilma, atspējo, bez, noņem, išjunk*, pašalink, díchumasaigh, gan, cuir dheth, gun, diffodd, heb, çaktivizo, hiq, asnjë, desgaitu, gabe",
      prior:
        "korábbi*, előző*, eddigi*, fenti*, eredeti*, kezdeti*, régi, régebbi*, aiemmat, aiempi*, edelliset, edellinen, aikaisemm*, yllä, alkuperäi*, vanhat, eelmis*, eelnev*, varasem*, ülaltoodu*, algs*, iepriekšēj*, agrāk*, sākotnēj*, augstāk, ankstesn*, pirmesn*, pradin*, buvus*, roimhe, roimhe seo, thuas, tosaigh, bunaidh, a thug mé, gu h-àrd, tùsail, thùsail, blaenorol, uchod, gwreiddiol, mëparshm*, më sipër, mësipërm*, fillestar*, origjinal*, e dhashë, aurreko*, goiko, jatorrizko*, fyrri, að ofan",
      every:
        "minden, összes, összeset, bármely, teljes, egész, kaikki, kaikkea, koko, jokainen, täydellinen, kõik, kõiki, iga, kogu, visas, visus, visu, visi, katru, pilnu, kiekvien*, pilną, gach, uile, go léir, iomlán, a h-uile, h-uile, holl, pob, të gjitha, gjithë, çdo, gjithçka, plotë, guztiak, öll, allar",
      your: "a te, az ön, sinun, teidän, oma, sinu, teie, tavas, tavus, tavu, jūsu, savus, tavo, jūsų, savo, bhur, do chuid, eich, tua, tënde, tuaj, tuaja, e tua, i yt, zure, þínar, þinn",
      orders:
        "utasítás*, szabály*, parancs*, irányelv*, korlátozás*, előírás*, prompt*, ohjee*, ohjei*, ohjeet, säännö*, säännöt, sääntö*, käskyt, käsky*, kehote*, määräy*, rajoituks*, juhis*, juhend*, reegl*, käsk*, piirang*, norādījum*, instrukcij*, noteikum*, pavēl*, komand*, ierobežojum*, nurodym*, taisykl*, apribojim*, treoracha, treoir, treoracha*, rialacha, orduithe, teachtaireacht*, stiùiridh*, stiùireadh*, riaghailtean, òrdughan, cyfarwyddiadau, rheolau, gorchmynion, udhëzim*, rregull*, urdhra*, komanda*, instruksion*, porosi*, kufizim*, jarraibide*, arau*, agindu*, leiðbeining*, reglur, fyrirmæli",
      prompt:
        "rendszerprompt*, rendszerüzenet*, rendszerutasítás*, eredeti utasítás*, kezdeti utasítás*, järjestelmäkehot*, järjestelmäviest*, järjestelmän ohje*, alkuperäiset ohjeet, süsteemiviip*, süsteemisõnum*, süsteemi juhis*, sistēmas uzvedn*, sistēmas ziņ*, sistēmas prompt*, sisteminę užklausą, sistemos pranešim*, sistemos užklaus*, sistemos instrukcij*, theachtaireacht chórais, teachtaireacht chórais, treoracha córais, chórais, siostam, teachdaireachd siostaim, mesazhin e sistemit, mesazhi i sistemit, udhëzimet e sistemit, promptin e sistemit, sistemit, udhëzimet fillestare, konfigurimin tënd, sistemaren, kerfisboð*",
      secret:
        "jelszó*, jelszav*, kulcs*, titk*, titok, api-kulcs*, hitelesítő*, salasana*, avain, avaimet, avaime*, salaisuu*, api-avai*, tunnus*, parool*, võti, võtme*, salajas*, saladus*, paroli, parolu, atslēg*, noslēpum*, slaptažod*, rakt*, paslapt*, slapt*, pasfhocal*, pasfhocail, focal faire, eochair*, facal-faire, iuchair*, diomhair*, cyfrinair, allwedd, cyfrinach*, fjalëkalim*, fjalekalim*, çelës, çelësin, çelësat, çelësin e, sekret*, pasahitz*, gako*, lykilorð*",
      human:
        "ember*, tulajdonos*, felhasználó*, ihminen, omistaja*, käyttäjä*, omanik*, kasutaja*, īpašniek*, lietotāj*, savinink*, naudotoj*, úinéir, úsáideoir*, neach-cleachdaidh, pronar*, përdorues*, erabiltzaile*",
      limits:
        "korlát*, szabály*, szűrő*, biztonság*, rajoituks*, sääntöjä, suodat*, turvallisuu*, piirang*, reegl*, filtr*, turva*, ierobežojum*, drošīb*, apribojim*, saug*, srianta*, teorainn*, rialacha, cuingealachadh, cyfyngiadau, kufizim*, rregull*, filtra*, siguri*, mugarik*",
      free: "korlátok nélkül*, korlátlan*, szűrés nélkül, cenzúrázatlan*, fejlesztői mód*, szabályok nélkül, ilman rajoituksia, rajoittamaton*, kehittäjätila*, sensuroimaton*, ilman sääntöjä, piiranguteta, arendajarežiim*, tsenseerimata, bez ierobežojumiem, izstrādātāja režīm*, be apribojimų, neribot*, kūrėjo režim*, gan srianta, gan teorainn, mód forbartha, gun chuingealachadh, modh leasachaidh, heb gyfyngiadau, pa kufizime, modalitetin zhvillues, zhvillues, pa rregulla, e pakufizuar, mugarik gabe",
      task: "új feladat*, új utasítás*, a feladatod, uusi tehtävä, uudet ohjeet, tehtäväsi, uus ülesanne, uued juhised, jauns uzdevums, jauni norādījumi, nauja užduotis, nauji nurodymai, tasc nua, treoracha nua, an tasc seo, déan an méid seo, an méid seo a leanas, obair ùr, stiùireadh ùr, dèan seo, an obair seo, tasg newydd, detyrë e re, udhëzime të reja, bësh këtë, këtë detyrë, ekzekutoni, verkefni",
      urgent:
        "azonnal, sürgős*, haladéktalanul, fontos, heti, välittömästi, kiireelli*, tärkeää, kohe, viivitamatult, tähtis, nekavējoties, steidzam*, svarīgi, nedelsiant, skubiai, svarbu, láithreach, práinneach, tábhachtach, sa bhad, cudromach, chudromach, cudromaich, menjëherë, urgjent*, rëndësishme, thelbësore, berehala, strax, brýnt",
      exact:
        "csak, kizárólag, pontosan, szó szerint, következő*, helyett, vain, ainoastaan, täsmälleen, sanasta sanaan, seuraava*, sijaan, ainult, täpselt, sõna-sõnalt, järgmi*, tikai, precīzi, vārds vārdā, šādu, šādi, tik, tiksliai, pažodžiui, amháin, díreach, focal ar fhocal, seo a leanas, ina ionad, a-mhàin, dìreach, vetëm, saktësisht, fjalë për fjalë, këtë varg, në vend të kësaj, siç është, bakarrik, aðeins",
    },
  },
  {
    language: "kk",
    verbLast: true,
    words: {
      drop: "елеме*, ұмыт*, назар аударма*, өткізіп жібер*, e'tiborsiz qoldir*, unut*, e'tibor berma*, nəzərə alma*, unudun, məhəl qoyma*, үл тоо*, март, мартаарай, புறக்கணி*, மறந்து*, విస్మరించ*, మర్చిపో*, മറക്കുക, അവഗണിക്ക*, ನಿರ್ಲಕ್ಷಿಸ*, મરી, અવગણ*, ભૂલી જા*, ਨਜ਼ਰਅੰਦਾਜ਼*, ਭੁੱਲ ਜਾ*, නොසලකා, අමතක කර*, बिर्स*, बेवास्ता*, უგულებელყავი, დაივიწყე*, անտեսի*, մոռացի*, ችላ በል, እርሳ, បំភ្លេច, មិនអើពើ",
      reveal:
        "көрсет*, айт*, аш*, жаз*, қайтала*, ko'rsat*, ayt*, ochib ber*, yoz*, takrorla*, göstər*, açıqla*, yaz*, təkrarla*, காட்டு*, சொல்*, வெளிப்படுத்து*, చూపించ*, చెప్ప*, వెల్లడించ*, കാണിക്ക*, പറയുക, വെളിപ്പെടുത്ത*, ತೋರಿಸ*, ಹೇಳ*, બતાવ*, કહો, ਦਿਖਾ*, ਦੱਸ*, පෙන්ව*, කියන්න, देखाउ*, भन*, მაჩვენე, მითხარი, გაამხილე, ցույց տուր*, ասա, បង្ហាញ, ប្រាប់",
    },
  },
  {
    language: "kk",
    words: {
      prior:
        "алдыңғы*, бұрынғы*, жоғарыдағы*, бастапқы*, oldingi*, avvalgi*, yuqoridagi*, dastlabki*, əvvəlki*, yuxarıdakı*, ilkin, өмнөх*, முந்தைய*, மேலே*, అన్ని మునుపటి, మునుపటి*, ముందు*, మునుపటి, മുമ്പത്തെ*, മുൻ*, ಹಿಂದಿನ*, અગાઉ*, પહેલાં*, ਪਿਛਲੀ*, ਪਿਛਲੇ, ਪਹਿਲਾਂ*, පෙර*, අඟ, अघिल्ल*, წინა, ზემოთ*, თავდაპირველი*, նախորդ*, վերը*, ቀዳሚ*, የቀድሞ*, មុន, ពីមុន, ខាងលើ",
      every:
        "барлық*, бүкіл, hamma*, barcha*, bütün, hər, бүх, அனைத்து*, எல்லா*, అన్ని*, എല്ലാ*, ಎಲ್ಲಾ*, બધી*, બધા*, ਸਾਰੇ, ਸਾਰੀਆਂ, සියලු*, सबै, ყველა*, բոլոր*, ሁሉንም, ទាំងអស់",
      orders:
        "нұсқау*, ереже*, бұйрық*, ko'rsatma*, qoida*, buyruq*, təlimat*, qayda*, əmr*, заавар*, дүрэм*, அறிவுறுத்தல்*, வழிமுறை*, விதி*, సూచన*, ఆదేశ*, నియమ*, നിർദ്ദേശ*, നിയമ*, ಸೂಚನೆ*, ನಿಯಮ*, સૂચના*, નિયમ*, ਹਦਾਇਤ*, ਨਿਰਦੇਸ਼*, ਨਿਯਮ*, උපදෙස්*, නීති*, निर्देशन*, ინსტრუქცი*, წეს*, ბრძანებ*, հրահանգ*, կանոն*, ցուցում*, መመሪያ*, ត្រង, ការណែនាំ, ច្បាប់",
      prompt:
        "жүйелік нұсқау*, tizim ko'rsatma*, sistem təlimat*, கணினி வழிமுறை*, சிஸ்டம் ப்ராம்ட்*, సిస్టమ్ ప్రాంప్ట్*, സിസ്റ്റം പ്രോംപ്റ്റ്*, ಸಿಸ್ಟಮ್ ಪ್ರಾಂಪ್ಟ್*, સિસ્ટમ પ્રોમ્પ્ટ*, ਸਿਸਟਮ ਪ੍ਰੋਂਪਟ*, სისტემური*, համակարգային*",
      secret:
        "құпия*, кілт*, құпиясөз*, parolni, parolingiz*, parolunu, parolunuzu, kalitni, kalitingiz*, kalitlar*, maxfiy*, şifrə*, açar*, gizli*, нууц*, கடவுச்சொல்*, ரகசிய*, పాస్‌వర్డ్*, రహస్య*, പാസ്‌വേഡ്*, രഹസ്യ*, ಪಾಸ್‌ವರ್ಡ್*, ರಹಸ್ಯ*, પાસવર્ડ*, ગુપ્ત*, ਪਾਸਵਰਡ*, ਗੁਪਤ*, මුරපද*, රහස්*, पासवर्ड*, პაროლ*, საიდუმლო*, գաղտնաբառ*, գաղտնի*, የይለፍ ቃል*, ሚስጥር*, ពាក្យសម្ងាត់, សម្ងាត់",
      free: "шектеусіз*, cheklovsiz*, cheklovlarsiz*, məhdudiyyətsiz*, хязгааргүй*, கட்டுப்பாடுகள் இல்லா*, పరిమితులు లేకుండా*, നിയന്ത്രണങ്ങളില്ലാ*, ನಿರ್ಬಂಧಗಳಿಲ್ಲದ*, કોઈ પ્રતિબંધ વિના*, შეზღუდვების გარეშე*, առանց սահմանափակումների*",
      your: "сенің, сіздің, өз, sening, sizning, sənin, sizin, உன், உங்கள்*, మీ, నీ, നിങ്ങളുടെ*, ನಿಮ್ಮ*, તમારા*, તમારી*, ਤੁਹਾਡੇ, ਤੁਹਾਡਾ, ඔබේ, तपाईंको*, შენი*, თქვენი*, քո, ձեր",
    },
  },
];
