# Les sources des partenaires, dans la conversation.

route-source-test = source tester
    .help = Voir ce qui serait lu à une adresse, sans rien garder
    .aliases = source essayer
    .title = Essayer une source
field-url = Adresse
    .ask = Quelle est l’adresse du site, de son flux ou de son agenda ?
source-tried = Rien n’est gardé : voici ce que le Club lirait à { $url }

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
