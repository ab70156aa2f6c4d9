# Qui a décidé quoi. Ni nom ni texte : des numéros et des rôles.

route-journal = journal
    .help = Les dernières décisions, vingt par page
    .aliases = decisions, décisions
    .title = Journal
journal-none = Rien n’est noté à cette page du journal.
journal-title = *Journal des décisions* — page { $page }
journal-newer = Plus récentes
journal-older = Plus anciennes
journal-line = { $at } — { $who } : { $what }
journal-hub = le Club
journal-someone = une personne (pseudonyme { $number })
journal-person = personne n° { $number }, { $role }

journal-button-refused = bouton refusé, il n’était pas valable là
journal-digest-now = lettre demandée tout de suite (n° { $subject })
journal-inquiry-answered = réponse donnée à la question Q-{ $subject }
journal-inquiry-asked = question Q-{ $subject } posée à une personne
journal-inquiry-reminded = question Q-{ $subject } rappelée
journal-letter-dead = la lettre n° { $subject } n’a pas pu partir
journal-letter-maybe-twice = la lettre n° { $subject } est peut-être arrivée deux fois
journal-letter-plain = la lettre n° { $subject } est partie sans mise en forme
journal-letter-uncertain = la lettre n° { $subject } est peut-être arrivée, on ne sait pas
journal-member-joined = devient membre
journal-role-given = rôle donné à la personne n° { $subject }
journal-role-taken = rôle retiré à la personne n° { $subject }
journal-source-added = source n° { $subject } ajoutée
journal-source-paused = source n° { $subject } mise en pause
journal-source-proposed = source proposée (proposition n° { $subject })
journal-source-refused = source refusée (proposition n° { $subject })
journal-source-resumed = source n° { $subject } reprise
journal-subscription-added = abonnement n° { $subject } commencé
journal-subscription-expired = abonnement n° { $subject } arrêté, sans nouvelles depuis trois ans
journal-subscription-paused = abonnement n° { $subject } en pause : on ne peut plus écrire là
journal-subscription-removed = abonnement n° { $subject } arrêté
journal-subscription-woken = abonnement n° { $subject } repris : on peut de nouveau écrire là
