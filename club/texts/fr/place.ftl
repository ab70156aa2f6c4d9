# Où l’on est, pour la personne qui configure le Club.

route-place-here = ici
    .help = L’identifiant de ce canal, pour la configuration
    .aliases = où, identifiant
    .title = Ici
here-channel = Ce lieu s’appelle *{ $place }*.
    Pour qu’il reçoive la lettre, la personne qui administre le Club écrit dans la configuration, sous [[channels]] : place = "{ $place }"
here-private = Cette conversation s’appelle *{ $place }*.
    Votre compte s’appelle { $account } ; c’est ainsi que la configuration nomme les administrateur·rices.
    Pour connaître l’identifiant d’un canal ou d’un groupe, tapez /ici là-bas.
