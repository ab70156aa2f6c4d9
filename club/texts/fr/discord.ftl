# Ce que le hub dit sur Discord seulement.

discord-more = (suite)
discord-choose = Choisir…
discord-tick = Cocher…
discord-slice = De « { $first } » à « { $last } »
discord-fill = Remplir
discord-refill = Tout revoir
discord-go-on = Continuer
discord-answer-waits = Votre réponse vous attend : elle n’est visible que par vous.
discord-read = Lire ma réponse
discord-not-yours = Cette réponse est pour la personne qui a posé la question. Posez la vôtre avec /aide.
discord-read-gone = Cette réponse n’est plus gardée : rien n’a changé. Reposez votre question, ou tapez / pour choisir une commande.
discord-other-server = Je ne sers pas ce serveur : rien n’a changé. Écrivez-moi en privé, ou depuis le serveur du Club.
discord-failed = Je n’ai pas pu vous répondre : un incident est survenu de mon côté. Réessayez dans un instant. Si cela se répète, signalez la référence { $reference }.

# Droits du robot, avec les mots de Discord
discord-right-view-channel = « Voir le salon »
discord-right-send-messages = « Envoyer des messages »
discord-right-send-messages-in-threads = « Envoyer des messages dans les fils »
discord-right-create-posts = « Créer des publications »

# Droits dont le robot peut se passer, et ce qui manque alors
discord-without-read-message-history = « Voir les anciens messages » (sans ce droit, il répond sans citer le message, et une publication de forum dont Discord n’a pas accusé réception peut paraître deux fois)
discord-without-attach-files = « Joindre des fichiers » (sans ce droit, un document ou un calendrier n’arrive qu’en lien)

# Ce que dit ecohub check
discord-check-token-good = Discord : le jeton est bon, le robot s’appelle { $name }.
discord-check-token = Discord : le jeton est refusé. Page « Bot » de votre application sur discord.com/developers, bouton « Reset Token », puis copiez le nouveau dans discord.token.
discord-check-away = Discord ne répond pas. Vérifiez la connexion de cette machine et discord.api_url.
discord-check-server = Discord : le robot n’est pas sur le serveur { $guild }. Invitez-le : { $invitation }
discord-check-channel = Discord : le salon « { $name } » ({ $place }) n’existe pas, ou le robot ne le voit pas. Tapez /ici dans le salon voulu pour avoir son identifiant ; s’il est privé : Modifier le salon, Permissions, ajoutez le robot.
discord-check-unsure = Discord : pas de réponse sûre pour #{ $name } ({ $place }). Relancez « ecohub check » dans un instant.
discord-check-good = Discord : le robot peut écrire dans #{ $name } ({ $place }).
discord-check-rights = Discord : dans #{ $name } ({ $place }), rien n’arrive : il manque au robot { $rights }. Modifier le salon, Permissions, le robot : cochez en vert.
discord-check-without = Discord : dans #{ $name } ({ $place }), la lettre arrive, mais le robot n’a pas { $rights }. Modifier le salon, Permissions, le robot : cochez en vert, ou laissez ainsi.
discord-check-locked = Discord : « { $name } » ({ $place }) est un fil verrouillé : rien n’y arrive. Rouvrez-le (clic droit sur le fil, Déverrouiller le fil) ou choisissez un autre lieu ; l’abonnement repart de lui-même.
discord-check-events = Discord : sur le serveur « { $guild } », le robot n’a pas « Créer des évènements » : les rendez-vous restent dans les salons, absents des évènements du serveur. Paramètres du serveur, Rôles, le rôle du robot : cochez ce droit, ou réinvitez-le : { $invitation }
