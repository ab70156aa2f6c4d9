# La page du simulateur : une messagerie dans le navigateur, sur cette machine seulement.

simulator-title = Club ÉcoQuartier
simulator-subtitle = simulateur de messagerie
simulator-skip = Aller au message

simulator-people = Personnes
simulator-people-hint = Choisissez qui vous êtes.
simulator-channels = Canaux
simulator-channels-filter = Canal affiché
simulator-channels-all = Tous
simulator-channels-empty = Rien n’a encore été publié ici. Les lettres arriveront d’elles-mêmes.
simulator-private = Conversation privée
simulator-private-empty = Vous parlez ici avec le Club, sans témoin. Pour commencer :
simulator-views = Vues

simulator-message = Message
simulator-send = Envoyer
simulator-where = Écrire dans
simulator-where-private = Conversation privée
simulator-placeholder = Écrivez, ou tapez /
simulator-commands = Commandes
simulator-keyboard = Entrée envoie, Maj + Entrée va à la ligne.

simulator-hub = Le Club
simulator-only-you = visible par vous seul·e
simulator-writing = Le Club écrit…
simulator-actions = Actions
simulator-optional = facultatif
simulator-no-choice = Choisir…
simulator-no-preference = Sans préférence
simulator-file-drop = Choisissez un fichier, ou déposez-le ici.
simulator-file-sending = Envoi du fichier…
simulator-file-kept = Fichier joint.
simulator-file-too-big = Ce fichier dépasse 10 Mo : il n’est pas joint. Réduisez-le, puis choisissez-le à nouveau.
simulator-new = Nouveaux messages
simulator-unread = nouveau

simulator-lost = Connexion perdue, nouvel essai…
simulator-connected = Connecté
simulator-full = Rien ne peut être noté pour le moment (disque plein ?). Votre message attend, nouvel essai…
simulator-refused = Votre message n’est pas parti : il n’est pas lisible ou il est trop long. Raccourcissez-le, puis renvoyez-le.
simulator-no-file = Ce fichier n’est pas ici : l’adresse est incomplète, ou la mémoire du simulateur a été remise à zéro. Redemandez-le au Club.
simulator-forbidden = Cette page n’est pas la vôtre : ouvrez l’adresse affichée au démarrage du simulateur.
simulator-failed = Je n’ai pas pu vous répondre : un incident est survenu de mon côté. Réessayez dans un instant. Si cela se répète, signalez la référence { $reference }.

simulator-role-visitor = visite
simulator-role-member = membre
simulator-role-partner = partenaire
simulator-role-moderator = modération
simulator-role-editor = édition
simulator-role-admin = administration
