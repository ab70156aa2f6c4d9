# Les évènements des partenaires : créer, changer, annuler, décider, voir.

route-agenda = agenda
    .help = Les prochains évènements, par région, thème ou mois
    .aliases = evenements, évènements, événements
    .title = L’agenda
route-agenda-turn = pages de l’agenda
    .title = L’agenda
route-event-create = evenement creer
    .help = Publier un évènement, à partir de l’adresse de sa page ou en le décrivant
    .aliases = évènement créer, événement créer, evenement nouveau
    .title = Créer un évènement
route-visit-propose = visite proposer
    .help = Proposer une visite commune, avec des places par famille
    .aliases = visite
    .title = Proposer une visite
route-event-new = nouvel évènement
    .title = Créer un évènement
route-event-modify = evenement modifier
    .help = Changer la date, le lieu ou le texte d’un évènement ; les personnes inscrites sont prévenues
    .aliases = évènement modifier, événement modifier
    .title = Modifier un évènement
route-event-change = changement d’un évènement
    .title = Modifier un évènement
route-event-cancel = evenement annuler
    .help = Annuler un évènement ; les personnes inscrites sont prévenues
    .aliases = évènement annuler, événement annuler
    .title = Annuler un évènement
route-event-call-off = annulation d’un évènement
    .title = Annuler un évènement
route-event-duplicate = evenement dupliquer
    .help = Reprendre un évènement à une autre date
    .aliases = évènement dupliquer, événement dupliquer, evenement copier
    .title = Dupliquer un évènement
route-event-open-terms = evenement inscriptions
    .help = Les places, la date limite et les questions d’un évènement
    .aliases = évènement inscriptions, événement inscriptions
    .title = Les inscriptions d’un évènement
route-event-set-terms = inscriptions d’un évènement
    .title = Les inscriptions
route-event-list = evenement liste
    .help = Vos évènements et leur état
    .aliases = évènement liste, événement liste
    .title = Vos évènements
route-event-view = evenement voir
    .help = Un évènement, ses places et ce que l’on peut y faire
    .aliases = évènement voir, événement voir
    .title = Voir un évènement
route-event-waiting = evenement attente
    .help = Décider des évènements proposés par les partenaires
    .aliases = évènement attente, événement attente
    .title = Évènements proposés
route-event-refuse = refus d’un évènement
    .title = Refuser un évènement

field-event = Évènement
    .ask = Quel évènement ? Son titre, ou son numéro, par exemple EVT-0012.
field-event-which = Rang
    .ask = Le combientième évènement de la page ?
field-event-organiser = Organisation
    .ask = Au nom de quelle organisation ?
field-event-title = Titre
    .ask = Quel est le titre de l’évènement ?
field-event-when = Date
    .ask = Quand a-t-il lieu ? Par exemple « jeudi 11 mars 9h30-12h », « du 17 au 21 juin ».
field-event-where = Lieu
    .ask = Où a-t-il lieu ? Une adresse, « en ligne », le lien de la visio, ou les deux.
field-event-about = Description
    .ask = En quelques phrases, de quoi s’agit-il ?
field-event-nature = Nature
    .ask = De quoi s’agit-il ?
field-event-regions = Régions
    .ask = Quelles régions concerne-t-il ? Passez pour toute la France.
field-event-themes = Thèmes
    .ask = De quels thèmes parle-t-il ?
field-event-places = Places
    .ask = Combien de places ? Passez s’il n’y a pas de limite.
field-event-page = Page
    .ask = À quelle adresse en savoir plus ?
field-event-why = Motif
    .ask = Pourquoi est-il annulé ? Les personnes inscrites liront ce motif.
field-event-refusal = Motif
    .ask = Pourquoi le refuser ? La personne qui l’a proposé lira ce motif.
field-agenda-region = Région
    .ask = Dans quelle région ?
field-agenda-theme = Thème
    .ask = Sur quel thème ?
field-agenda-month = Mois
    .ask = Quel mois ?

nature-event = évènement
nature-visit = visite
nature-training = formation
mode-on-site = sur place
mode-online = en ligne
mode-hybrid = sur place et en ligne
approval-waiting = en attente de relecture
approval-published = publié
approval-refused = non retenu

## La carte
gathering-title = *{ $title }* · { $nature }
gathering-when = Quand : { $when }
gathering-where = Où : { $where }
gathering-by = Par : { $organiser }
gathering-reason = Motif : { $reason }
gathering-about = { $text }
gathering-page = Page : { $link }
gathering-online = en ligne : { $link }
gathering-online-later = en ligne, le lien est donné aux personnes inscrites
gathering-no-venue = lieu à préciser
gathering-became = { $what } : { $before } → { $after }
gathering-new-link = Le lien pour se connecter a changé.
gathering-gone = Cet évènement n’est plus connu.
gathering-not-yours = Seul·es les partenaires de « { $name } » peuvent changer cet évènement. Réf. R-203
changed-when = Date
changed-title = Titre
changed-venue = Lieu
changed-mode = Forme
calendar-button = Calendrier

## Créer
event-no-organisation = Vous n’agissez encore pour aucune organisation. Demandez un code à un·e modérateur·rice du Club, puis : /organisation rejoindre
event-none-on-page = Je ne trouve aucun évènement à venir à { $url } : aucune date que je sache lire. J’ai gardé l’adresse ; complétez le reste.
event-read = Voici ce que j’ai lu à { $url }
event-several = Cette page annonce { $count } évènements à venir. Voici le n° { $rank } ; pour un autre, ajoutez son numéro après l’adresse.
event-several-line = { $rank }. { $title } — { $when }
visit-begun = Une visite commune. Une fois publiée, « Inscriptions… » garde des places à chaque famille : « 10 collectivités, 8 Hlm, 4 État ».
event-dated = Date : *{ $when }* (fuseau { $zone })
event-will-show-letters = Aucun canal ne suit cette région et ces thèmes : il sera dans l’agenda et dans les lettres.
event-will-show = { $count ->
        [one] Il sera annoncé dans un canal ({ $places }), et dans les lettres.
       *[other] Il sera annoncé dans { $count } canaux ({ $places }), et dans les lettres.
    }
event-twin = Est-ce celui-ci ? *{ $title }*, { $when } — { $by }
event-twin-button = C’est « { $title } »
event-same = Il est déjà connu : rien n’est créé.
event-over = Cet évènement est déjà passé. Donnez une date à venir.
event-places-bounds = « { $found } » n’est pas un nombre de places possible : de 1 à { $most }.
event-waits = *{ $title }* ({ $code }) est proposé aux modérateur·rices du Club. Je vous dirai en privé ce qui est décidé.
event-published = *Publié* ({ $code }) : agenda et lettres.
event-published-in = *Publié* ({ $code }) : agenda, lettres et { $count ->
        [one] un canal
       *[other] { $count } canaux
    } ({ $places }).
event-terms-button = Inscriptions…

## Changer
event-none-yours = Aucun évènement n’est le vôtre. Créez-en un avec /evenement creer.
event-already-off = « { $title } » est déjà annulé.
event-unchanged = Rien ne change.
event-will-tell = { $count ->
        [0] Personne n’est inscrit : les messages déjà envoyés sont corrigés, rien d’autre n’est envoyé.
        [one] Une personne inscrite sera prévenue, une seule fois, une demi-heure après votre dernier changement.
       *[other] { $count } personnes inscrites seront prévenues, une seule fois, une demi-heure après votre dernier changement.
    }
event-changed-meanwhile = « { $title } » a changé entre-temps. Rouvrez-le avec /evenement modifier : rien n’est perdu.
event-changed = *{ $title }* est modifié.
event-edited = { $count ->
        [0] Aucun message n’était déjà parti.
        [one] Un message déjà envoyé est corrigé.
       *[other] { $count } messages déjà envoyés sont corrigés.
    }
event-again = Voici *{ $title }*, à une autre date : il ne manque qu’elle.
event-told-change = *{ $title }* change :
event-will-tell-off = { $count ->
        [0] Personne n’est inscrit.
        [one] Une personne inscrite sera prévenue tout de suite.
       *[other] { $count } personnes inscrites seront prévenues tout de suite.
    }
event-off = *{ $title }* est annulé. { $count ->
        [0] Personne n’était inscrit.
        [one] Une personne inscrite est prévenue.
       *[other] { $count } personnes inscrites sont prévenues.
    }
event-told-off = *{ $title }*, prévu le { $at }, n’a pas lieu. Motif : { $reason }

## Décider
event-card = *Évènement proposé* ({ $code }) par { $who }
event-accept-button = Publier
event-refuse-button = Refuser…
event-own = Vous ne pouvez pas décider de votre propre évènement, ni de celui de votre organisation. Une autre personne doit le faire.
event-decided-published = Cet évènement est déjà publié ({ $at }).
event-decided-refused = Cet évènement a déjà été refusé ({ $at }).
event-accepted-done = « { $title } » est publié. La personne qui l’a proposé est prévenue.
event-accepted-author = Bonne nouvelle : *{ $title }* est publié.
event-accepted-card = Publié par { $who }.
event-refused-done = « { $title } » est refusé. La personne qui l’a proposé est prévenue, avec votre motif.
event-refused-author = *{ $title }* n’a pas été retenu. Motif : { $reason }
event-refused-card = Refusé par { $who }. Motif : { $reason }
event-none-waiting = Aucun évènement n’attend de décision.
event-waiting-title = { $count ->
        [one] Un évènement attend une décision :
       *[other] { $count } évènements attendent une décision. Le plus ancien :
    }

## Voir
agenda-everything = toute la France, tous les thèmes
agenda-title = *Agenda* — { $what } : { $first } à { $last } sur { $count }
agenda-none = *Agenda* — rien n’est annoncé pour ces choix. Essayez une autre région ou un autre mois.
agenda-line = { $when } · *{ $title }* · { $place } — { $by } { $link }
agenda-line-placeless = { $when } · *{ $title }* — { $by } { $link }
agenda-before = Précédents
agenda-after = Suivants
agenda-one-button = { $title }
event-places-line = Places : { $places }
event-elsewhere-line = Inscription : { $link }
event-refused-line = Motif du refus : { $reason }
event-state-line = { $code } · { $state }
event-yours-title = { $count ->
        [one] *Votre évènement à venir*
       *[other] *Vos { $count } évènements à venir*
    }
event-yours-line = { $code } · { $title } — { $when } · { $state }
