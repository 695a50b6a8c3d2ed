import type { Lexicon } from "../lexicon.ts";

/** Russian, Ukrainian, Bulgarian, Polish, Czech, Slovak and Serbo-Croatian. */
export const SLAVIC: Lexicon[] = [
  {
    language: "ru",
    words: {
      drop: "игнорир*, проигнорир*, забудь, забудьте, забыть, отбрось, отбросьте, не обращай внимания, не обращайте внимания, отмени, отмените, пропусти, пропустите, не следуй, не следуйте, не учитывай, обойди, обойдите, удали, сотри, пренебреги, перестань следовать, не выполняй, оставь без внимания, ігнору*, проігнору*, не зважай, відкинь, відкиньте, скасуй, не дотримуйся, не враховуй, игнорирай, забрави, пренебрегни, отхвърли, не спазвай",
      reveal:
        "покажи, покажите, раскрой, раскройте, скажи, скажите, выведи, выведите, напечатай, напиши, напишите, повтори, повторите, дай, дайте, назови, назовите, опубликуй, поделись, поделитесь, переведи, перечисли, какой, каковы, какие, выдай, выдайте, процитируй, сообщи, сообщите, розкрий, розкрийте, виведи, надрукуй, назви, опублікуй, поділися, поділись, який твій, які, переклади, разкрий, кажи, отпечатай, сподели, дай ми, какво е, какви са",
      act: "теперь ты, ты теперь, отныне ты, вы теперь, притворись, притворитесь, действуй как, веди себя как, представь, представьте, с этого момента, играй роль, включи режим, включи, активируй, активируйте, войди в режим, перейди в режим, стань, ты больше не, сыграй, режим, тепер ти, ти тепер, прикинься, дій як, уяви, відтепер, активуй, увімкни, сега си, преструвай се, от сега нататък, представи си, активирай",
      run: "выполни, выполните, запусти, запустите, открой, установи, скачай, виконай, изпълни, стартирай",
      send: "отправь, отправьте, пришли, пришлите, перешли, переведи, переведите, загрузи, вышли, надішли, відправ, переказати, перекажи, изпрати, прехвърли",
      edit: "измени, обнови, добавь, сохрани, перезапиши, замени, запомни, запиши, зміни, онови, додай, збережи, промени, добави",
      hide: "не говори, не говорите, не сообщай, не упоминай, не упоминайте, не рассказывай, тайно, незаметно, втайне, не спрашивай, не кажи, не повідомляй, не згадуй, таємно, не казвай, не споменавай",
      dictate:
        "скажи, скажите, ответь, ответьте, напиши, напишите, выведи, отвечай, напечатай, повтори, повторяй, відповідай, отговори, кажи",
      disable:
        "отключи, отключите, без, убери, уберите, сними, снимите, выключи, выключите, нет, никаких, обойди, деактивируй, вимкни, вимкніть, зніми, обійди, изключи, премахни, деактивирай",
      prior:
        "предыдущ*, прежни*, прошл*, выше, вышеуказанн*, вышеизложенн*, исходн*, изначальн*, первоначальн*, стар*, ранее, данные тебе, полученн*, попередн*, минул*, початков*, предишн*, предходн*, горн*, първоначалн*, досегашн*, существующ*, імеющ*",
      every:
        "все, всё, всех, всю, весь, любые, любых, каждый, полный, полностью, целиком, точный, усі, всі, будь-які, повний, всички, цялото, пълния, пълен, свои",
      your: "твои, твой, твоя, твоих, твоё, ваши, ваш, ваших, свои, свой, своих, твої, твій, твоїх, ваші, свої, твоите, вашите, своите, тебе, мне, мені",
      orders:
        "инструкц*, указани*, правил*, команд*, приказ*, директив*, установк*, ограничени*, распоряжени*, предписани*, сообщени*, запрос*, промпт*, настройк*, інструкц*, вказівк*, наказ*, обмежен*, нареждания*, указания*, заповед*, ограничения*",
      yours: "твои инструкции, свои инструкции, ваши инструкции, твої інструкції, твоите инструкции",
      prompt:
        "системный промпт, системного промпта, системное сообщение, системную подсказку, системная подсказка, системные инструкции, начальные инструкции, исходные инструкции, скрытые инструкции, системный запрос, промпт, системні інструкції, системний промпт, початкові інструкції, системна підказка, системния промпт, системното съобщение, първоначалните инструкции, системн*",
      secret:
        "пароль, пароля, пароли, паролей, ключ, ключи, ключей, секрет*, учётные данные, учетные данные, кодовое слово, сид-фраз*, api-ключ*, код доступа, паролі, ключі, облікові дані, парола, ключове, тайна, таен",
      human: "человек*, владел*, хозяин*, оператор*, пользовател*, людин*, власник*, користувач*, човек*, собственик*, потребител*",
      limits:
        "ограничени*, правил*, фильтр*, безопасност*, этик*, цензур*, обмежен*, фільтр*, безпек*, етик*, ограничения*, филтр*, защит*, лимит*",
      free: "без ограничений, без правил, без цензуры, без фильтров, режим разработчика, режим бога, неограниченн*, нефильтрованн*, режим администратора, что угодно, злой, режим отладки, без обмежень, без цензури, режим розробника, без фільтрів, без ограничения, без филтри, режим на разработчик, без цензура",
      task: "новая задача, новые инструкции, новая инструкция, твоя задача, новое задание, новые правила, нове завдання, нові інструкції, твоє завдання, нова задача, нови инструкции, важные инструкции",
      urgent: "немедленно, срочно, сейчас же, важно, обязательно, негайно, терміново, зараз же, веднага, спешно, незабавно",
      exact:
        "только, лишь, дословно, точно, слово в слово, следующ*, фразу, вместо, тільки, лише, наступн*, дослівно, само, следния, следното, вместо това",
      money: "средства, кошелёк, кошелек, деньги, биткоин, гаманець, кошти, портфейл",
      data: "сообщения, файлы, данные, переписк*, истори*, адрес, почт*, файли, дані, листи, файлове, данни, памят*",
    },
  },
  {
    language: "pl",
    words: {
      drop: "zignoruj*, ignoruj*, zapomnij, zapomnijcie, pomiń, pomińcie, odrzuć, nie zważaj, nie przestrzegaj, obejdź, unieważnij, skasuj, usuń, przestań stosować, ignorovat, ignoruj, ignorujte, zapomeň, zapomeňte, přeskoč, pomiň, nevšímej si, neřiď se, zabudni, zabudnite, nerešpektuj, vynechaj, preskoč, opomeň, zanedbej, zrušit, zruš, zanemari, zanemarite, zaboravi, zaboravite, ignoriši, ignorišite, ignoriraj, ignorirajte, ne obaziri se, preskoči, odbaci, занемари, заборави, игнориши, pozabi, prezri",
      reveal:
        "pokaż, pokażcie, ujawnij, zdradź, powiedz, podaj, wypisz, wydrukuj, powtórz, napisz, udostępnij, opublikuj, jaki jest, jakie są, przetłumacz, wyświetl, ukaž, ukažte, zobraz, zobrazte, prozraď, řekni, řekněte, vypiš, vypište, zopakuj, napiš, sdílej, zveřejni, jaké jsou, jaký je, ukáž, prezraď, povedz, vypíš, zdieľaj, napíš, aké sú, pokaži, prikaži, prikažite, otkrij, otkrijte, reci, recite, ispiši, ponovi, napiši, podeli, podijeli, objavi, daj mi, koja su, koje su, покажи, откриј, реци, испиши, razkrij, povej",
      act: "jesteś teraz, teraz jesteś, udawaj, zachowuj się, działaj jako, od teraz, od tej pory, wyobraź sobie, włącz tryb, aktywuj, przejdź w tryb, wciel się, tryb, nyní jsi, teď jsi, předstírej, chovej se, jednej jako, od teď, od nynějška, představ si, aktivuj, zapni režim, teraz si, predstieraj, správaj sa, odteraz, predstav si, sada si, od sada, pretvaraj se, ponašaj se, glumi, zamisli, aktiviraj, uključi, сада си, понашај се, zdaj si, odslej",
      run: "uruchom, wykonaj, zainstaluj, otwórz, spusť, nainstaluj, vykonaj, pokreni, izvrši, instaliraj",
      send: "wyślij, prześlij, przelej, przenieś, zapłać, pošli, pošlete, převeď, odošli, preveď, pošalji, pošaljite, prebaci, uplati, пошаљи, pošlji",
      edit: "zmień, dodaj, zapisz, nadpisz, zaktualizuj, změň, přidej, ulož, přepiš, zmeň, pridaj, izmeni, izmijeni, sačuvaj",
      hide: "nie mów, nie wspominaj, nie informuj, bez pytania, potajemnie, nie ujawniaj, neříkej, nezmiňuj, tajně, bez ptaní, nehovor, nespomínaj, tajne, nemoj reći, ne govori, ne spominji, tajno, bez pitanja",
      dictate:
        "powiedz, odpowiedz, napisz, wypisz, odpowiadaj, powtórz, řekni, odpověz, napiš, odpovídej, povedz, odpovedz, napíš, reci, odgovori, napiši, odgovaraj",
      disable:
        "wyłącz, bez, usuń, dezaktywuj, żadnych, vypni, deaktivuj, odstraň, žádná, žádné, isključi, ukloni, deaktiviraj, nikakvih, izklopi",
      prior:
        "poprzedni*, wcześniejsz*, powyższ*, dotychczasow*, pierwotn*, oryginaln*, początkow*, stare, istniejące, předchozí*, dřívějš*, výše, původní*, předešl*, predchádzajúc*, predošl*, pôvodn*, vyššie, prethodn*, ranij*, gore, originaln*, početn*, prvobitn*, dosadašn*, претходн*, раниј*, prejšnj*",
      every:
        "wszystkie, wszystko, wszelkie, każde, cały, pełn*, dokładn*, wszystkich, všechny, všechno, veškeré, celý, úpln*, přesn*, všetky, všetko, všetkých, celé, sve, sva, svaku, celu, cijeli, potpun*, све, vsa, vse",
      your: "twoje, twój, twoja, twoich, swoje, swój, wasze, tvé, tvoje, tvůj, své, vaše, svoje, tvoj, tvoja, svoj, vaša, твоје, своје, svá",
      orders:
        "instrukcj*, polece*, zasad*, reguły, reguł, regułami, wytyczn*, rozkaz*, dyrektyw*, nakaz*, ograniczeni*, komend*, prompt*, pokyn*, instrukc*, pravidl*, příkaz*, směrnic*, omezení*, príkaz*, inštrukc*, obmedzeni*, uputstv*, uput*, instrukcij*, pravil*, naredb*, direktiv*, ograničenj*, упутств*, правил*, наредб*, navodil*, ukaz*",
      yours: "twoje instrukcje, swoje instrukcje, své pokyny, tvoja uputstva, svoja uputstva",
      prompt:
        "prompt systemowy, promptu systemowego, prompt systemu, wiadomość systemow*, instrukcje systemowe, początkowe instrukcje, ukryte instrukcje, systémový prompt, systémovou zprávu, systémové pokyny, původní pokyny, systémové inštrukcie, pôvodné pokyny, sistemski prompt, sistemsku poruku, sistemske instrukcije, početne instrukcije, системски промпт, sistemski poziv",
      secret:
        "hasło, hasła, haseł, klucz, klucze, klucza, sekret*, poświadczenia, dane logowania, heslo, hesla, heslá, klíč*, kľúč*, tajemství, tajomstvo, přihlašovací údaje, prihlasovacie údaje, lozink*, šifr*, ključ*, tajn*, kredencijal*, лозинк*, кључ*, geslo, gesla",
      human:
        "człowiek*, właściciel*, operator*, użytkownik*, člověk*, majitel*, uživatel*, človek*, používateľ*, čovek*, vlasnik*, korisnik*",
      limits:
        "ograniczeń, ograniczenia, zasad, filtr*, limity, limitów, bezpieczeństw*, etyk*, cenzur*, omezení, pravidel, bezpečnost*, etik*, obmedzení, pravidiel, ograničenja, pravila, filter*, bezbednos*, sigurnos*",
      free: "bez ograniczeń, bez zasad, bez cenzury, bez filtrów, tryb programisty, tryb deweloperski, tryb dewelopera, nieograniczon*, bez omezení, bez pravidel, vývojářský režim, režim vývojáře, neomezen*, bez obmedzení, vývojársky režim, bez ograničenja, bez pravila, bez cenzure, režim programera, developerski mod, neograničen*, brez omejitev",
      task: "nowe zadanie, nowe instrukcje, nowe polecenie, twoje zadanie, nový úkol, nové pokyny, tvůj úkol, nová úloha, nové inštrukcie, novi zadatak, nova uputstva, nove instrukcije, tvoj zadatak, ważne instrukcje",
      urgent:
        "natychmiast, pilne, pilnie, koniecznie, ważne, okamžitě, ihned, naléhavé, důležité, okamžite, ihneď, dôležité, odmah, hitno, važno, takoj",
      exact:
        "tylko, wyłącznie, dokładnie, dosłownie, następując*, zdanie, zamiast, pouze, jen, přesně, následujíc*, doslova, místo, iba, presne, doslovne, samo, tačno, točno, sledeć*, sljedeć*, umesto, umjesto",
    },
  },
];
