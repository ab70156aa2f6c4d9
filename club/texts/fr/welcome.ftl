# Le premier mot et l’aide.

route-start = start
    .help = Dire bonjour et commencer
    .aliases = bonjour, commencer
    .title = Bienvenue
route-help = aide
    .help = Ce que vous pouvez faire ici
    .aliases = help, aides
    .title = Aide
field-subject = Sujet
    .ask = Sur quel sujet voulez-vous de l’aide ?
    .beyond = « { $name } » est réservée : votre rôle au Club ne la permet pas.

start-nobody = à vous
start-member = Bonjour { $name }, bienvenue au *Club ÉcoQuartier*.
    Je rassemble les actualités et les évènements des partenaires, et je vous en envoie une lettre courte, selon vos thèmes et votre région.
    Rien ne part sans votre demande ; vous arrêtez quand vous voulez.
start-button = Commencer
help-button = Aide
help-subscribe-button = M’abonner
help-subscriptions-button = Mes abonnements
help-preview-button = Aperçu de la lettre

help-command = *{ $usage }*
    { $summary }.
help-group = *{ $name }*
help-command-aliases = Aussi : { $names }

help-visitor = *Club ÉcoQuartier*
    Je relaie les actualités des partenaires et je réponds aux questions sur la démarche, avec la source : écrivez la vôtre, simplement.
help-member = *Que puis-je faire pour vous ?*
    En privé, écrivez votre question, simplement : je réponds avec la source.
help-partner = *Que puis-je faire pour vous ?*
    Vos actualités et vos évènements sont relus sur votre site et relayés d’eux-mêmes dans les lettres.
help-moderator = *Que puis-je faire pour vous ?*
    Dans un canal, ces commandes règlent ce que le canal reçoit.
help-editor = { help-moderator }
help-admin = { help-moderator }
help-group-line = { $commands } — /aide { $name } dit ce que fait chacune
help-later = Membre, vous pourrez aussi : { $commands }. « Commencer », ou /start, vous fait devenir membre.
