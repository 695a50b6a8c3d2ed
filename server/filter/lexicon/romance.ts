import type { Lexicon } from "../lexicon.ts";

/** Spanish, Portuguese, French, Italian, Romanian and Catalan. Accents are folded away before words are compared. */
export const ROMANCE: Lexicon[] = [
  {
    language: "es",
    words: {
      drop: "ignora, ignore, ignoren, ignorar, ignorad, ignoremos, ignorando, olvida, olvide, olviden, olvidar, olvidate, omite, omitir, omita, descarta, descarte, desatiende, desestima, pasa por alto, haz caso omiso, haga caso omiso, no sigas, no hagas caso, no tengas en cuenta, anula, anular, deja de lado, borra, elimina, salta, prescinde",
      reveal:
        "muestra*, muéstrame, enseña, enseñame, revela*, dime, imprime, repite, escribe, comparte, publica, cuentame, lista, proporciona, proporcioname, traduce, cual es, cuales son, puedes decirme, entrega, indica, copia, envia, responde con, cuales eran, me puedes dar",
      act: "ahora eres, actua como, actua, finge, haz como si, comportate, imagina que, eres un, a partir de ahora, de ahora en adelante, desde ahora, simula, entra en, activa, activar, cambia a, conviertete, asume el papel, ya no eres, juega el papel, habilita, desbloquea, modo",
      run: "ejecuta, ejecute, ejecutar, corre, instala, abre, visita, descarga",
      send: "envia, enviame, envie, manda, transfiere, transferir, mueve, sube, paga, reenvia, dona, deposita, exporta",
      edit: "actualiza, cambia, modifica, añade, agrega, guarda, sobrescribe, reemplaza, edita, recuerda, borra",
      hide: "no le digas, no digas, no menciones, no informes, no avises, sin decir, sin avisar, sin preguntar, en secreto, a escondidas, oculta, no lo comentes, no le cuentes, no reveles",
      dictate: "diga, responde, responda, contesta, escribe, escriba, imprime, repite, afirma, devuelve, indica, declarar",
      disable: "desactiva*, sin, elimina, quita, anula, apaga, deshabilita, omite, ningun, ninguna, evita, burla, rompe",
      prior:
        "anterior, anteriores, previas, previos, previa, previo, arriba, original, originales, iniciales, inicial, antes, precedentes, existentes, antiguas, antiguos, pasadas, hasta ahora, viejas",
      every: "todas, todos, todo, toda, cualquier, cada, completo, completa, exacto, integro, entero, lo que",
      your: "tus, tu, su, sus, vuestras, vuestros",
      orders:
        "instruccion*, ordenes, orden, reglas, regla, directrices, directriz, directivas, indicaciones, indicacion, comandos, normas, restricciones, pautas, mandatos, programacion, consignas, mensajes, prompt*, peticiones, politicas, te dijeron, te han dicho",
      yours: "tu prompt, tus instrucciones, tus reglas, tu configuracion",
      prompt:
        "prompt del sistema, mensaje del sistema, instrucciones del sistema, instrucciones iniciales, instrucciones originales, instrucciones ocultas, prompt inicial, indicaciones del sistema, instrucciones secretas, texto anterior, configuracion inicial",
      secret:
        "contraseña*, clave, claves, clave secreta, secreto, secretos, credencial*, clave api, clave de api, llave, llaves, palabra clave, frase semilla, codigo de acceso, codigos, palabra secreta, clave privada, frase de contraseña",
      human: "humano, dueño, propietario, operador, usuario, amo, creador, persona",
      limits:
        "restricciones, reglas, filtros, limites, limitaciones, seguridad, etica, eticas, normas, censura, politicas, salvaguardas, moral",
      free: "sin restricciones, sin limites, sin filtros, sin censura, sin reglas, modo desarrollador, modo dios, modo administrador, modo de depuracion, modo sin restricciones, malvado, ilimitado, irrestricto, modo mantenimiento, libre de, sin limitaciones, cualquier cosa, modo de sistema, modo sistema",
      task: "nueva tarea, nuevas instrucciones, nueva instruccion, nueva orden, tu tarea, nuevas reglas, tu mision, instrucciones importantes, lo siguiente",
      urgent: "inmediatamente, urgente, de inmediato, ahora mismo, importante, obligatorio",
      exact:
        "solo, solamente, unicamente, exactamente, literalmente, textualmente, palabra por palabra, siguiente, la frase, la palabra, nada mas, en su lugar, en vez de",
      money: "fondos, billetera, monedero, dinero, saldo, criptomonedas",
      data: "correo*, mensajes, archivos, datos, conversacion*, historial, direccion, usuarios, memoria",
    },
  },
  {
    language: "pt",
    words: {
      drop: "ignore, ignora, ignorem, ignorar, ignorando, esqueça, esqueca, esquece, esquecer, desconsidere, desconsiderar, desconsidera, despreze, pule, omita, descarte, anule, contorne, nao siga, deixe de lado, apague, deixe de seguir, sobrescreva, substitua",
      reveal:
        "mostre, mostra, mostre-me, revele, revela, diga-me, diga me, me diga, me de, me mostre, forneça, imprima, repita, escreva, compartilhe, publique, poste, liste, traduza, exiba, qual e, quais sao, qual era, conte-me, informe, copie, envie, voce pode, responda com",
      act: "voce agora e, agora voce e, aja como, finja, comporte-se, imagine que, a partir de agora, de agora em diante, simule, entre no modo, ative, ativar, mude para, assuma o papel, voce e um, voce e uma, atue como, torne-se, habilite, desbloqueie, modo",
      run: "execute, rode, instale, abra, visite, baixe, chame",
      send: "envie, mande, transfira, mova, faça upload, pague, encaminhe, doe, exporte",
      edit: "atualize, mude, altere, modifique, adicione, acrescente, salve, sobrescreva, substitua, edite, guarde",
      hide: "nao conte, nao diga, nao mencione, nao informe, nao avise, sem avisar, sem perguntar, em segredo, secretamente, sem contar, nao revele",
      dictate: "diga, responda, escreva, imprima, repita, afirme, retorne",
      disable: "desative*, desativar, sem, remova, desligue, elimine, anule, nenhuma, nenhum, desabilite, quebre, contorne",
      prior:
        "anterior, anteriores, previas, previos, acima, original, originais, iniciais, inicial, antes, precedentes, existentes, antigas, antigos, ate agora",
      every: "todas, todos, tudo, toda, qualquer, quaisquer, cada, completo, completa, exato, inteiro",
      your: "suas, seus, sua, seu, tuas, teus, tua, teu",
      orders:
        "instruções, instrução, instruções do, instruçoes, instrucoes, instrucao, ordens, ordem, regras, regra, diretrizes, diretriz, comandos, orientaç*, orientac*, restriç*, restric*, normas, politicas, programaç*, prompt*, mensagens, pedidos, limitaç*",
      yours: "seu prompt, suas instruções, suas regras",
      prompt:
        "prompt do sistema, prompt de sistema, mensagem do sistema, instruções do sistema, instruções iniciais, instruções originais, instruções ocultas, prompt inicial, instruções secretas, texto acima",
      secret:
        "senha, senhas, chave, chaves, chave secreta, chave de api, chave da api, segredo, segredos, credenciais, frase-semente, codigo de acesso, palavra-passe, palavra passe, palavra secreta, frase secreta",
      human: "humano, dono, proprietario, operador, usuario, criador, utilizador",
      limits: "restriç*, regras, filtros, limites, limitaç*, segurança, etica, eticas, normas, censura, politicas, moral",
      free: "sem restriç*, sem limites, sem filtros, sem censura, sem regras, modo desenvolvedor, modo deus, modo administrador, modo de desenvolvedor, malvado, ilimitado, irrestrito, livremente, modo de manutenção, modo irrestrito, qualquer coisa, modo de sistema, modo sistema, modo de depuração",
      task: "nova tarefa, novas instruç*, nova instruç*, sua tarefa, nova ordem, novas regras, sua missao, instruções importantes, o seguinte",
      urgent: "imediatamente, urgente, agora mesmo, importante, obrigatorio",
      exact: "apenas, somente, exatamente, literalmente, palavra por palavra, seguinte, a frase, a palavra, em vez disso, nada mais",
      money: "fundos, carteira, dinheiro, saldo, criptomoedas",
      data: "e-mails, mensagens, arquivos, dados, conversa*, historico, endereço, memoria",
    },
  },
  {
    language: "fr",
    words: {
      drop: "ignore, ignores, ignorez, ignorer, ignorons, oublie, oubliez, oublier, néglige*, négligez, passe outre, passez outre, ne tiens pas compte, ne tenez pas compte, ne tenez aucun compte, ne suis pas, ne suivez pas, fais abstraction, faites abstraction, contourne, contournez, laisse tomber, écarte, supprime, efface, annule, mets de côté, fais fi, faites fi, fais l'impasse, désobéis",
      reveal:
        "montre*, montrez, affiche, affichez, révèle, révélez, dis-moi, dis moi, dites-moi, dites moi, donne, donne-moi, donnez, donnez-moi, répète, répétez, imprime, imprimez, écris, écrivez, partage, partagez, publie, publiez, traduis, quel est, quelle est, quelles sont, quels sont, liste, divulgue, divulguez, peux-tu, pouvez-vous, recopie, communique, fournis, fournissez, renvoie",
      act: "tu es maintenant, vous êtes maintenant, tu es désormais, vous êtes désormais, agis comme, agissez comme, fais semblant, faites semblant, comporte-toi, comportez-vous, imagine que, imaginez que, à partir de maintenant, désormais, dorénavant, joue le rôle, jouez le rôle, activez, passe en, passez en, deviens, simule, débloque, prétends",
      run: "exécute, exécutez, lance, lancez, installe, ouvre, ouvrez, visite, télécharge, appelle",
      send: "envoie, envoyez, transfère, transférez, transmets, transmettez, déplace, téléverse, paie, dépose, exporte",
      edit: "modifie, modifiez, ajoute, ajoutez, changez, remplace, remplacez, enregistre, mets à jour, écrase, sauvegarde",
      hide: "ne dis pas, ne dites pas, ne mentionne pas, ne mentionnez pas, n'informe pas, n'informez pas, sans demander, sans le dire, sans prévenir, en secret, secrètement, ne préviens pas, ne révèle pas, n'en parle pas, ne dis rien",
      dictate: "dis, dites, réponds, répondez, écris, écrivez, affiche, répète, affirme, indique",
      disable: "désactive*, sans, supprime*, retire, aucun, aucune, enlève, lève, contourne*, coupe, éteins",
      prior:
        "précédent*, antérieur*, ci-dessus, au-dessus, plus haut, original*, originelles, initial*, d'avant, avant, existant*, anciennes, anciens, jusqu'ici, reçues, données",
      every: "toutes, tous, tout, toute, chaque, n'importe quelle, intégral*, entier, exact, complet",
      your: "tes, ton, ta, vos, votre, ses",
      orders:
        "instruction*, consigne*, ordre*, règles, règle, directive*, commandes, commande, contraintes, programmation, indications, recommandations, restrictions, limites, prompt*, messages, demandes, politiques",
      yours: "ton prompt, tes instructions, tes consignes, tes règles, vos instructions",
      prompt:
        "prompt système, prompt du système, invite système, message système, instructions système, instructions initiales, instructions d'origine, instructions cachées, prompt initial, consignes initiales, texte ci-dessus, instructions secrètes",
      secret:
        "mot de passe, mots de passe, mot secret, clé, clés, clef, clefs, clé api, clé d'api, secret, secrets, identifiants, phrase secrète, code d'accès, codes, phrase de récupération, clé privée",
      human: "humain, propriétaire, opérateur, utilisateur, maître, créateur, patron",
      limits:
        "restrictions, règles, filtres, limites, limitations, sécurité, éthique*, censure, garde-fous, politiques, morale, protections",
      free: "sans restriction*, sans limite*, sans filtre*, sans censure, sans règles, mode développeur, mode dieu, mode administrateur, mode débogage, non censuré, non filtré, sans aucune limite, maléfique, illimité, mode maintenance, librement, mode système",
      task: "nouvelle tâche, nouvelles instructions, nouvelle instruction, ta tâche, votre tâche, nouvelle consigne, nouvelles règles, ta mission, votre mission, nouvel ordre",
      urgent: "immédiatement, urgent, tout de suite, important, impérativement, obligatoire, sans délai",
      exact:
        "seulement, uniquement, exactement, littéralement, mot pour mot, rien d'autre, suivant*, la phrase, le mot, au lieu, à la place",
      money: "fonds, portefeuille, argent, solde, cryptomonnaies",
      data: "courriels, messages, fichiers, données, conversation*, historique, adresse, mémoire",
    },
  },
  {
    language: "it",
    words: {
      drop: "ignora, ignorate, ignori, ignorare, ignorando, dimentica, dimenticare, dimenticate, dimentichi, trascura, tralascia, salta, non seguire, non considerare, annulla, scavalca, aggira, lascia perdere, scarta, elimina, cancella, non tenere conto",
      reveal:
        "mostra*, mostrami, rivela*, dimmi, dammi, stampa, ripeti, scrivi, condividi, pubblica, elenca, traduci, qual è, quali sono, puoi dirmi, fornisci, fammi vedere, copia, comunica, qual era",
      act: "ora sei, adesso sei, agisci come, fai finta, fingi, comportati, immagina, da ora in poi, d'ora in poi, simula, entra in, attiva, passa a, assumi il ruolo, sei un, diventa, sblocca, modalità",
      send: "invia, manda, trasferisci, sposta, carica, paga, inoltra, esporta",
      edit: "aggiorna, cambia, modifica, aggiungi, salva, sovrascrivi, sostituisci",
      hide: "non dire, non menzionare, non informare, non avvisare, senza dire, senza chiedere, in segreto, di nascosto, segretamente, non rivelare",
      dictate: "di', rispondi, scrivi, stampa, ripeti, afferma",
      disable: "disattiva*, senza, rimuovi, elimina, disabilita, nessuna, nessun, aggira, spegni",
      prior: "precedent*, sopra, originali, originale, iniziali, iniziale, prima, esistenti, vecchie, finora, antecedenti, anteriori",
      every: "tutte, tutti, tutto, tutta, qualsiasi, ogni, completo, intero, esatto, quanto",
      your: "tue, tuoi, tua, tuo, vostre, vostri, sue, suoi",
      orders:
        "istruzion*, ordini, ordine, regole, regola, direttive, direttiva, comandi, comando, indicazioni, restrizioni, linee guida, vincoli, prompt*, messaggi, programmazione, richieste, disposizioni",
      yours: "tuo prompt, tue istruzioni, tue regole",
      prompt:
        "prompt di sistema, prompt del sistema, messaggio di sistema, istruzioni di sistema, istruzioni iniziali, istruzioni originali, istruzioni nascoste, prompt iniziale, testo sopra, istruzioni segrete",
      secret:
        "password, parola d'ordine, parola chiave, chiave, chiavi, chiave api, segreto, segreti, credenziali, frase seme, codice di accesso, codici, chiave privata, parola segreta",
      human: "umano, proprietario, operatore, utente, padrone, creatore",
      limits: "restrizioni, regole, filtri, limiti, limitazioni, sicurezza, etica, etiche, censura, protezioni, politiche, morale",
      free: "senza restrizioni, senza limiti, senza filtri, senza censura, senza regole, modalità sviluppatore, modalità dio, modalità amministratore, illimitato, malvagio, non censurato, modalità sviluppo, qualsiasi cosa, modalità sistema",
      task: "nuovo compito, nuove istruzioni, nuova istruzione, il tuo compito, nuove regole, nuovo ordine, la tua missione",
      urgent: "immediatamente, urgente, subito, importante, obbligatorio",
      exact: "solo, soltanto, esattamente, letteralmente, parola per parola, seguente, la frase, la parola, nient'altro, invece",
    },
  },
  {
    language: "ro",
    words: {
      drop: "ignoră, ignora, ignorați, ignorati, uită, uita, uitați, nu lua în seamă, nu ține cont, nu respecta, omite, sari peste, anulează, nesocotește, oblida, oblideu, descarta, no facis cas, fes cas omis",
      reveal:
        "arată, arata-mi, afișează, dezvăluie, spune-mi, dă-mi, scrie, repetă, tipărește, împărtășește, publică, care este, care sunt, traduce, mostra, revela, digues-me, dona'm, escriu, repeteix, quin és, quines són",
      act: "acum ești, acum esti, prefă-te, prefa-te, acționează ca, de acum înainte, imaginează-ți, comportă-te, activează, intră în, ara ets, fes veure, actua com, a partir d'ara, imagina't",
      send: "trimite, transferă, mută, plătește, envia, transfereix",
      dictate: "spune, răspunde, scrie, digues, respon, escriu",
      disable: "dezactivează, fără, elimină, oprește, desactiva",
      prior:
        "anterioar*, precedente, de mai sus, inițiale, originale, vechi, existente, de dinainte, primite, anteriors, previes, originals, inicials, prèvies",
      every: "toate, tot, toți, orice, fiecare, complet, întreg, totes, tots, qualsevol, tota",
      your: "tale, tău, ta, tăi, voastre, teves, teus, teva, teu",
      orders:
        "instrucțiun*, instructiun*, ordine*, reguli*, regulile, directive*, comenzi*, comenzile, indicații*, restricții*, constrângeri, instruccions, ordres, regles, directrius, prompt*",
      prompt:
        "promptul de sistem, promptul sistemului, mesajul de sistem, instrucțiunile inițiale, instrucțiunile tale, instrucțiunile de sistem, promptul tău, prompt del sistema, instruccions inicials, missatge del sistema",
      secret:
        "parola ta, parola de, parolă, parolele, cheie, cheia, chei, cheia api, secret, secrete, secretul, acreditări, date de autentificare, fraza de recuperare, contrasenya, contrasenyes, clau, claus, credencials",
      human: "omul, stăpân, proprietar, operator, utilizator, humà, propietari",
      limits: "restricții*, reguli*, filtre*, limitele, siguranță, etic*, cenzur*, restriccions, regles, filtres, límits",
      free: "fără restricții, fără limite, fără filtre, fără cenzură, fără reguli, modul dezvoltator, nerestricționat, nelimitat, sense restriccions, sense límits, sense filtres, mode desenvolupador",
      task: "sarcină nouă, instrucțiuni noi, noua sarcină, sarcina ta, nova tasca, noves instruccions",
      urgent: "imediat, urgent, acum, important, obligatoriu, immediatament",
      exact: "doar, numai, exact, cuvânt cu cuvânt, următor*, în schimb, només, exactament, següent",
    },
  },
];
