# Les questions qui vont à une personne : celle qui connaît le département, sans jamais dire qui demande.

route-inquiry-ask = referent
    .help = Poser une question à une personne du Club, selon votre département
    .aliases = référent, referente, référente
    .title = Question à un·e référent·e
route-inquiry-waiting = faq attente
    .help = Les questions qui attendent une personne
    .title = Questions en attente

route-inquiry-send = question à un·e référent·e
    .title = Question à un·e référent·e
route-inquiry-choose = département d’une question
    .title = Question à un·e référent·e
route-inquiry-answer = réponse à une question
    .title = Réponse à une question
field-department = Département
    .ask = Dans quel département est votre projet ? Écrivez son nom ou son numéro.
field-inquiry = Question
    .ask = Quelle est votre question ? N’y mettez ni nom ni coordonnées : elle est transmise sans dire qui la pose.
field-answer = Réponse
    .ask = Quelle est votre réponse ? Elle sera envoyée en privé à la personne qui a posé la question.
department-unknown = « { $found } » n’est pas le numéro d’un département. Écrivez le nom du département, ou choisissez-le.

inquiry-ask-button = Écrire ma question
inquiry-forgotten = Je n’ai plus cette question : je ne garde pas ce qui m’est demandé. Écrivez-la, elle ira à un·e référent·e.
inquiry-begun = « { $question } »
    Cette question ira à la personne du Club qui suit votre département, sans votre nom. Elle y sera gardée un an au plus.
inquiry-masked = J’ai masqué ce qui dit qui vous êtes (adresse, téléphone ou nom).
inquiry-whole-button = Envoyer sans masquer
inquiry-will-leave = *Ce qui partira* à la personne qui a posé { $name } : « { $question } »
trace-email = [adresse masquée]
trace-phone = [téléphone masqué]
trace-name = [nom masqué]
inquiry-send-button = Envoyer ({ $department })
inquiry-department-button = Choisir le département
inquiry-gone = Cette question n’est plus là : elle est partie, ou une autre l’a remplacée. Rien n’a changé.
inquiry-nobody = Personne ne peut répondre pour l’instant : le Club n’a pas encore de modérateur·rice. Réessayez plus tard.
inquiry-too-many = Vous avez posé { $most } questions à des référent·es depuis hier. Réessayez demain.
inquiry-sent = Votre question *{ $name }* ({ $department }) est partie, sans votre nom. La réponse viendra ici en privé, au plus tard le { $due }.
inquiry-card = *Question { $name }* · { $where }
inquiry-answer-button = Répondre
inquiry-answered = Réponse envoyée. Merci ({ $name }).
inquiry-answered-before = { $name } a déjà sa réponse : { $who }, { $at }.
inquiry-answer = *Réponse à votre question { $name }* : « { $question } »
inquiry-settled = ✓ Répondu par { $who }
inquiry-none-waiting = Aucune question n’attend de réponse.
inquiry-waiting = { $count ->
        [one] Une question attend une réponse.
       *[other] { $count } questions attendent une réponse. Voici la plus ancienne :
    }
inquiry-reminder = { $days } jours ouvrés ont passé : la question { $name } attend encore une réponse.
