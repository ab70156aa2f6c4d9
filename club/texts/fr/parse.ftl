# Un document est arrivé, mais on n’y lit rien : pourquoi, et quoi faire.

trouble-empty = Le document est vide. Vérifiez l’adresse auprès du partenaire.
    .partner = Le document est vide. Vérifiez-le, ou donnez une autre adresse à l’équipe du Club.
trouble-html = C’est une page web, pas un flux. Cherchez sur le site un lien « RSS », « Atom » ou « Agenda (ICS) » et donnez cette adresse.
    .partner = Une page web arrive à la place du flux. Donnez l’adresse de votre flux à l’équipe du Club.
trouble-not-feed = Ce document n’est ni un flux, ni un agenda. Vérifiez l’adresse auprès du partenaire.
    .partner = Ce document n’est ni un flux, ni un agenda. Donnez l’adresse de votre flux à l’équipe du Club.
trouble-not-jsonfeed = Ce document JSON n’est pas un flux : la liste « items » y manque. Demandez au partenaire l’adresse de son flux.
    .partner = Ce document JSON n’est pas un flux : la liste « items » y manque. Donnez l’adresse de votre flux à l’équipe du Club.
trouble-not-calendar = Ce document n’est pas un agenda : « BEGIN:VCALENDAR » y manque. Vérifiez l’adresse auprès du partenaire.
    .partner = Ce document n’est pas un agenda : « BEGIN:VCALENDAR » y manque. Donnez l’adresse de votre agenda à l’équipe du Club.
trouble-xml = Le flux est mal formé à la ligne { $line }, et rien n’a pu y être lu. Prévenez le partenaire ; le Club réessaiera de lui-même.
    .partner = Votre flux est mal formé à la ligne { $line }, et rien n’a pu y être lu. Signalez-le à la personne qui gère votre site.
trouble-json = Le flux JSON est mal formé à la ligne { $line }. Prévenez le partenaire ; le Club réessaiera de lui-même.
    .partner = Votre flux JSON est mal formé à la ligne { $line }. Signalez-le à la personne qui gère votre site.
trouble-deep = Document refusé : ses éléments s’emboîtent sur plus de { $limit } niveaux. Prévenez le partenaire.
    .partner = Le document est refusé : ses éléments s’emboîtent sur plus de { $limit } niveaux. Signalez-le à la personne qui gère votre site.
trouble-many = Document refusé : il annonce plus de { $limit } entrées. Demandez au partenaire un flux plus court.
    .partner = Le document est refusé : il annonce plus de { $limit } entrées. Publiez un flux plus court.
trouble-heavy = Document refusé : il est trop lourd à lire. Demandez au partenaire un flux plus court.
    .partner = Le document est trop lourd à lire. Publiez un flux plus court.
trouble-title-long = Document refusé : un de ses titres est démesuré. Prévenez le partenaire.
    .partner = Le document est refusé : un de ses titres est démesuré. Corrigez-le.

## Ce qui a été lu, avec une réserve

source-note-junk = Le site écrit autre chose avant ou après le document (un avertissement de son logiciel, souvent) ; le document a été lu. Prévenez le partenaire.
source-note-illformed = Le flux est mal formé ; ce qui était lisible a été gardé. Prévenez le partenaire.
source-note-cut = Le document s’arrête avant sa fin ; ce qui était complet a été gardé.
source-note-zone = Un fuseau horaire inconnu a été lu comme l’heure de Paris. Vérifiez les heures affichées.
source-note-rhythm = Un évènement qui se répète sans cesse dans la journée a été laissé de côté. Prévenez le partenaire.
source-note-many = L’agenda est très long : seules les dates les plus proches ont été gardées.
