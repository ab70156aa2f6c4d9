# S’inscrire à un évènement, attendre une place, se désinscrire.

route-event-signup = evenement inscrire
    .help = S’inscrire à un évènement
    .aliases = évènement inscrire, événement inscrire, visite inscrire
    .title = S’inscrire
route-event-withdraw = evenement desinscrire
    .help = Se désinscrire d’un évènement ; la place va à la personne suivante
    .aliases = évènement désinscrire, événement désinscrire
    .title = Se désinscrire
route-event-join = inscription à un évènement
    .title = S’inscrire
route-event-answer = réponse à l’organisation
    .title = Répondre

field-signup-family = Famille
    .ask = Pour quelle famille venez-vous ?
field-signup-organisation = Structure
    .ask = Pour quelle structure ?
field-signup-shares = Qui voit quoi
    .ask = Qui peut voir votre nom et votre structure ?
field-signup-needs = Accès
    .ask = Y a-t-il quelque chose à prévoir pour que vous veniez dans de bonnes conditions (accès, langue des signes, repas…) ? Seule l’organisation le lira.
field-signup-answer = Réponse
    .ask = Votre réponse ? Seule l’organisation la lira.

family-authority-lines = collectivités
family-housing-lines = bailleurs Hlm
family-state-lines = État
family-other-lines = autres

signup-shares-organiser = L’organisation seulement
signup-shares-everyone = L’organisation, et ma structure aux autres personnes inscrites
signup-shares-nobody = Personne : je compte sans nom
signup-button = S’inscrire
signup-leave-button = Me désinscrire
signup-mine-button = Mes inscriptions
signup-consent = { $organiser } recevra la liste des personnes inscrites, avec ce que vous choisissez d’y mettre. Tout est effacé trois mois après l’évènement.
signup-done = *Votre place est réservée.*
signup-in-line = Complet ({ $taken } sur { $taken }). Vous êtes n° { $rank } en liste d’attente pour *{ $title }* ; je vous préviens dès qu’une place se libère.
signup-in-line-family = Complet. Vous êtes n° { $rank } en liste d’attente « { $family } » pour *{ $title }* ; je vous préviens dès qu’une place se libère.
signup-promoted = Une place s’est libérée : vous venez à *{ $title }*, { $when }. Si vous ne pouvez plus, dites-le : la place ira à la personne suivante.
signup-asked = L’organisation demande ({ $rank }/{ $count }) : « { $question } »
signup-answered = C’est noté.
signup-left = Vous n’êtes plus inscrit·e à *{ $title }*.
signup-none-yours = Vous n’êtes inscrit·e à aucun évènement à venir. /agenda les montre.
signup-yours = *Vos inscriptions*
signup-line-taken = { $title }, { $at } : place réservée
signup-line-waiting = { $title }, { $at } : en liste d’attente
signup-leave-one = Me désinscrire de { $code }
signup-nothing-open = Aucun évènement ne prend d’inscription en ce moment. /agenda montre ce qui vient.
signup-not-published = « { $title } » n’est pas encore publié : on ne peut pas s’y inscrire.
signup-cancelled = « { $title } » n’a pas lieu : on ne peut plus s’y inscrire.
signup-over = « { $title } » est passé : on ne peut plus s’y inscrire.
signup-elsewhere = Pour « { $title } », l’inscription se fait ici : { $page }
signup-none = « { $title } » est ouvert sans inscription : venez simplement.
signup-closed = Les inscriptions à « { $title } » sont closes.
signup-not-yours = Vous n’êtes pas inscrit·e à cet évènement : rien n’a changé.

places-of = { $taken } sur { $most }
places-open = { $taken ->
        [0] sans limite, personne encore
        [one] sans limite, une personne inscrite
       *[other] sans limite, { $taken } personnes inscrites
    }
places-family = { $family } { $taken }/{ $most }
places-others = autres { $count }
places-waiting = { $count ->
        [one] une personne attend
       *[other] { $count } personnes attendent
    }

signup-soon = Dans une semaine : *{ $title }*
signup-tomorrow = C’est demain : *{ $title }*
calendar-here = Voici *{ $title }* pour votre calendrier.

## Les personnes inscrites
route-event-registrants = evenement inscrits
    .help = La liste des personnes inscrites, en privé, dans un fichier
    .aliases = évènement inscrits, événement inscrits
    .title = Les personnes inscrites
route-event-announce = evenement prevenir
    .help = Écrire aux personnes inscrites
    .aliases = évènement prévenir, événement prévenir
    .title = Prévenir les personnes inscrites
route-event-tell = message aux personnes inscrites
    .title = Prévenir les personnes inscrites
field-event-announcement = Message
    .ask = Que voulez-vous leur dire ?
registrants = *{ $title }* : { $count ->
        [0] personne n’est inscrit.
        [one] une personne inscrite ({ $places }). La liste ne contient que ce que chacun·e a choisi d’y mettre.
       *[other] { $count } personnes inscrites ({ $places }). La liste ne contient que ce que chacun·e a choisi d’y mettre.
    }
registrants-told = *{ $title }* — { $organiser } vous écrit :
registrants-words = { $words }
registrants-will-tell = { $count ->
        [0] Personne n’est inscrit : rien ne partira.
        [one] Une personne recevra ceci, en privé :
       *[other] { $count } personnes recevront ceci, en privé :
    }
registrants-told-done = { $count ->
        [0] Personne n’est inscrit : rien n’est parti.
        [one] Une personne est prévenue.
       *[other] { $count } personnes sont prévenues.
    }
registrants-too-soon = Vous venez de leur écrire. Prochain message possible : { $next }.
registrants-who = *{ $title }* : { $count ->
        [one] une personne vient.
       *[other] { $count } personnes viennent.
    }
registrants-who-line = { $name } : { $count }
registrants-who-button = Qui vient ?
column-name = Nom
column-organisation = Structure
column-family = Famille
column-seat = Place
column-needs = À prévoir
column-made-at = Inscription
column-came = Présence
seat-taken = réservée
seat-waiting = en attente
seat-withdrawn = annulée

## Ce que décide l’organisation
field-terms-how = Inscription
    .ask = Comment s’inscrit-on ?
field-terms-places = Places
    .ask = Combien de places ? Un nombre, ou des places par famille : « 10 collectivités, 8 Hlm, 4 État ». Passez s’il n’y a pas de limite.
field-terms-release = Libération
    .ask = À partir de quel jour les places gardées pour une famille sont-elles à tout le monde ?
field-terms-closing = Date limite
    .ask = Jusqu’à quel jour peut-on s’inscrire ?
field-terms-page = Page d’inscription
    .ask = À quelle adresse s’inscrit-on ?
field-terms-questions = Questions
    .ask = Que voulez-vous demander aux personnes inscrites ? Une question par ligne, trois au plus.
terms-way-here = ici, par le Club
terms-way-elsewhere = sur une autre page
terms-way-none = sans inscription
terms-no-places = Je ne comprends pas « { $found } ». Écrivez un nombre, ou « 10 collectivités, 8 Hlm, 4 État ».
terms-too-many-questions = { $found } questions, c’est trop : trois au plus.
terms-page-missing = Il manque l’adresse de la page d’inscription. J’ai gardé le reste.
terms-closing-late = La date limite vient après l’évènement (le { $day }). Donnez un jour d’avant.
terms-preview = Places : { $places }
terms-set = Inscriptions de *{ $title }* : { $places }. { $count ->
        [0] {""}
        [one] Une personne qui attendait a une place et le sait.
       *[other] { $count } personnes qui attendaient ont une place et le savent.
    }
