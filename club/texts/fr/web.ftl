# Les pages publiques.

web-name = Club ÉcoQuartier
web-skip = Aller au contenu
web-menu = Rubriques
web-events = Évènements
web-letters = Lettres
web-footer = Ce que le Club ÉcoQuartier et ses partenaires annoncent. Ni cookie, ni mesure d’audience.
web-calendar = Agenda dans votre calendrier
web-follow = Suivre par un lecteur de flux
web-widget-link = Afficher l’agenda sur votre site

web-home = Ce que dit le Club en ce moment
web-home-lead = Les prochains rendez-vous et les dernières lettres, tels que les partenaires les publient.
web-next = À venir
web-next-all = Tout l’agenda
web-next-none = Rien n’est annoncé pour l’instant.
web-last = Les dernières lettres
web-last-all = Toutes les lettres
web-last-none = Aucune lettre n’a encore été publiée.
web-lines = { $count ->
        [one] une nouvelle
       *[other] { $count } nouvelles
    }
web-letter-lines = Les nouvelles
web-letter-rest = La suite
web-letters-name = Les lettres du Club ÉcoQuartier
web-agenda-name = Agenda du Club ÉcoQuartier
web-relays = aussi relayé par { $names }

web-region = Région
web-theme = Thème
web-everywhere = Toute la France
web-every-theme = Tous les thèmes
web-show = Afficher
web-when = Quand
web-where = Où
web-by = Par
web-map = plan
web-online = Se connecter
web-to-calendar = Ajouter à mon calendrier
web-organiser-page = Page de l’organisation
web-signup = Pour s’inscrire, dans la conversation avec le Club : /evenement inscrire { $code }

web-widget = L’agenda sur votre site
web-widget-lead = Une ligne à coller dans votre page : la liste des prochains évènements, sans cookie. Si le Club ne répond pas, la dernière liste reçue reste affichée.
web-widget-line = La ligne à copier
web-widget-preview = Ce qu’elle montre
web-widget-none = Rien n’est annoncé pour l’instant.
