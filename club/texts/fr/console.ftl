# La messagerie du terminal.

console-welcome = *Club ÉcoQuartier, dans le terminal.* Vous parlez avec le Club en privé.
    Un nombre choisit une action. Autres mots : { $commands }.
console-words = :qui { $person } change de personne · :dans { $place } change de lieu · :joindre et un fichier l’envoie · :quitter
console-who = qui
console-where = dans
console-attach = joindre
console-no-file = Je ne trouve pas de fichier « { $file } ». Vérifiez son chemin, puis renvoyez-le.
console-quit = quitter
console-private = privé
console-you = Vous êtes { $person }, { $place }.
console-place-private = en privé avec le Club
console-place-channel = dans #{ $channel }
console-header-edited = modifié
console-header-only = pour { $person } seulement
console-attached = Pièce jointe : { $title }, à ouvrir dans { $file }
console-attached-lost = Pièce jointe : { $title }, qui n’a pas pu être écrite sur ce disque. Faites-y de la place, puis redemandez-la.
console-picture = En mots : { $alt }
console-no-person = Je ne connais pas « { $name } » ici. Personnes : { $known }.
console-no-place = Je ne connais pas le lieu « { $name } ». Lieux : { $known }.
console-no-word = Je ne connais pas « { $name } ». Essayez { $commands }.
console-too-long = Cette ligne est trop longue, je ne l’ai pas lue. Raccourcissez-la, puis renvoyez-la.
console-failed = Je n’ai pas pu vous répondre : un incident est survenu de mon côté. Réessayez dans un instant. Si cela se répète, signalez la référence { $reference }.
