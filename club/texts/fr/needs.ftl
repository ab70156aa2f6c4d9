# Les formations : celles qui viennent, celles que l’on demande.

route-training-list = formation
    .help = Les formations à venir, par région et thème
    .aliases = formations
    .title = Les formations
route-need-add = besoin formation
    .help = Demander une formation ; vous serez prévenu·e quand une session s’ouvre
    .aliases = formation prevenir, formation prévenir, besoin
    .title = Demander une formation
route-need-drop = besoin retirer
    .help = Ne plus demander de formation
    .aliases = formation oublier
    .title = Ne plus demander
route-need-list = besoin liste
    .help = Les formations que l’on demande, à partir de cinq personnes
    .aliases = besoins
    .title = Les besoins de formation
field-need-theme = Thème
    .ask = Une formation sur quel thème ?
field-need-region = Région
    .ask = Dans quelle région ?

training-words = formation, formations, webinaire, stage, atelier
trainings = { $count ->
        [one] *Une formation à venir*
       *[other] *{ $count } formations à venir*
    }
trainings-none = Aucune formation n’est annoncée pour ces choix. Demandez-la : à cinq, les partenaires le savent.
need-button = Je voudrais une formation
need-noted = C’est noté : { $theme }, { $region }. Vous serez prévenu·e en premier quand une session s’ouvre. Je dis combien vous êtes à partir de { $least }.
need-counted = Vous êtes *{ $count }* à demander une formation : { $theme }, { $region }. Vous serez prévenu·e en premier quand une session s’ouvre.
need-dropped = { $count ->
        [0] Vous ne demandiez aucune formation.
        [one] C’est oublié.
       *[other] Ces { $count } demandes sont oubliées.
    }
need-none = Aucune formation n’est demandée par { $least } personnes ou plus pour l’instant.
need-title = *Les formations que l’on demande*
need-line = { $theme } · { $region } : { $count } personnes
need-opened = *Une formation que vous demandiez s’ouvre.*
