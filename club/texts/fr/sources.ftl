# Les sources des partenaires, dans la conversation.

route-source-add = source ajouter
    .help = Lire une adresse, puis l’ajouter aux sources du Club
    .aliases = source proposer, source nouvelle
    .title = Ajouter une source
route-source-test = source tester
    .help = Voir ce qui serait lu à une adresse, sans rien garder
    .aliases = source essayer
    .title = Essayer une source
route-source-detail = nom et région de la source
    .title = Préciser la source
route-source-waiting = source attente
    .help = Décider des sources proposées par les partenaires
    .aliases = source attentes
    .title = Sources proposées
route-source-refuse = refus d’une source
    .title = Refuser la source
route-source-list = source liste
    .help = Toutes les sources et comment elles vont
    .aliases = sources, source lister
    .title = Les sources
route-source-state = source etat
    .help = Comment va une source : depuis quand, pourquoi, prochain essai
    .aliases = source état, source santé
    .title = État d’une source
route-source-pause = source pause
    .help = Ne plus lire une source, jusqu’à nouvel ordre
    .aliases = source suspendre
    .title = Mettre une source en pause
route-source-resume = source reprendre
    .help = Lire de nouveau une source en pause
    .aliases = source reprise
    .title = Reprendre une source

field-url = Adresse
    .ask = Quelle est l’adresse du site, de son flux ou de son agenda ?
field-source = Source
    .ask = Quelle source ?
    .beyond = « { $name } » n’est pas une de vos sources : seul·es les modérateur·rices et le partenaire qui la publie y ont accès. Réf. R-103
field-page = Page
    .ask = Quelle page ?
field-called = Nom
    .ask = Sous quel nom la source sera-t-elle connue ?
field-area = Région
    .ask = De quelle région parle-t-elle ?
field-reason = Motif
    .ask = Pourquoi la refuser ? La personne qui l’a proposée lira ce motif.

## Une nouvelle source
source-tried = Rien n’est gardé : voici ce que le Club lirait à { $url }
source-found = Voici ce que le Club lirait à { $url }
source-as = Elle serait connue sous le nom *{ $name }* · { $region }
source-as-offer = Un·e modérateur·rice du Club décidera ; vous serez prévenu·e en privé.
source-keep-button = L’ajouter
source-offer-button = La proposer
source-detail-button = Changer le nom ou la région
source-drop-button = Abandonner
source-dropped = Rien n’est gardé.
source-added = *{ $name }* est ajoutée aux sources. Elle sera lue dans la demi-heure.
source-proposed = *{ $name }* est proposée aux modérateur·rices du Club. Je vous dirai en privé ce qui est décidé.
source-national = toute la France
source-known = Cette adresse est déjà lue : c’est la source « { $name } ». Rien ne change.
source-waiting = Cette adresse est déjà proposée ; elle attend la décision d’un·e modérateur·rice.
source-name-taken = Une autre source s’appelle déjà « { $name } ». Choisissez un autre nom.
source-offer-gone = Cette proposition n’est plus ouverte : rien n’a changé. Relancez /source ajouter.
source-too-many-a-day = Vous avez déjà proposé { $most } sources aujourd’hui. Revenez demain.
source-too-many-waiting = Trop de sources attendent déjà une décision. Réessayez dans quelques jours.

## La décision
source-card = *Source proposée* par { $who } : *{ $name }* · { $region }
    { $url }
source-author-unknown = une personne qui n’a pas donné de nom
source-accept-button = Accepter
source-refuse-button = Refuser…
source-own = Vous ne pouvez pas décider de votre propre proposition, ni de celle de votre organisation. Une autre personne doit le faire.
source-decided-accepted = Source déjà acceptée par { $who }, { $at }.
source-decided-refused = Source déjà refusée par { $who }, { $at }.
source-accepted-done = « { $name } » est acceptée et sera lue dans la demi-heure. La personne qui l’a proposée est prévenue.
source-accepted-author = Bonne nouvelle : *{ $name }* est maintenant une source du Club.
source-accepted-card = Acceptée par { $who }.
source-refused-done = « { $name } » est refusée. La personne qui l’a proposée est prévenue, avec votre motif.
source-refused-author = *{ $name }* n’a pas été retenue. Motif : { $reason }
source-refused-card = Refusée par { $who }. Motif : { $reason }
source-none-waiting = Aucune source n’attend de décision.
source-waiting-title = { $count ->
        [one] Une source attend une décision :
       *[other] { $count } sources attendent une décision. La plus ancienne :
    }

## La liste et la santé
source-list-none = Le Club n’a pas encore de source.
source-list-title = *Les sources du Club* : { $count } — page { $page }/{ $pages }
source-list-line = { $name } — { $state }
source-list-before = Page précédente
source-list-after = Page suivante
source-list-waiting = { $count ->
        [one] Une source proposée attend une décision.
       *[other] { $count } sources proposées attendent une décision.
    }
source-waiting-button = Voir ce qui attend
source-brief-untried = pas encore lue
source-brief-well = va bien
source-brief-failing = en panne
source-none-yours = Aucune source n’est la vôtre. Proposez-en une avec /source ajouter.
source-not-yours = Cette source n’est pas la vôtre : seul·es les modérateur·rices et le partenaire qui la publie y touchent. Réf. R-103
source-all-well = { $count ->
        [one] Votre source va bien.
       *[other] Les { $count } sources vont bien.
    }
source-failing-title = { $count ->
        [one] Une source est en panne :
       *[other] { $count } sources sont en panne :
    }
source-failing-line = *{ $name }* : { $why } (depuis { $since })
source-failing-more = … et { $count ->
        [one] une autre.
       *[other] { $count } autres.
    }
source-state-title = *{ $name }*
    { $url }
source-state-paused = Elle n’est pas lue : { $why }.
source-state-untried = Elle n’a pas encore été lue. Premier essai : { $next }.
source-state-failing = { $why }
    En panne depuis { $since }. Prochain essai : { $next }.
source-state-never = { $why }
    Jamais lue jusqu’ici : premier essai { $since }. Prochain essai : { $next }.
source-state-well = Elle va bien : lue { $at }. Prochaine lecture : { $next }.
source-state-last = Dernier article reçu : { $at }.
source-state-no-entry = Aucun article reçu jusqu’ici.
source-state-moved = Le site annonce une nouvelle adresse : { $url }
source-state-config = Elle vient du fichier de configuration : c’est là qu’elle se change.
source-pause-button = Mettre en pause
source-resume-button = Reprendre
source-paused = *{ $name }* est en pause : elle n’est plus lue, ce qu’elle a déjà donné reste.
source-paused-already = « { $name } » est déjà en pause.
source-resumed = *{ $name }* est lue de nouveau, dès la prochaine collecte.
source-not-paused = « { $name } » n’est pas en pause.
source-configured = « { $name } » vient du fichier de configuration : changez-la dans le fichier, sous [[sources]], puis faites-le relire (systemctl reload ecohub).

## Ce qui est lu à une adresse
look-title = *{ $title }* — { $kind }
look-kind-auto = document
look-kind-feed = fil d’actualités
look-kind-jsonfeed = fil d’actualités (JSON)
look-kind-ics = agenda
look-kind-page = page d’évènements
look-found = Trouvé sur cette page : { $url }
look-moved = Cette adresse a changé pour de bon : { $url }
look-other = Aussi proposé par cette page : { $title } — { $url }
look-count = { $items ->
        [0] Aucune actualité
        [one] { $items } actualité
       *[other] { $items } actualités
    }, { $events ->
        [0] aucun évènement
        [one] { $events } évènement
       *[other] { $events } évènements
    }.
look-empty = Il n’y a rien à lire pour l’instant.
look-skipped = { $count ->
        [one] Une entrée est illisible et serait laissée de côté.
       *[other] { $count } entrées sont illisibles et seraient laissées de côté.
    }
look-dated = { $day } · { $title }
look-undated = { $title }
