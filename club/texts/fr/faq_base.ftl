# Une entrée de la foire aux questions qu’on ne peut pas montrer : pourquoi, et quoi faire.

faq-entry-unreadable = Entrée { $entry } : son en-tête ne se lit pas ({ $fault }). Vérifiez les deux-points et les guillemets.
faq-entry-missing = Entrée { $entry } : il manque le champ « { $field } ». Ajoutez-le.
faq-entry-unknown-field = Entrée { $entry } : le champ « { $field } » n’existe pas. Corrigez son nom ou retirez-le.
faq-entry-field = Entrée { $entry } : le champ « { $field } » n’a pas la forme attendue. Prenez modèle sur une autre entrée.
faq-entry-place = Entrée { $entry } : le fichier doit s’appeler { $theme }/{ $id }.md. Déplacez-le, ou corrigez « theme » et « id ».
faq-entry-no-source = Entrée { $entry } : elle ne cite aucune source. Ajoutez-en une, avec son adresse et sa version.
faq-entry-few-variants = Entrée { $entry } : il faut au moins { $least } autres façons de poser la question. Ajoutez-en, avec d’autres mots.
faq-entry-long-question = Entrée { $entry } : la question compte { $length } signes, un bouton en montre { $most }. Raccourcissez-la.
faq-entry-no-answer = Entrée { $entry } : la réponse est vide. Écrivez-la sous l’en-tête.
faq-entry-long-answer = Entrée { $entry } : la réponse compte { $length } signes, { $most } au plus. Raccourcissez-la.
faq-entry-own-near-miss = Entrée { $entry } : « { $question } » y figure à la fois comme question et comme faux ami. Gardez l’un des deux.
faq-entry-twice = Deux entrées s’appellent { $entry }. Renommez-en une.
faq-entry-same-question = « { $question } » mène à la fois à { $other } et à { $entry }. Gardez-la dans une seule des deux.
faq-entry-near-title = Entrée { $entry } : « { $question } » se distingue à peine du titre de { $other }. Changez l’un des deux titres.
