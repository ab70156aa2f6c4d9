# Comment va le hub.

route-state = etat
    .help = Comment va le hub : réseaux, sources, lettres
    .aliases = état, santé
    .title = État du hub
state-title = *État du hub*
state-network-open = { $name } : ouvert
state-network-closed = { $name } : fermé, { $why } ; les lettres qui l’attendent partiront à son retour, une seule fois
state-no-network = Aucun réseau n’est configuré.
state-sources = Sources : { $count ->
        [0] aucune lue
        [one] { $count } lue
       *[other] { $count } lues
    }, { $failing ->
        [0] aucune en panne
        [one] { $failing } en panne
       *[other] { $failing } en panne
    } ; dernière lecture { $last }
state-sources-never = Sources : { $count ->
        [0] aucune
        [one] { $count }, pas encore lue
       *[other] { $count }, pas encore lues
    }
state-letters = Lettres : { $waiting ->
        [0] aucune en attente
        [one] { $waiting } en attente
       *[other] { $waiting } en attente
    }, { $sent ->
        [0] aucune envoyée
        [one] { $sent } envoyée
       *[other] { $sent } envoyées
    } ces trente derniers jours, { $unsure ->
        [0] aucune en échec
        [one] { $unsure } en échec ou incertaine
       *[other] { $unsure } en échec ou incertaines
    }
state-failing = *{ $name }* : { $why } (depuis { $since })
state-more = … et { $count ->
        [one] une autre source en panne.
       *[other] { $count } autres sources en panne.
    }
state-queue-waits = { $name } : { $count ->
        [one] une lettre attend
       *[other] { $count } lettres attendent
    } depuis { $since }
state-queue-empty = { $name } : rien n’attend, dernière lettre partie { $last }
state-offers = { $count ->
        [one] Une source proposée attend une décision
       *[other] { $count } sources proposées attendent une décision
    } depuis { $since }
state-offers-button = Voir ce qui attend
