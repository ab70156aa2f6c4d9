# S’abonner, voir ce que l’on reçoit, mettre en pause, arrêter.

route-subscribe = abonner
    .help = Choisir un thème, une région, un rythme
    .aliases = abonne, abonnez, inscrire
    .title = S’abonner à la lettre
route-subscriptions = abonnements
    .help = Voir ce que vous recevez
    .aliases = abonnement, mes abonnements
    .title = Abonnements
route-unsubscribe = desabonner
    .help = Arrêter un abonnement
    .aliases = désabonner, desabonnement, stop
    .title = Arrêter un abonnement
route-subscription-pause = pause
    .title = Mettre en pause
route-subscription-resume = reprendre
    .title = Reprendre

field-theme = Thème
    .ask = Quel thème voulez-vous suivre ? Vous pouvez passer : vous recevrez tous les thèmes.
field-region = Région
    .ask = Quelle région ? Les nouvelles nationales en font toujours partie ; sans préférence, vous recevrez toutes les régions.
field-frequency = Rythme
    .aliases = fréquence
    .ask = À quel rythme ? Sans préférence, ce sera chaque semaine.
field-subscription = Abonnement
    .ask = Quel abonnement voulez-vous arrêter ?

frequency-daily = chaque jour à 8 h
    .aliases = quotidien, quotidienne, jour, tous les jours
frequency-weekly = chaque mardi à 8 h
    .aliases = hebdo, hebdomadaire, semaine, chaque semaine, mardi, hebdo mardi, mardi 8h, hebdo mardi 8h, chaque mardi, chaque mardi 8h, hebdo le mardi à 8h, semaine mardi 8h
frequency-monthly = le premier mardi du mois à 8 h
    .aliases = mensuel, mensuelle, mois, chaque mois
frequency-interval = toutes les deux minutes, le temps de la démonstration
    .aliases = démonstration, demo, minutes

wish-all-topics = tous les thèmes
wish-commitments = engagements { $numbers }
wish-everything = Toutes les nouvelles
wish-all-regions = toutes les régions

subscribe-last-week = La semaine dernière, vous auriez reçu : *{ $items ->
        [0] aucun article
        [one] { $items } article
       *[other] { $items } articles
    }, { $events ->
        [0] aucun évènement
        [one] { $events } évènement
       *[other] { $events } évènements
    }*
subscribe-last-week-empty = La semaine dernière, rien n’aurait correspondu à ce choix. Quand il n’y a rien à dire, rien n’est envoyé.
    Première lettre possible : { $first }.
subscribe-first = Première lettre : *{ $first }*.
subscribed = C’est noté : *{ $what }*.
    Votre première lettre : { $first }. Quand il n’y a rien à dire, rien n’est envoyé.
subscribed-channel = C’est noté pour ce canal : *{ $what }*.
    La première lettre : { $first }. Quand il n’y a rien à dire, rien n’est envoyé.
subscribe-same = Cet abonnement existe déjà : { $what }. Vous pouvez le retrouver avec /abonnements.
subscribe-too-many = Il y a déjà { $most } abonnements, le maximum. Arrêtez-en un avec /desabonner, puis recommencez.

subscriptions-title = *{ $count ->
        [one] Votre abonnement
       *[other] Vos { $count } abonnements
    }*
subscriptions-title-channel = *{ $count ->
        [one] L’abonnement de ce canal
       *[other] Les { $count } abonnements de ce canal
    }*
subscriptions-line = { $number }. { $what } — prochaine lettre : { $first }
subscriptions-barred = { $number }. { $what } — je ne peux pas écrire ici pour l’instant : { $why }. Nouvel essai : { $again }
subscriptions-paused = { $number }. { $what } — { $why }
subscriptions-none = Vous ne recevez encore rien.
subscriptions-none-channel = Ce canal ne reçoit encore rien.
subscriptions-ending = Vous n’avez rien demandé au Club depuis le { $since }. Sans signe de vous, { $count ->
        [one] votre abonnement s’arrêtera
       *[other] vos { $count } abonnements s’arrêteront
    } le { $end }. Un clic suffit à { $count ->
        [one] le garder
       *[other] les garder
    }.
subscriptions-ending-button = Continuer à recevoir
subscriptions-kept = C’est noté : vous continuez à recevoir les lettres du Club.
subscriptions-button = Voir les abonnements
subscription-pause-button = Pause { $number }
subscription-resume-button = Reprendre { $number }
subscription-stop-button = Arrêter { $number }
subscription-resume = Reprendre
subscription-paused = En pause : { $what }. À la reprise, une seule lettre dira l’essentiel.
subscription-resumed = C’est reparti : { $what }. Prochaine lettre : { $first }.
subscription-gone = Cet abonnement n’existe plus : rien n’a changé.
subscription-of-config = « { $what } » vient du fichier de configuration : il se change là, par la personne qui administre le Club.
unsubscribed = C’est arrêté : { $what }. Rien de ce qui attendait ne partira.

paused-by-person = en pause
paused-unreachable = arrêté : je ne peux plus écrire ici
paused-left-config = en pause : retiré du fichier de configuration
paused-gone = en pause : le site a retiré ce document pour de bon

unreachable-forbidden = on ne m’en donne pas le droit
unreachable-closed = le fil est fermé
barred-title = *Des lettres n’arrivent pas*
barred-place = – *{ $name }* ({ $place }) : je ne peux pas y écrire, { $why }. Nouvel essai : { $again }, puis de moins en moins souvent.
barred-more = … et { $count ->
        [one] un autre lieu.
       *[other] { $count } autres lieux.
    }
barred-next = Rien n’est perdu : la prochaine lettre dira aussi ce qui n’est pas arrivé. Rendez-moi le droit d’écrire là-bas ; « ecohub check » dit ce qui manque.

channel-not-managed = Dans un canal, seule une personne qui le gère peut régler ce qu’il reçoit. Écrivez-moi en privé pour vos propres abonnements. Réf. R-201
channel-no-rights = Je ne peux pas écrire ici : il me manque { $rights }. Demandez à la personne qui gère ce canal de me le permettre, puis relancez la commande. Réf. D-101
