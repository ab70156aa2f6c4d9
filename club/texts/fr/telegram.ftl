# Ce que Telegram demande de dire en plus : les groupes, les liens vers la conversation privée, les droits.

telegram-anonymous = Je ne peux pas savoir qui parle : le message est signé du groupe ou d’un canal. Désactivez « Rester anonyme » dans vos droits d’administrateur·rice, ou écrivez-moi en privé.
telegram-forwarded = Je ne lis pas les messages transférés : je ne sais pas qui les a voulus. Écrivez ou collez le texte vous-même.
telegram-words-only = Je ne lis que le texte, et les photos ou documents quand je les demande. Écrivez-moi votre réponse, ou tapez /aide.
telegram-about = [Pour « { $group } »]({ $link })
telegram-group-unnamed = ce groupe
telegram-waits = Je réponds en privé. Ouvrez la conversation et touchez « Démarrer » : ma réponse vous y attend un quart d’heure.
telegram-in-private = Je réponds en privé. Ouvrez la conversation, touchez « Démarrer », puis refaites votre demande ici.
telegram-open = Ouvrir la conversation
telegram-added = On vient de m’ajouter à *{ $group }*. Pour y envoyer la lettre, la personne qui administre le Club écrit dans la configuration : place = "{ $place }"
telegram-later = Telegram me demande d’attendre avant de vous répondre ici. Ce que vous avez validé est gardé : reprenez dans { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }.
telegram-here = Ce canal s’appelle *{ $place }*.
    Pour qu’il reçoive la lettre, la personne qui administre le Club écrit dans la configuration, sous [[channels]] : place = "{ $place }"
    Vous pouvez effacer ce message et le vôtre.
telegram-pointer = *{ $command }* — { $help }
telegram-card = Club ÉcoQuartier : s’abonner en privé
    .summary = Une carte avec un bouton, pour inviter à recevoir la lettre
telegram-card-text = *Club ÉcoQuartier*
    Les nouvelles et les rendez-vous des partenaires, par thème et par région, au rythme que vous choisissez.
telegram-card-button = Ouvrir le Club ÉcoQuartier
telegram-failed = Je n’ai pas pu vous répondre : un incident est survenu de mon côté. Réessayez dans un instant. Si cela se répète, signalez la référence { $reference }.

telegram-right-post = « Publier des messages »
telegram-right-send = « Envoyer des messages »
telegram-right-member = d’être membre

check-telegram-bot = Telegram : le robot @{ $bot } répond
check-telegram-no-groups = Telegram : @{ $bot } ne peut pas être ajouté à un groupe. Chez @BotFather : /mybots, @{ $bot }, « Bot Settings », « Allow Groups? », « Turn groups on ».
check-telegram-webhook = Telegram : un autre programme reçoit les messages de ce robot, à l’adresse { $url }. « ecohub run » reprendra la main au démarrage.
check-telegram-place = Telegram, { $name } : je peux y écrire
check-telegram-unsure = Telegram, { $name } : pas de réponse sûre pour le lieu { $place }. Relancez « ecohub check » dans un instant.
check-telegram-gone = Telegram, { $name } : le robot ne connaît pas le lieu { $place }. Ajoutez @{ $bot } à ce canal ou à ce groupe, puis tapez /ici dans le groupe pour lire son identifiant.
check-telegram-member = Telegram, { $name } : @{ $bot } n’en est pas membre. Dans Telegram : ouvrez le groupe, touchez son nom, « Ajouter », cherchez @{ $bot }.
check-telegram-out = Telegram, { $name } : @{ $bot } n’en est pas membre. Dans Telegram : ouvrez le canal, touchez son nom, « Administrateurs », « Ajouter un administrateur », cherchez @{ $bot }, puis cochez « Publier des messages ».
check-telegram-post = Telegram, { $name } : il manque le droit « Publier des messages ». Dans Telegram : ouvrez le canal, touchez son nom, « Administrateurs », « Ajouter un administrateur », @{ $bot }, puis cochez « Publier des messages ».
check-telegram-send = Telegram, { $name } : il manque le droit « Envoyer des messages ». Dans Telegram : ouvrez le groupe, touchez son nom, « Modifier », « Administrateurs », « Ajouter un administrateur », @{ $bot } ; ou bien « Permissions », « Envoyer des messages ».
check-telegram-topic = Telegram, { $name } : le sujet { $thread } n’existe plus dans ce groupe. Tapez /ici dans le bon sujet pour lire son identifiant.
check-telegram-closed = Telegram, { $name } : le sujet { $thread } est fermé, je ne peux pas y écrire. Dans Telegram : ouvrez le sujet, touchez son nom, puis « Rouvrir le sujet » dans le menu.
check-telegram-moved = Telegram, { $name } : ce groupe est devenu un supergroupe. Écrivez place = "{ $place }" dans la configuration.
