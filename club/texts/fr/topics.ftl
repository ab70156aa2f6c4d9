# Quand un thème, un engagement ou une région n'est pas reconnu. Leurs noms sont dans topics.toml et regions.toml.

theme-unknown = Je ne connais pas le thème « { $given } ». Choisissez dans la liste, par exemple « eau » ou « mobilités ».
theme-unknown-near = Je ne connais pas le thème « { $given } ». Vouliez-vous dire « { $near } » ?
commitment-unknown = Il n’y a pas d’engagement n° { $given } : le Référentiel en compte vingt, de 1 à 20.
region-unknown = Je ne connais pas la région « { $given } ». Écrivez son nom, par exemple « Occitanie » ; « FR » pour tout le pays.
region-unknown-near = Je ne connais pas la région « { $given } ». Vouliez-vous dire « { $near } » ?
region-ambiguous = « { $given } » peut être une région ou un département. Écrivez le nom de la région, s’il vous plaît.
