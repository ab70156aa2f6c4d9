# D’une page au flux de son site : ce qui a été trouvé, et ce qui empêche de trouver.

cli-sources-found = { $kind ->
        [ics] Agenda trouvé sur cette page : { $url }
        [page] Cette page décrit elle-même ses évènements : { $url }
       *[feed] Flux trouvé sur cette page : { $url }
    }
cli-sources-others = { $count ->
        [one] Cette page en propose un autre, à ajouter à part si vous le voulez :
       *[other] Cette page en propose { $count } autres, à ajouter à part si vous les voulez :
    }
cli-sources-other = – { $title } ({ $kind ->
        [ics] agenda
       *[feed] flux
    }) : { $url }
cli-sources-untitled = sans titre
cli-sources-moved-line = Le site annonce que cette adresse a changé pour de bon. La nouvelle : { $url }
trouble-no-feed = Aucun flux ni agenda n’a été trouvé sur cette page. Cherchez sur le site un lien « RSS », « Atom » ou « Agenda (ICS) » et donnez cette adresse, ou demandez-la au partenaire.
    .partner = Aucun flux ni agenda n’a été trouvé sur votre page. Donnez l’adresse de votre flux à l’équipe du Club.
trouble-elsewhere = Cette adresse mène maintenant à l’accueil d’un autre site ({ $host }) : l’ancien a sans doute fermé. Demandez au partenaire sa nouvelle adresse.
    .partner = Cette adresse mène maintenant à l’accueil d’un autre site ({ $host }). Donnez la nouvelle adresse de votre flux à l’équipe du Club.
trouble-parked = Cette page dit que le nom de domaine est à vendre ou a expiré : le site n’est plus là. Demandez au partenaire sa nouvelle adresse.
    .partner = La page dit que le nom de domaine est à vendre ou a expiré. Donnez votre nouvelle adresse à l’équipe du Club.
source-note-no-events = Cette page ne décrit aucun évènement que le Club puisse lire (il attend des données schema.org en JSON-LD).
