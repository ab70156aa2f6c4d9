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
    Je relaie les actualités des partenaires et je réponds aux questions sur la démarche, avec la source : écrivez la vôtre, simplement. /agenda montre ce qui vient.
    Membre, vous pourrez recevoir la lettre de vos thèmes et de votre région (/abonner), vous inscrire aux évènements (/evenement inscrire) et poser une question à une personne (/referent). « Commencer », ou /start, vous fait devenir membre.
help-member = *Que puis-je faire pour vous ?*
    /abonner — choisir un thème, une région, un rythme
    /abonnements — voir, mettre en pause ou arrêter ce que vous recevez
    /digest apercu — voir ce que dirait la prochaine lettre
    /digest maintenant — la recevoir tout de suite, une fois par heure au plus
    /desabonner — arrêter un abonnement
    /agenda — ce qui vient ; /evenement inscrire — y prendre place
    /faq — une réponse à votre question, avec sa source ; en privé, écrivez-la simplement
    /etat — savoir comment va le hub
help-partner = *Que puis-je faire pour vous ?*
    Vos actualités et vos évènements sont relus sur votre site et relayés d’eux-mêmes dans les lettres.
    /evenement creer — publier un évènement, à partir de l’adresse de sa page ; /evenement modifier, annuler, inscrits
    /source ajouter — proposer l’adresse de votre site, de son flux ou de son agenda
    /source etat — savoir comment vont vos sources ; /source pourquoi — pourquoi un article est parti ou non
    /abonner — choisir un thème, une région, un rythme
    /abonnements — voir, mettre en pause ou arrêter ce que vous recevez
    /digest apercu — voir ce que dirait la prochaine lettre
    /digest maintenant — la recevoir tout de suite, une fois par heure au plus
help-moderator = *Que puis-je faire pour vous ?*
    Dans un canal : /abonner, /abonnements et /desabonner règlent ce que le canal reçoit.
    /abonner — choisir un thème, une région, un rythme
    /digest apercu — voir ce que dirait la prochaine lettre, ici ou dans un canal
    /digest maintenant — la faire partir tout de suite, une fois par heure au plus
    /source attente — décider des sources proposées ; /source liste, /source etat, /source pause
    /source pourquoi — pourquoi un article est parti ou non
    /evenement attente — décider des évènements proposés ; /organisation inviter — inviter un·e partenaire
    /faq attente — répondre aux questions qui attendent une personne
    /journal — les dernières décisions
help-editor = { help-moderator }
help-admin = { help-moderator }
    /role donner, /role liste, /role retirer — qui peut faire quoi
