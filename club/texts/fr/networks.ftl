# Pourquoi un réseau n’est pas ouvert, dit au démarrage et dans ecohub check.

network-token-refused = le jeton est refusé
network-away = le réseau ne répond pas
network-slow = la connexion prend du temps
network-busy = le réseau demande d’attendre
network-twice = un autre programme utilise le même robot
network-port = le port du webhook est déjà pris
network-fault = un imprévu empêche de l’ouvrir

# Comment les réseaux s’appellent.
network-name-telegram = Telegram
network-name-discord = Discord
network-name-simulator = Simulateur
network-name-console = Terminal
network-name-matrix = Matrix
