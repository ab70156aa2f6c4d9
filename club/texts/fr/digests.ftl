# La lettre à la demande.

route-digest-preview = digest apercu
    .help = Voir ce que dirait la prochaine lettre
    .aliases = digest aperçu, apercu, aperçu
    .title = Aperçu de la lettre
route-digest-now = digest maintenant
    .help = Recevoir la lettre tout de suite, une fois par heure au plus
    .aliases = maintenant
    .title = La lettre tout de suite
route-digest-rest = digest suite
    .title = La suite

preview-title = *Aperçu* de ce qui partirait maintenant (prochaine lettre : { $first })
preview-empty = Rien de nouveau depuis le { $since } : la prochaine lettre ({ $first }) ne partira que s’il y a quelque chose à dire.
preview-no-subscription = Vous n’avez pas encore d’abonnement. Voici ce que le Club a relayé ces sept derniers jours, tous thèmes et toutes régions confondus.
digest-now-button = L’envoyer maintenant
digest-no-subscription = Il n’y a pas encore d’abonnement ici : choisissez d’abord ce que vous voulez recevoir.
digest-too-soon = Une lettre à la demande est déjà partie il y a moins d’une heure. Prochaine possible : { $again }.
digest-nothing-new = Rien de nouveau depuis le { $since }. La prochaine est prévue { $first }, s’il y a quelque chose à dire.
digest-on-its-way = { $count ->
        [one] Votre lettre part tout de suite.
       *[other] Vos { $count } lettres partent tout de suite.
    }
