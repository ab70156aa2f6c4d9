# Ce que dit le programme quand la configuration ne va pas : où, ce qui est trouvé, ce qui est attendu, le nom voisin.

config-line = { $where } : { $said }
config-where-line = { $file }, ligne { $line }
config-where-variable = variable { $variable }
config-fault = « { $found } » trouvé ; attendu : { $expected }.
config-fault-missing = rien n’est indiqué ; attendu : { $expected }.
config-nearest = { $said } Vouliez-vous dire « { $nearest } » ?

# Ce qui est attendu

config-want-key = une clé connue ({ $keys })
config-want-section = une section avec ses clés
config-want-tables = une suite de tableaux, un par entrée
config-want-unique = un nom qui ne sert qu’une fois
config-want-unique-place = un lieu qui ne sert qu’une fois (un canal par lieu)
config-want-unique-url = une adresse qui ne sert qu’une fois
config-want-secret = un texte secret, non vide
config-want-secret-file = le chemin d’un fichier lisible qui contient le secret
config-want-database = une adresse « sqlite+aiosqlite:///fichier » ou « postgresql+asyncpg://… »
config-want-url = une adresse complète en http:// ou https://, sans mot de passe
config-want-line = un texte d’une ligne, de 1 à 200 caractères
config-want-note = un texte de 200 caractères au plus
config-want-switch = true ou false
config-want-whole = un nombre entier entre { $ge } et { $le }
config-want-bytes = un nombre d’octets entre { $ge } et { $le }
config-want-seconds = un nombre de secondes entre { $ge } et { $le }
config-want-minutes = un nombre de minutes entre { $ge } et { $le }
config-want-webhook-secret = un secret fait de lettres sans accent, de chiffres, de - ou de _, 256 au plus
config-want-roles = des rôles du serveur par identifiant, par exemple « "123456789012345678" = "partenaire" »
config-want-ident = un identifiant fait de chiffres
config-want-hosts = des entrées « hôte:port », par exemple « 127.0.0.1:8080 »
config-want-embedding = use, e5, none ou http
config-want-faq-url = l’adresse du serveur qui compare les questions, puisque embedding = "http"
config-want-resident = un identifiant de 32 caractères au plus : petites lettres sans accent, chiffres, - ou _
config-want-role = membre, partenaire, modérateur·rice, éditeur·rice ou administrateur·rice
config-want-zone = un fuseau horaire, par exemple « Europe/Paris »
config-want-accounts = des comptes « réseau:identifiant », par exemple « discord:1234 »
config-want-place = un lieu « réseau:identifiant » ou « réseau:identifiant:fil » ; réseaux connus : telegram, discord, matrix, simulator, console
config-want-places = des lieux « réseau:identifiant » ; réseaux connus : telegram, discord, matrix, simulator, console
config-want-rate = un nombre de messages par seconde, entre 0,01 et 100 000
config-want-flights = un nombre entier de messages, entre 1 et 64
config-want-doubt = resend (renvoyer) ou hold (mettre de côté)
config-want-topics = des engagements (1 à 20) ou des thèmes, par exemple « 17 » ou « eau »
config-want-regions = des régions, par code INSEE ou par nom, par exemple « 76 » ou « Occitanie »
config-want-region = une région, par code INSEE ou par nom, ou rien pour une source nationale
config-want-rhythm = quotidien, hebdomadaire, mensuel ou intervalle (daily, weekly, monthly, interval)
config-want-hour = une heure, par exemple « 08:00 » ou « 8h30 »
config-want-day = un jour de la semaine, par exemple « mardi »
config-want-no-day = rien : le jour ne compte qu’à un rythme hebdomadaire ou mensuel
config-want-no-minutes = rien : les minutes ne comptent qu’au rythme « intervalle »
config-want-kind = auto, feed, jsonfeed, ics ou page

# Ce qui empêche de lire la configuration

config-bad-absent = ce fichier n’existe pas. Copiez config.example.toml et adaptez-le, ou corrigez le chemin.
config-bad-unreadable = ce fichier ne peut pas être lu. Vérifiez que c’est un fichier et que vous en avez le droit.
config-bad-encoding = ce fichier n’est pas écrit en UTF-8. Enregistrez-le en UTF-8.
config-bad-toml = cette ligne n’est pas du TOML. Vérifiez les guillemets, les crochets et le signe « = » ; le reste du fichier n’a pas été lu.
config-bad-depth = ce fichier emboîte trop de tableaux.
config-bad-table = { $table } s’écrit dans le fichier, pas dans l’environnement.
config-bad-twice = ce secret est aussi donné par { $other }. Gardez l’une des deux variables.

# Ce qui est permis et peu sage, dit au démarrage

config-warn-readable = { $file } contient un secret et tout le monde peut le lire sur cette machine. Faites : chmod 600 { $file }
config-warn-simulator = Le simulateur est ouvert sur 127.0.0.1:{ $port } : toute personne qui atteint ce port peut y agir en administrateur·rice.

# Mots acceptés dans le fichier, en plus de l’anglais ; les variantes sont séparées par des virgules

config-rhythm-daily = quotidien, quotidienne, jour
config-rhythm-weekly = hebdomadaire, hebdo, semaine
config-rhythm-monthly = mensuel, mensuelle, mois
config-rhythm-interval = intervalle
config-day-monday = lundi
config-day-tuesday = mardi
config-day-wednesday = mercredi
config-day-thursday = jeudi
config-day-friday = vendredi
config-day-saturday = samedi
config-day-sunday = dimanche
config-role-visitor = visiteur·euse, visiteur, visiteuse
config-role-member = membre
config-role-partner = partenaire
config-role-moderator = modérateur·rice, modérateur, modératrice
config-role-editor = éditeur·rice, éditeur, éditrice, rédacteur·rice, rédacteur, rédactrice
config-role-admin = administrateur·rice, administrateur, administratrice
