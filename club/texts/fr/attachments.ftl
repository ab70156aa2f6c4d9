# Les fichiers et les images que portent les messages.

attachment-title = { $name } ({ $size } ko)
attachment-left = La pièce jointe { $title } n’a pas pu être envoyée ici. Redemandez-la dans une conversation privée ; si cela se répète, signalez-le à la modération.
attachment-left-picture = Image qui n’a pas pu être affichée ici : { $alt }
