# Les fichiers et les images que portent les messages.

attachment-title = { $name } ({ $size } ko)
attachment-left = La pièce jointe { $title } n’a pas pu être envoyée ici. Redemandez-la dans une conversation privée ; si cela se répète, signalez-le à la modération.
attachment-left-picture = Image qui n’a pas pu être affichée ici : { $alt }

# Les fichiers que des personnes envoient.

file-gone = Je n’ai plus accès à ce fichier : les messageries ne le gardent qu’un temps. Renvoyez-le, puis recommencez.
file-empty = Ce fichier est vide. Vérifiez-le, puis renvoyez-le.
file-too-big = Ce fichier dépasse { $megabytes } Mo. Réduisez-le, puis renvoyez-le.
file-later = Je n’ai pas pu aller chercher ce fichier : la messagerie ne le donne pas pour le moment. Réessayez dans quelques minutes.
