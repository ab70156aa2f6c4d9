# La ligne de commande, pour la personne qui fait tourner le hub.

cli-help = Le hub du Club ÉcoQuartier : lettres, agenda et échanges dans les messageries.
cli-config = Fichier de configuration (sinon ECOHUB_CONFIG, sinon config.toml ici).
    .metavar = FICHIER
cli-run = Fait tourner tout ce qui est configuré, jusqu’à l’arrêt demandé.
cli-demo = Démonstration sur cette machine : partenaires d’exemple, canaux, et une messagerie dans le navigateur.
cli-demo-port = Port de la page.
cli-demo-console = Dans le terminal plutôt que dans le navigateur.
cli-demo-reset = Repart de zéro : efface le dossier .demo.
cli-demo-open = Ouvrez { $url } dans un navigateur. Ctrl + C arrête.
cli-port-busy = Le port { $port } est déjà pris par un autre programme. Choisissez-en un autre, par exemple : make demo PORT=8770

cli-ready = prêt
cli-ready-simulator = simulateur { $url }
cli-ready-no-network = aucun réseau configuré
cli-ready-sources = { $count ->
        [0] aucune source
        [one] { $count } source
       *[other] { $count } sources
    }
cli-ready-channels = { $count ->
        [0] aucun canal
        [one] { $count } canal
       *[other] { $count } canaux
    }

storage-newer = La base de données est plus récente (révision { $found }) que ce programme (révision { $known }). Installez une version plus récente du hub, ou restaurez une sauvegarde.
storage-old = La base de données est en retard (révision { $found }, attendue : { $known }). Lancez : ecohub migrate
storage-corrupt = Le fichier { $file } n’est pas une base de données lisible. Rien n’a été modifié. Restaurez une copie de sauvegarde (les copies d’avant mise à jour sont à côté, nommées .before-…), ou déplacez ce fichier pour repartir de zéro.
storage-no-file = L’adresse de la base de données ne nomme pas de fichier. Écrivez par exemple : sqlite+aiosqlite:///data/ecohub.sqlite3
storage-file = Le fichier { $file } ne peut pas être ouvert ({ $why }). Vérifiez le dossier et ses droits.
storage-locked = Le fichier { $file } est occupé depuis trop longtemps par un autre programme. Fermez-le, puis recommencez.
storage-away = La base de données { $url } ne répond pas. Vérifiez qu’elle tourne et que l’adresse est juste.
storage-owned = Le hub tourne déjà sur cette base de données (processus { $pid }). Arrêtez-le d’abord, ou utilisez une autre base.
storage-broken-links = La mise à jour de la base a été annulée : { $count } liens y sont rompus. Restaurez une copie de sauvegarde.
