# La lettre : ce que reçoivent les membres et les canaux.

edition-title = *La lettre du Club ÉcoQuartier* · { $day }
edition-item = *{ $section }* · [{ $title }]({ $link }) — { $source }
edition-event = *{ $section }* · { $when } · [{ $title }]({ $link }) — { $source }
edition-relays = , aussi relayé par { $names }
edition-rest = … et { $count ->
        [one] une autre nouvelle dans la suite.
       *[other] { $count } autres nouvelles dans la suite.
    }
edition-rest-button = La suite ({ $count })
edition-rest-title = *La suite de la lettre*
edition-rest-part = *La suite de la lettre*, { $first } à { $last } sur { $count }
edition-rest-gone = La suite de cette lettre n’est plus gardée : elle date de plus d’un mois.
edition-page = [Lire cette lettre en ligne]({ $link })
edition-settings-button = Mes abonnements
news-untitled = (sans titre)

section-deadlines = Échéance
section-events = Évènement
section-trainings = Formation
section-experiences = Retour d’expérience
section-news = Actualité
section-resources = Ressource
section-answers = Réponse

event-cancelled = Annulé : { $title }
event-postponed = Reporté : { $title }
event-moved = { $now } (au lieu de : { $before })
event-days = du { $first } au { $last }
event-until = { $hour }, jusqu’au { $last }
event-overseas = { $local } ({ $region }), { $paris } à Paris
event-elsewhere = { $local } (heure locale), { $paris } à Paris
