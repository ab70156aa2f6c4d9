# La ligne de commande, pour la personne qui fait tourner le hub.

cli-help = Le hub du Club ÉcoQuartier : lettres, agenda et échanges dans les messageries.
    .metavar = COMMANDE [ARGUMENTS]…
cli-config = Fichier de configuration (sinon ECOHUB_CONFIG, sinon config.toml ici).
    .metavar = FICHIER
cli-run = Fait tourner tout ce qui est configuré, jusqu’à l’arrêt demandé.
cli-demo = Démonstration sur cette machine, dans le navigateur. Partenaires d’exemple, canaux et messagerie ; rien ne sort d’ici.
cli-demo-port = Port de la page, de 1 à 65535.
cli-demo-console = Dans le terminal plutôt que dans le navigateur.
cli-demo-reset = Repart de zéro : efface le dossier .demo.
cli-demo-open = Ouvrez { $url } dans un navigateur. Ctrl + C arrête.
cli-port-busy = Le port { $port } est déjà pris par un autre programme. Choisissez-en un autre, par exemple : make demo PORT=8770

cli-ready = prêt
cli-ready-simulator = simulateur { $url }
cli-ready-web = état { $url }
cli-ready-pages = pages publiques { $url }
cli-ready-closed = { $network } fermé ({ $why }), nouvel essai bientôt
cli-ready-answers = FAQ en préparation
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

storage-newer = La base de données est plus récente (révision { $found }) que ce programme (révision { $known }). Installez une version plus récente du hub, ou remettez une sauvegarde d’avant : ecohub restore FICHIER
storage-old = La base de données est en retard (révision { $found }, attendue : { $known }). Lancez : ecohub migrate
storage-corrupt = Le fichier { $file } n’est pas une base de données lisible. Rien n’a été modifié. Restaurez une sauvegarde : ecohub restore FICHIER (les copies d’avant mise à jour sont à côté, nommées .before-…), ou déplacez ce fichier pour repartir de zéro.
storage-no-file = L’adresse de la base de données ne nomme pas de fichier. Écrivez par exemple : sqlite+aiosqlite:///data/ecohub.sqlite3
storage-file = Le fichier { $file } ne peut pas être ouvert ({ $why }). Vérifiez le dossier et ses droits.
storage-folder = Le fichier { $file } ne peut pas être créé : le dossier { $folder } n’existe pas. Corrigez « url » dans la section [database], ou créez ce dossier : mkdir -p { $folder }
storage-simulator = Le fichier { $file } n’est pas la mémoire du simulateur. Rien n’a été modifié. Déplacez-le : un nouveau sera créé au démarrage.
storage-locked = Le fichier { $file } est occupé depuis trop longtemps par un autre programme. Fermez-le, puis recommencez.
storage-away = La base de données { $url } ne répond pas. Vérifiez qu’elle tourne et que l’adresse est juste.
storage-owned = Le hub tourne déjà sur cette base de données (processus { $pid }). Arrêtez-le d’abord, ou utilisez une autre base.
storage-broken-links = La mise à jour de la base a été annulée : { $count } liens y sont rompus. Restaurez une copie de sauvegarde.
storage-readonly = Le fichier { $file } ne peut pas être écrit. Vérifiez ses droits, ceux de son dossier, et le compte qui lance le hub.
storage-full = Le fichier { $file } ne peut plus grandir : le disque est plein ou abîmé. Libérez de la place, puis recommencez.

## Ce que toutes les commandes partagent

cli-verbose = Écrit aussi sur la sortie d’erreur ce que fait le programme.
cli-version = Affiche la version.
cli-json = Donne le résultat en JSON, pour un autre programme.
cli-name = NOM
cli-address = ADRESSE
cli-file = fichier
cli-quoted = « { $words } »
cli-port-wrong = « { $found } » n’est pas un numéro de port : un nombre entier de 1 à 65535.
cli-opml = FICHIER.opml
cli-region = RÉGION
cli-unexpected = Un imprévu a arrêté la commande. Relancez-la avec « ecohub --verbose … » pour en voir le détail, à joindre à un signalement. Réf. { $reference }
cli-system = { $file } : { $why }. Corrigez cela, puis recommencez.
cli-system-eacces = l’accès est refusé à ce compte
cli-system-eperm = l’accès est refusé à ce compte
cli-system-enoent = ce chemin n’existe pas
cli-system-eisdir = c’est un dossier
cli-system-eexist = un fichier porte déjà ce nom
cli-system-enotdir = une partie de ce chemin n’est pas un dossier
cli-system-enospc = le disque est plein
cli-system-erofs = ce disque est en lecture seule
cli-run-port-busy = Le port { $port } est déjà pris par un autre programme. Arrêtez-le, ou changez la clé « port » de la section [{ $section }].
cli-run-not-followed = La configuration n’est pas relue : le hub continue avec celle qu’il avait.
cli-failing = { $count ->
        [one] { $count } source en échec :
       *[other] { $count } sources en échec :
    }
cli-failing-source = – { $name } : { $why }

## check et migrate

cli-check = Vérifie configuration, base et réseaux sans rien démarrer.
cli-check-well = ✓
cli-check-wrong = ✗
cli-check-note = !
cli-check-config = Configuration : { $file }
cli-check-config-none = Configuration : aucun fichier, les valeurs par défaut servent. Pour choisir les vôtres : cp config.example.toml config.toml
cli-check-database = Base de données : { $url }, révision { $revision }, lisible et modifiable
cli-check-database-new = Base de données : { $file } n’existe pas encore ; elle sera créée au premier démarrage.
cli-check-sources = Sources : { $count }
cli-check-sources-none = Sources : aucune. Ajoutez-en avec « ecohub sources add », ou [[sources]] dans le fichier.
cli-check-sources-failing = Sources en échec : { $count }. « ecohub sources list » dit pourquoi.
cli-check-sources-doubled = Sources qui lisent la même adresse, { $url } : { $names }. Gardez-en une.
cli-check-channels = Canaux : { $count }
cli-check-channels-none = Canaux : aucun. Ajoutez [[channels]] dans le fichier pour qu’un canal reçoive la lettre.
cli-check-channel-switch = Canal « { $name } » : le réseau { $network } est éteint. Mettez enabled = true dans la section [{ $section }], ou changez le lieu du canal.
cli-check-channel-network = Canal « { $name } » : cette version ne parle pas encore le réseau { $network }, rien n’y sera envoyé. Changez son lieu, ou installez une version qui le parle.
cli-check-channel-off = Canal « { $name } » : le réseau { $network } est éteint. Ajoutez la section [{ $section }] dans le fichier, ou changez le lieu du canal.
cli-check-moderators = équipe de modération
cli-check-channel-unreachable = Canal « { $name } » : en pause, je n’ai pas pu y écrire. Rendez-moi l’accès (voir la ligne de son réseau) et je reprends ; sinon redémarrez le hub, ou touchez « Reprendre » dans /abonnements là-bas.
cli-check-channel-barred = « { $name } » : je ne peux pas y écrire depuis le { $since }, { $why }. Nouvel essai : { $again } ; la lettre suivante dira ce qui n’est pas arrivé. Rendez-moi le droit d’y écrire (voir la ligne de son réseau).
cli-check-moved = « { $name } » : ce groupe a un nouvel identifiant, je le suis. Dans la configuration, remplacez "{ $old }" par "{ $new }".
cli-check-closed = { $network } : { $why }. Vérifiez la connexion de cette machine, et la clé « api_url » de la section [{ $section }].
cli-check-token = { $network } : le jeton est refusé. Copiez-le de nouveau dans la clé « token » de la section [{ $section }].
cli-check-running = Le hub tourne (processus { $pid }).
cli-check-simulator-off = { $network } : éteint
cli-check-simulator = Simulateur : allumé, le port { $port } est libre
cli-check-web = Web : { $url } dit si le hub va bien
cli-check-web-hook = Web : { $url } dit si le hub va bien ; le webhook de Telegram arrive au même endroit
cli-check-unspoken = { $network } : cette version ne parle pas encore ce réseau, la section [{ $section }] ne sert à rien. Retirez-la, ou installez une version qui le parle.
cli-check-unused = { $what } : cette version ne s’en sert pas encore, ces réglages sont sans effet.
cli-migrate = Met la base de données à jour. Sans effet si elle l’est déjà.
cli-migrated = La base { $database } est à jour (révision { $revision }).

## collect et entries

cli-collect = Lit une fois les sources dont c’est l’heure.
cli-collect-all = Lit toutes les sources, sauf celles qui ont demandé d’attendre.
cli-collect-progress = Lecture des sources
cli-collect-nothing = Aucune source à lire pour le moment. Avec --all, toutes sont lues sans attendre leur heure.
cli-collect-done = { $visited ->
        [one] { $visited } source lue
       *[other] { $visited } sources lues
    } : { $new ->
        [0] rien de nouveau
        [one] { $new } nouveauté
       *[other] { $new } nouveautés
    }{ $changed ->
        [0] {""}
        [one] , { $changed } mise à jour
       *[other] , { $changed } mises à jour
    }.
cli-collect-skipped = { $count ->
        [one] { $count } entrée illisible a été laissée de côté.
       *[other] { $count } entrées illisibles ont été laissées de côté.
    }
cli-collect-skipped-source = { $count ->
        [one] – { $name } : { $count } entrée illisible
       *[other] – { $name } : { $count } entrées illisibles
    }
cli-entries = Montre ce qui a été lu ces trente derniers jours.
cli-entries-all = Montre tout ce qui est gardé.
cli-entries-none = Aucune entrée. Lisez d’abord les sources : ecohub collect
cli-column-date = Date
cli-column-source = Source
cli-column-title = Titre
cli-column-name = Nom
cli-column-partner = Partenaire
cli-column-address = Adresse
cli-column-state = État

## sources

cli-sources = Montre, ajoute, échange et essaie les sources.
cli-sources-list = Montre les sources et comment elles vont.
cli-sources-none = Aucune source. Ajoutez-en avec « ecohub sources add », ou [[sources]] dans le fichier.
cli-sources-untried = pas encore lue
cli-sources-well = va bien, lue le { $at }
cli-sources-moved = (adresse déplacée pour de bon vers { $url }, vu depuis le { $since })
cli-sources-feed = (flux trouvé : { $url })
cli-sources-add = Ajoute une source, lue à la prochaine collecte.
cli-sources-name = Le nom sous lequel la source est connue.
cli-sources-kind = Ce qu’est le document ; auto le regarde, et cherche le flux si c’est une page.
cli-sources-partner = Le partenaire qui la publie.
cli-sources-region = Région, par code INSEE ou par nom ; rien pour une source nationale.
cli-sources-trusted = Préférée pour raconter ce que plusieurs sources relaient.
cli-sources-added = « { $name } » est ajoutée. Elle sera lue à la prochaine collecte : ecohub collect
cli-sources-taken = Rien n’est ajouté : le nom « { $name } » ou l’adresse { $url } est déjà parmi les sources. « ecohub sources list » les montre.
cli-sources-import = Ajoute les sources d’une liste OPML.
cli-sources-imported = { $added ->
        [0] Aucune source ajoutée
        [one] { $added } source ajoutée
       *[other] { $added } sources ajoutées
    }, { $known ->
        [one] { $known } déjà connue
       *[other] { $known } déjà connues
    }, { $refused ->
        [one] { $refused } refusée
       *[other] { $refused } refusées
    }.
cli-sources-export = Écrit les sources actives en une liste OPML.
cli-sources-title = Sources du hub du Club ÉcoQuartier
cli-sources-test = Montre ce qui serait lu à une adresse, sans rien garder.
cli-sources-read-no-event = Aucun évènement à venir dans cet agenda.
cli-sources-read-nothing = Aucune entrée à cette adresse pour le moment.
cli-sources-read = { $title } : { $items ->
        [one] { $items } article
       *[other] { $items } articles
    }, { $events ->
        [one] { $events } évènement
       *[other] { $events } évènements
    }.
trouble-opml = Ce fichier n’est pas une liste OPML. Exportez vos sources au format OPML depuis votre lecteur de flux.
trouble-opml-empty = Cette liste OPML ne contient aucune source.
trouble-opml-entity = Cette liste OPML déclare des entités, ce que le Club refuse. Exportez-la de nouveau depuis votre lecteur de flux.
trouble-opml-big = Cette liste OPML dépasse { $megabytes } Mo. Coupez-la en plusieurs fichiers.

## digest

cli-digest = Montre ou envoie la lettre des canaux.
cli-digest-preview = Montre ce que chaque canal recevrait maintenant.
cli-digest-send = Envoie la lettre sans attendre son heure.
cli-digest-channel = Un canal, par son nom ou son lieu ; l’option se répète.
cli-digest-all = Tous les canaux.
cli-digest-title = { $name } ({ $place }), prochaine lettre prévue : { $first }
cli-digest-empty = Rien de nouveau depuis : { $since }. Rien ne partirait.
cli-digest-no-channel = Aucun canal ne reçoit la lettre. Ajoutez [[channels]] dans le fichier de configuration.
cli-digest-unknown = aucun canal actif ne s’appelle « { $name } ». Canaux actifs : { $known }.
cli-digest-whom = Dites à qui : --channel NOM (autant de fois qu’il faut), ou --all. L’un ou l’autre.
cli-digest-served = { $name } : déjà envoyée pour ce créneau, rien n’est ajouté.
cli-digest-sent = { $count ->
        [0] Aucune lettre nouvelle.
        [one] { $count } lettre composée.
       *[other] { $count } lettres composées.
    }
cli-digest-waiting = { $count ->
        [0] Rien n’attend dans la boîte d’envoi.
        [one] { $count } lettre attend dans la boîte d’envoi ; le hub la remet dès qu’il tourne.
       *[other] { $count } lettres attendent dans la boîte d’envoi ; le hub les remet dès qu’il tourne.
    }

## render

cli-render = Montre comment des textes quitteraient la maison.
cli-render-jsonl = Une ligne JSON par texte en entrée, une par réponse en sortie.
cli-render-source = Partenaire
cli-render-unreadable = Cette ligne n’est pas un objet JSON avec id, surface, slot, text et url.
cli-render-empty = Il n’y a rien à lire dans ce texte : il ne part pas.
cli-render-no-slot = Emplacement inconnu. Connus : digest_title, event_title, submission, faq_question.
cli-render-no-surface = Surface inconnue. Connues : telegram, discord, matrix, web, csv, ics, atom.
cli-render-not-built = Cette version ne parle pas encore sur cette surface.

## backup et restore

cli-backup = Copie la base SQLite dans un fichier, le hub pouvant tourner.
cli-backup-done = Sauvegarde faite et relue : { $file } ({ $kilobytes } ko, révision { $revision }). Gardez-la sur une autre machine, avec votre config.toml.
cli-restore = Remet une sauvegarde à la place de la base, le hub étant arrêté.
cli-restore-check = Relit seulement la sauvegarde, sans rien changer.
cli-restore-checked = { $file } peut être remise en place ({ $kilobytes } ko, révision { $revision }). Rien n’a été modifié.
cli-restore-done = La base est maintenant celle de la sauvegarde { $file } (révision { $revision }).
cli-restore-kept = Celle d’avant est gardée à côté : { $file }
cli-restore-held = { $count ->
        [one] { $count } lettre attendait dans cette sauvegarde ; elle est peut-être partie depuis : elle est mise de côté et ne partira pas.
       *[other] { $count } lettres attendaient dans cette sauvegarde ; elles sont peut-être parties depuis : elles sont mises de côté et ne partiront pas.
    }
backup-postgres = Cette base est sur un serveur PostgreSQL. Sauvegardez-la avec pg_dump, et remettez-la avec pg_restore : docs/exploiter.md en donne les commandes.
backup-foreign = Le fichier { $file } n’est pas une sauvegarde du hub. Rien n’a été modifié. Choisissez un fichier écrit par « ecohub backup ».
backup-broken = Le fichier { $file } est abîmé : sa relecture a échoué. Rien n’a été modifié. Choisissez une autre sauvegarde.
backup-newer = La sauvegarde { $file } vient d’un programme plus récent (révision { $found }) que celui-ci (révision { $known }). Rien n’a été modifié. Installez une version plus récente du hub, puis recommencez.
storage-missing = Il n’y a pas encore de base de données : { $file } n’existe pas. Vérifiez que vous nommez la bonne configuration.

cli-ask = Répond à une question sur la démarche, avec ses sources.
cli-question = QUESTION
cli-ask-batch = Lit une question JSON par ligne, avec « id » et « q », et répond de même.
cli-ask-which = Donnez une question entre guillemets, ou --batch et des lignes JSON sur l’entrée standard, ou --tune.
cli-ask-preparing = Je prépare la base de connaissances (une seule fois)…
cli-ask-tune = Mesure sur les questions déjà triées à partir de quand répondre, et garde ces seuils.
cli-ask-tuning = Je mesure, sur les questions déjà triées…
cli-ask-tuned = Sur { $inside } questions de la base et { $outside } questions hors sujet : bonne entrée en premier { $first } %, parmi trois { $among_three } % ; réponse directe juste { $right } %, fausse { $wrong } % ; hors sujet répondu { $answered_outside } %.
cli-ask-tuned-kept = Seuils gardés dans { $file } ; ils comptent au prochain démarrage.
cli-ask-unreadable = Cette ligne n’est pas une question : il faut un objet JSON avec « id » et « q ».
cli-ask-source = Source : { $title } ({ $version }), { $url } ; vérifié le { $checked }.
cli-ask-near = — { $question }
