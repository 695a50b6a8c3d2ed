import type { Lexicon } from "../lexicon.ts";

/** German, Dutch, Swedish, Danish and Norwegian. */
export const GERMANIC: Lexicon[] = [
  {
    language: "de",
    words: {
      drop: "ignorier*, ignoriere, vergiss, vergesst, vergessen sie, missachte*, missachten, überspring*, verwirf, verwerfen, umgehe, umgehen sie, überschreib*, lösche, löschen sie, beachte nicht, befolge nicht, setze außer kraft, lass außer acht, lassen sie außer acht",
      reveal:
        "zeig, zeige, zeigen sie, verrate, verraten sie, gib mir, geben sie mir, gib deine*, gib deinen, gib die, gib den, gib das, nenne, nennen sie, wiederhole, wiederholen sie, drucke, schreibe, schreib, offenbare, sag mir, sagen sie mir, veröffentliche, poste, teile, teilen sie, teile mir, übersetze, liste, was ist, was sind, wie lautet, wie lauten, kannst du",
      act: "du bist jetzt, du bist nun, sie sind jetzt, tu so, tue so, verhalte dich, stell dir vor, spiele, agiere als, handle als, aktiviere, aktivieren sie, schalte, wechsle, übernimm die rolle, ab jetzt bist du, ab sofort bist du, von nun an",
      run: "führe, führen sie, starte, starten sie, rufe, öffne, öffnen sie, besuche, installiere, lade",
      send: "sende, senden sie, schick, schicke, schicken sie, überweise, überweisen sie, übertrage, leite, leiten sie, lade, zahle, spende",
      edit: "ändere, ändern sie, füge, fügen sie, speichere, speichern sie, überschreibe, aktualisiere, ersetze, trage, schreibe, merke dir",
      hide: "erzähle nicht, sage nichts, sag nichts, verrate nicht, erwähne nicht, ohne zu fragen, frag nicht, frage nicht, heimlich, informiere nicht, sag deinem menschen nichts, erwähne das nicht",
      dictate: "sag, sagen sie, antworte, antworten sie, schreibe, gib aus, wiederhole, erwidere, fasse",
      disable: "deaktiviere*, schalte, ohne, keine, keinen, ausschalten, umgehe*, aufheben, entferne*, hebe",
      prior:
        "vorherige*, vorige*, bisherige*, obige*, frühere*, vorangegangene*, vorangehende*, ursprüngliche*, davor, zuvor, oben, alte, alten, bestehende*, eigentliche*, initiale*",
      every: "alle, alles, allen, jede, jeden, jegliche*, sämtliche*, ganze*, gesamte*, genaue*, vollständig*",
      your: "deine, deinen, deiner, deines, deinem, dein, ihre, ihren, ihrer, ihr, eure, euren",
      orders:
        "anweisung*, anordnung*, instruktion*, befehl*, regeln, regel, vorgaben, richtlinien, vorschriften, aufgaben, einschränkungen, anforderungen, programmierung, aufforderung*, gesagt*, weisungen, beschränkungen, prompt*, direktiven",
      yours: "deine anweisungen, deine regeln, deinen prompt, ihre anweisungen, deine initialen",
      prompt:
        "systemprompt*, system-prompt*, systemanweisung*, systemnachricht*, ursprünglichen anweisungen, ursprüngliche anweisung*, geheimen anweisungen, versteckten anweisungen, systemaufforderung",
      secret:
        "passwort*, passwörter, kennwort*, kennwörter, schlüssel, api-schlüssel, api schlüssel, geheimnis*, geheimen, zugangsdaten, anmeldedaten, geheimwort, seed-phrase, zugangscode*, zugangsschlüssel",
      human: "mensch, menschen, besitzer, betreiber, eigentümer, nutzer, benutzer, inhaber",
      limits:
        "einschränkungen, regeln, filter, grenzen, beschränkungen, richtlinien, sicherheits*, ethik*, moral*, schutzmaßnahmen, limits, zensur, sicherheit",
      free: "uneingeschränkt*, ohne einschränkungen, ungefiltert*, unzensiert*, entwicklermodus, entwickler-modus, keine regeln, alles erlaubt, böse, wartungsmodus, debug-modus, administratormodus, ohne regeln, unbegrenzt*",
      task: "neue aufgabe, neue anweisung*, neue regel*, deine aufgabe, wichtige anweisung*, wichtige neue",
      urgent: "sofort, dringend, unverzüglich, umgehend, wichtig, zwingend",
      exact: "nur, genau, ausschließlich, wörtlich, exakt, folgende*, den satz, das wort, folgendes, stattdessen",
      money: "guthaben, geldbörse, bitcoin, münzen, geld, wallet",
      data: "e-mail*, nachrichten, dateien, daten, gespräch*, verlauf, adresse",
    },
  },
  {
    language: "nl",
    words: {
      drop: "negeer, negeren, vergeet, vergeten, sla over, omzeil, overschrijf, verwijder, wis, let niet op, volg niet, schenk geen aandacht, laat buiten beschouwing",
      reveal:
        "toon, laat zien, laat me, geef, vertel me, vertel, onthul, herhaal, druk af, schrijf, deel, plaats, print, wat is, wat zijn, wat staat, openbaar, noem, publiceer",
      act: "je bent nu, u bent nu, doe alsof, gedraag je, vanaf nu, stel je voor, speel, schakel over, activeer, handel als, ontgrendel",
      send: "stuur, verstuur, zend, maak over, verplaats, betaal, upload",
      edit: "wijzig, verander, voeg toe, bewaar, sla op, pas aan, overschrijf, werk bij",
      hide: "vertel niet, zeg niets, meld niet, zonder te vragen, stiekem, noem dit niet",
      dictate: "zeg, antwoord, schrijf, reageer, herhaal",
      disable: "schakel uit, zonder, geen, deactiveer, uitschakelen, omzeil, verwijder",
      prior: "vorige, voorgaande, eerdere, bovenstaande, oude, oorspronkelijke, bestaande, hiervoor, initiële, voorafgaande",
      every: "alle, alles, elke, iedere, volledige, hele, exacte",
      your: "jouw, jullie",
      orders: "instructie*, opdracht*, regels, regel, aanwijzing*, richtlijn*, bevelen, prompt*, beperkingen, commando*, voorschriften",
      yours: "jouw instructies, je instructies",
      prompt: "systeemprompt*, systeembericht*, systeeminstructie*, oorspronkelijke instructies, verborgen instructies",
      secret: "wachtwoord*, sleutel, sleutels, api-sleutel*, geheim, geheimen, inloggegevens, toegangscode*, wachtwoordzin",
      human: "mens, eigenaar, beheerder, gebruiker, baas",
      limits: "beperkingen, regels, filters, grenzen, veiligheids*, ethische, richtlijnen",
      free: "onbeperkt*, ongefilterd*, ongecensureerd*, ontwikkelaarsmodus, zonder beperkingen, zonder regels, ontwikkelmodus",
      task: "nieuwe taak, nieuwe opdracht*, nieuwe instructie*, jouw taak, je taak",
      urgent: "onmiddellijk, dringend, meteen, belangrijk",
      exact: "alleen, precies, exact, letterlijk, uitsluitend, volgende, in plaats daarvan",
    },
  },
  {
    language: "sv",
    words: {
      drop: "ignorera*, glöm, glömma, bortse, strunta i, strunt i, åsidosätt, kringgå, hoppa över, ignorer, ignorér, glem, se bort fra, tilsidesæt, omgå, overse, overstyr, hopp over, tilsidesett, neglisjer",
      reveal:
        "visa, avslöja, skriv ut, berätta, upprepa, ge mig, dela, lägg ut, vad är, vis, vis mig, vis meg, afslør, avslør, gentag, gjenta, udskriv, fortæl, fortell, giv mig, gi meg, hvad er, hva er, skriv",
      act: "du är nu, låtsas, agera som, från och med nu, föreställ dig, du er nu, du er nå, lad som om, lat som, opfør dig, fra nu af, fra nå av, oppfør deg, aktivera, aktiver, forestil dig",
      send: "skicka, överför, sänd, send, overfør, betala, betal",
      dictate: "säg, svara, skriv, sig, svar",
      disable: "inaktivera, stäng av, utan, inga, deaktiver, slå fra, slå av, uden, uten, ingen, fjern, ta bort",
      prior:
        "tidigare, föregående, ovanstående, ursprungliga, gamla, ovan, tidligere, forrige, ovenstående, oprindelige, opprinnelige, foregående, forutgående",
      every: "alla, allt, varje, hela, alle, hver, hele",
      your: "dina, ditt, din, dine, dit, jeres, deres",
      orders:
        "instruktion*, instruks*, anvisning*, regler, direktiv*, riktlinjer, kommando*, uppmaning*, retningslinjer, ordrer, prompt*, begränsningar, begrænsninger, begrensninger",
      yours: "dine instruktioner, dine instruksjoner",
      prompt:
        "systemprompt*, systemmeddelande*, systembesked*, systemmelding*, ursprungliga instruktioner, dolda instruktioner, dina instruktioner, systeminstru*",
      secret:
        "lösenord*, nyckel, nycklar, api-nyckel*, hemlig*, inloggningsuppgifter, adgangskode*, kodeord*, nøgle*, nøkkel*, passord*, hemmelig*, api-nøgle*, api-nøkkel*",
      human: "människa, ägare, operatör, användare, menneske, ejer, eier, bruger, bruker",
      limits: "begränsningar, regler, filter, säkerhet*, riktlinjer, begrænsninger, begrensninger, sikkerhed*, sikkerhet*",
      free: "obegränsad*, ofiltrerad*, ocensurerad*, utvecklarläge*, utan begränsningar, ubegrænset, ubegrenset, ufiltreret, ufiltrert, ucensureret, usensurert, udviklertilstand, utviklermodus, uden begrænsninger, uten begrensninger, inga regler, ingen regler",
      task: "ny uppgift, nya instruktioner, ny opgave, nye instruktioner, ny oppgave, nye instruksjoner, din uppgift, din opgave, din oppgave",
      urgent: "omedelbart, genast, brådskande, viktigt, straks, øjeblikkeligt, umiddelbart, viktig, vigtigt",
      exact: "bara, endast, exakt, ordagrant, följande, kun, præcis, nøyaktig, følgende, istället, i stedet",
    },
  },
];
