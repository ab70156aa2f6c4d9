# La santé des sources, dite une fois à qui peut y faire quelque chose.

health-moderators = Équipe de modération
health-title = *Des nouvelles des sources*
health-dead = *{ $name }* ne se lit plus depuis le { $since }. { $why }
health-never = *{ $name }* n’a encore jamais pu être lue ; premier essai le { $since }. { $why }
health-gone = *{ $name }* a été retirée par le partenaire (code 410, trois fois de suite) : le Club ne la lit plus. Demandez-lui la nouvelle adresse.
    .partner = Votre site répond que *{ $name }* est retirée pour de bon (code 410, trois fois de suite) : le Club ne la lit plus. Donnez la nouvelle adresse à l’équipe du Club.
health-next = Prochain essai : { $next }.
health-next-and-last = Prochain essai : { $next }. Dernier article reçu : { $last }.
health-back = *{ $name }* se lit de nouveau. La panne durait depuis le { $since }.
health-more = … et { $count ->
        [one] une autre source.
       *[other] { $count } autres sources.
    } « /source etat » les montre toutes.
health-ours = { $count } sources ne se lisent plus, presque toutes à la fois : la panne est sans doute de notre côté. Vérifiez la connexion de la machine où tourne le hub.

health-day = *L’état des sources, { $day }*
health-day-more = … et { $count ->
        [one] une autre source.
       *[other] { $count } autres sources.
    } « ecohub sources list » les montre toutes.
health-day-failing = – *{ $name }*, en panne depuis le { $since } : { $why }
health-day-never = – *{ $name }*, jamais lue depuis le premier essai, le { $since } : { $why }
health-day-lost = Ce nom n’existe plus depuis { $days } jours : le site a sans doute fermé. Retirez la source, ou demandez la nouvelle adresse au partenaire.
health-day-gone = – *{ $name }* : retirée par le partenaire (code 410), le Club ne la lit plus. Changez son adresse, ou retirez-la.
health-day-silent = – *{ $name }* ne publie plus rien depuis le { $since }, alors qu’elle publiait régulièrement. Regardez son site : le flux a peut-être changé d’adresse.
health-day-moved = – *{ $name }* a changé d’adresse pour de bon (vu { $visits } fois depuis le { $since }). Dans le fichier de configuration, remplacez : url = "{ $old }" par : url = "{ $new }"
health-day-moved-chat = – *{ $name }* a changé d’adresse pour de bon (vu { $visits } fois depuis le { $since }). Ajoutez la nouvelle adresse, { $new }, puis mettez l’ancienne en pause.
