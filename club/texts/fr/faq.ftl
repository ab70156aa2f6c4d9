# Les questions des membres, et les réponses de la base de connaissances.

faq-not-ready = Je prépare mes réponses. Posez de nouveau votre question dans une minute.
faq-near = Je ne trouve pas de réponse sûre. Voici les questions les plus proches :
faq-unknown = Je ne sais pas répondre à cette question : je ne trouve rien d’assez proche dans la base du Club.
