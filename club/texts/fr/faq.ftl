# Les questions des membres, et les réponses de la base de connaissances.

faq-not-ready = Je prépare mes réponses. Posez de nouveau votre question dans une minute.
faq-near = Je ne trouve pas de réponse sûre. Voici les questions les plus proches :
faq-which = *{ $asks }*
faq-unknown = Je ne sais pas répondre à cette question : je ne trouve rien d’assez proche dans la base du Club. Posez-la autrement, ou à une personne.
faq-extracts = *Ces textes en parlent, sans être une réponse relue par le Club :*
faq-extract = « { $text } »

route-faq = faq
    .help = Une réponse du Club à votre question, avec sa source
    .aliases = question, aide-faq
    .title = Poser une question
field-question = Question
    .ask = Quelle est votre question ?

faq-off = Je ne réponds pas aux questions ici : la foire aux questions n’est pas ouverte.
faq-useful = *Que voulez-vous savoir ?* Choisissez une question, ou écrivez la vôtre.
    Elle n’est gardée que si vous la jugez (👍, 👎, une réponse choisie), alors sans votre nom, ou si vous l’envoyez à une personne, à qui votre nom n’est pas dit.
faq-question = *{ $question }*
faq-due = ⚠ à revérifier : cette réponse n’a pas été relue depuis la date prévue.
faq-source = { $others ->
        [0] Source : [{ $title }]({ $url }), { $version } ; vérifié le { $checked }
       *[other] Source : [{ $title }]({ $url }), { $version }, et { $others } de plus ; vérifié le { $checked }
    }
faq-sources = *Sources de la réponse à « { $question } »*
faq-sources-line = [{ $title }]({ $url }), { $version }, page lue le { $day }
faq-sources-edition = Édition : { $name }
faq-sources-review = Vérifié le { $checked }, à revoir avant le { $review }.
faq-followed = Si je comprends bien, vous parlez toujours de « { $before } ». Sinon, posez la question entière.
faq-follow-same = Je n’ai rien de plus précis pour ce cas sur « { $before } ». Voici ce qui s’en approche :
faq-follow-lost = Je ne comprends pas cette suite. Posez la question entière ; voici les plus proches que je connaisse :
faq-other = Pardon. Était-ce l’une de celles-ci ?
faq-other-none = Pardon. Posez votre question autrement, en quelques mots simples, ou à une personne.
faq-none = Je ne sais pas répondre à cette question. Posez-la autrement, ou à une personne.
faq-thanks = Merci. Votre avis est gardé avec la question, sans votre nom.
faq-sorry = Merci, c’est noté sans votre nom : l’équipe du Club relira cette réponse.
faq-shared = Partagé ici, sans votre nom.
faq-share-private = Une réponse se partage dans un canal : posez-y la question, puis partagez la réponse.
faq-gone = Cette réponse n’est plus dans la base du Club. Posez de nouveau votre question avec /faq.
faq-good-button = 👍
faq-bad-button = 👎
faq-source-button = Voir la source
faq-other-button = Ce n’est pas ma question
faq-share-button = Partager ici
faq-none-button = Aucune de celles-ci
faq-human-button = Poser à un·e référent·e
