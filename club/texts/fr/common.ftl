# Ce que disent le routeur et les formulaires, quelle que soit la fonctionnalité.

## Formulaires
form-step = *Étape { $step }/{ $steps }*
form-given = Réponse gardée : { $value }
form-back = Retour
form-skip = Passer
form-cancel = Annuler
form-done = Terminé
form-preview = Aperçu
form-send = Envoyer
form-keep = Garder cette réponse
form-resume = Reprendre : { $title }
form-none = Sans préférence
form-blank = (vide)
form-files = { $count ->
        [one] un fichier joint
       *[other] { $count } fichiers joints
    }
form-to-complete = ⚠ à compléter
form-gone = (n’est plus proposé)
form-waiting = Il reste à valider, à modifier ou à annuler.
form-check = *Vérifiez avant de valider*
form-recap = { $label } : *{ $value }*
form-confirm = Valider
form-edit = Modifier : { $label }
cancel-nothing = Rien n’est ouvert : il n’y a rien à annuler.
form-cancelled = Annulé. Rien n’a changé.
chooser-left = Choix expirés, rien n’a changé.
chooser-left-again = Choix expirés, rien n’a changé. { $command } pour reprendre.
draft-gone = Ce choix n’est plus ouvert : rien n’a changé. Vous pouvez relancer la commande.

## Réponses qui ne conviennent pas
field-too-short = C’est un peu court : { $found ->
        [0] rien n’a été écrit
        [one] { $found } caractère
       *[other] { $found } caractères
    }, il en faut au moins { $least }. Complétez votre réponse.
field-too-long = C’est trop long : { $found } caractères, le maximum est { $most }. Raccourcissez votre réponse.
field-no-number = « { $found } » n’est pas un nombre entier de neuf chiffres au plus. Écrivez un nombre, par exemple 2.
field-ambiguous-number = « { $found } » peut désigner plusieurs choses. Écrivez le nom plutôt que le numéro.
choice-yes = oui
    .aliases = o, ok, d’accord, yes
choice-no = non
    .aliases = n, pas du tout, no
field-file-wanted = J’attends une photo ou un document. Joignez-le à votre message, ou annulez.
field-no-file = Je n’attends pas de fichier ici. Écrivez votre réponse, ou annulez.
field-empty = Cette réponse est nécessaire. Choisissez ou écrivez une valeur, ou annulez.
field-missing = Il manque une réponse : { $label }. Le reste est gardé.
field-unknown-choice = « { $found } » n’est pas dans la liste. Choisissez une des réponses proposées.
field-unknown-choice-near = « { $found } » n’est pas dans la liste. Vouliez-vous dire « { $near } » ?
field-choice-gone = { $label } : ce choix n’est plus proposé. Choisissez une autre réponse, ou annulez.
field-several-choices = « { $found } » peut désigner plusieurs réponses : { $names }. Précisez laquelle.

## Commandes et boutons
command-unknown = Je ne connais pas la commande { $typed }.
command-near = Je ne connais pas la commande { $typed }. Vouliez-vous dire { $near } ?
command-words-over = Je n’ai pas compris « { $words } ». La commande s’écrit ainsi : { $command }
button-unknown = Ce bouton n’est pas valable ici : rien n’a changé. Relancez la commande. Réf. R-101
flood-told = Trop de demandes : prochaine possible dans { $seconds ->
        [one] une seconde
       *[other] { $seconds } secondes
    }. D’ici là, je ne réponds plus.
words-unknown = Je n’ai pas compris. Tapez / pour choisir une commande, ou demandez l’aide.
group-title = Que voulez-vous faire ?
group-line = *{ $command }* — { $help }
error-memory = Je ne peux rien noter en ce moment : rien n’a changé. Réessayez dans quelques minutes ; si cela dure, prévenez l’équipe du Club.
error-internal = Un imprévu m’a empêché de répondre : rien n’a changé. Réessayez ; si cela se répète, donnez cette référence à l’équipe du Club. Réf. { $reference }

## Ce qui demande un moment
errand-waiting = Je lis la page…
errand-too-many = J’ai déjà trois recherches en cours pour vous. Attendez leur réponse, puis recommencez.
errand-late = C’était trop long : j’ai arrêté au bout d’une minute, rien n’a changé. Réessayez plus tard.
errand-failed = Un imprévu m’a empêché d’aller au bout : rien n’a changé. Réessayez ; si cela se répète, donnez cette référence à l’équipe du Club. Réf. { $reference }

## Rôles
role-visitor = visiteur·euse
    .needed = toute personne
role-member = membre
    .needed = un·e membre du Club (dites bonjour avec /start)
role-partner = partenaire
    .needed = un·e partenaire du Club
role-moderator = modérateur·rice
    .needed = un·e modérateur·rice
role-editor = éditeur·rice
    .needed = un·e éditeur·rice
role-admin = administrateur·rice
    .needed = un·e administrateur·rice
role-needed-member = Cette commande est réservée : il faut être un·e membre du Club. « Commencer » vous le fait devenir, et la suite s’ouvre aussitôt. Réf. R-102
role-needed = Cette commande est réservée : il faut être { $role }. Réf. R-102
