# Qui a décidé quoi, et ce que cela a changé. Des personnes, seulement le numéro et le rôle.

route-journal = journal
    .help = Les dernières décisions et ce qu’elles ont changé, dix par page
    .aliases = decisions, décisions
    .title = Journal
journal-none = Rien n’est noté à cette page du journal.
journal-title = *Journal des décisions* — page { $page }
journal-newer = Plus récentes
journal-older = Plus anciennes
journal-line = { $at } — { $who } : *{ $what }*
journal-by-hub = le Club
journal-by-config = le fichier de configuration
journal-by-cli = une commande sur le serveur
journal-someone = une personne (pseudonyme { $number })
journal-person = personne n° { $number }, { $role }

journal-became = – { $what } : { $before } → { $after }
journal-fact = – { $what } : { $value }
journal-nothing = rien
journal-names-more = { $names } et { $count ->
        [one] une autre
       *[other] { $count } autres
    }

## Ce qui a changé
journal-of-name = Nom
journal-of-names = Noms
journal-of-address = Adresse
journal-of-partner = Partenaire
journal-of-region = Région
journal-of-regions = Régions
journal-of-when = Date
journal-of-place = Lieu
journal-of-family = Famille
journal-of-trusted = De confiance
journal-of-roles = Rôle
journal-of-question = Question
journal-of-answer = Réponse
journal-of-reference = Source
journal-of-state = État
journal-is-read = lue
journal-is-waiting = en attente d’une décision
journal-is-refused = refusée
journal-is-checking = validée, à l’essai
journal-is-live = en ligne
journal-is-open = en attente d’une réponse
journal-is-answered = répondue
journal-is-served = actif
journal-is-stopped = arrêté
journal-is-partner = une personne de plus agit pour elle
journal-is-published = publié
journal-is-cancelled = annulé
journal-is-taken = place réservée

## Ce qui a été fait
journal-button-refused = bouton refusé, il n’était pas valable là
journal-digest-now = lettre demandée tout de suite (n° { $subject })
journal-entry-live = entrée n° { $subject } mise en ligne dans la base
journal-entry-refused = entrée n° { $subject } refusée
journal-entry-validated = entrée n° { $subject } validée, rejouée avant sa mise en ligne
journal-entry-written = entrée n° { $subject } proposée pour la base
journal-event-accepted = évènement n° { $subject } accepté
journal-event-cancelled = évènement n° { $subject } annulé
journal-event-changed = évènement n° { $subject } modifié
journal-event-listed = liste des inscrits de l’évènement n° { $subject } demandée
journal-event-told = message aux inscrits de l’évènement n° { $subject }
journal-event-made = évènement n° { $subject } créé
journal-event-refused = évènement n° { $subject } refusé
journal-event-terms = inscriptions de l’évènement n° { $subject } modifiées
journal-signup-made = une personne s’inscrit à l’évènement n° { $subject }
journal-signup-withdrawn = une personne se désinscrit de l’évènement n° { $subject }
journal-inquiry-answered = réponse donnée à la question Q-{ $subject }
journal-inquiry-asked = question Q-{ $subject } posée à une personne
journal-inquiry-reminded = question Q-{ $subject } rappelée
journal-letter-dead = la lettre n° { $subject } n’a pas pu partir
journal-letter-maybe-twice = la lettre n° { $subject } est peut-être arrivée deux fois
journal-letter-plain = la lettre n° { $subject } est partie sans mise en forme
journal-letter-uncertain = la lettre n° { $subject } est peut-être arrivée, on ne sait pas
journal-member-joined = devient membre
journal-organisation-changed = organisation n° { $subject } modifiée
journal-organisation-invited = invitation donnée pour l’organisation n° { $subject }
journal-organisation-joined = une personne rejoint l’organisation n° { $subject }
journal-role-given = rôle donné à la personne n° { $subject }
journal-role-taken = rôle retiré à la personne n° { $subject }
journal-source-changed = source n° { $subject } modifiée
journal-source-added = source n° { $subject } ajoutée
journal-source-imported = sources ajoutées
journal-source-paused = source n° { $subject } mise en pause
journal-source-proposed = source proposée (proposition n° { $subject })
journal-source-refused = source refusée (proposition n° { $subject })
journal-source-resumed = source n° { $subject } reprise
journal-subscription-added = abonnement n° { $subject } commencé
journal-subscription-expired = abonnement n° { $subject } arrêté, sans nouvelles depuis trois ans
journal-subscription-barred = abonnement n° { $subject } : on ne laisse pas écrire là pour l’instant
journal-subscription-paused = abonnement n° { $subject } en pause : on ne peut plus écrire là
journal-subscription-removed = abonnement n° { $subject } arrêté
journal-subscription-woken = abonnement n° { $subject } repris : on peut de nouveau écrire là
