# La base de connaissances tenue dans la conversation.

route-entry-make = nouvelle entrée
    .title = Nouvelle entrée de la base
route-faq-due = faq perimees
    .help = Les réponses de la base à relire
    .aliases = faq périmées
    .title = Réponses à relire
field-n = Numéro de la question posée
field-entry-question = Question
    .ask = Quelle question, en soixante caractères au plus ?
field-entry-variants = Autres formulations
    .ask = Comment la demande-t-on encore ? Deux façons au moins, une par ligne, avec d’autres mots.
field-entry-answer = Réponse
    .ask = Quelle réponse, datée quand elle peut changer ? N’y mettez aucun nom de personne.
field-entry-source = Source
    .ask = D’où vient-elle : quelle page, quel document ?
field-entry-page = Adresse
    .ask = À quelle adresse la lire ? Elle commence par https://
field-entry-version = Version
    .ask = Quelle version ou quelle date de cette source ?

entry-few-variants = Il faut au moins { $least } autres formulations, une par ligne.
entry-make-button = En faire une entrée
entry-preview = Une deuxième personne devra la valider ; les questions gardées seront rejouées avant la mise en ligne.
entry-written = C’est noté : l’entrée attend qu’une deuxième personne la valide.
entry-card = *Nouvelle entrée à valider :* { $question }
entry-card-asked = Aussi demandé : { $variants }
entry-card-source = Source : [{ $title }]({ $url }), { $version }
entry-validate-button = Valider
entry-refuse-button = Refuser
entry-gone = Cette entrée n’existe plus : rien n’a changé.
entry-own = Vous avez écrit cette entrée : une autre personne doit la valider.
entry-decided = Cette entrée est déjà décidée : rien n’a changé.
entry-checking = Je rejoue les questions gardées avec « { $question } ». Le résultat arrive dans le canal de modération.
entry-replaying = *Entrée validée, à l’essai :* { $question }
    { $done ->
        [0] J’apprends à répondre avec elle, puis je rejoue les questions gardées ({ $count }).
       *[other] Questions rejouées : { $done } sur { $count }.
    }
entry-refused = L’entrée « { $question } » est refusée.
entry-live = ✓ En ligne : « { $question } ». Questions rejouées : { $asked } ; aucune n’y perd sa réponse.
entry-worse = L’entrée « { $question } » n’est pas mise en ligne : sur { $asked } questions rejouées, { $count ->
        [one] une perdrait
       *[other] { $count } perdraient
    } leur bonne réponse ({ $which }). Changez ses formulations, puis proposez-la de nouveau.
entry-live-asker = Votre question { $name } a aidé le Club : sa réponse est maintenant dans la base, sans votre nom.
entry-none-due = Aucune réponse n’est à relire.
entry-due = { $count ->
        [one] *Une réponse est à relire*
       *[other] *{ $count } réponses sont à relire*
    }
entry-due-line = { $question } — à revoir avant le { $day }
entry-report = *Questions restées sans réponse depuis le { $day }* : { $count }
entry-report-line = { $what } : { $count }
