# Ce qui empêche de lire une source : ce qui est arrivé, pourquoi, et quoi faire.

## L’adresse

trouble-address = Adresse refusée : { $host } mène à un réseau privé, que le Club ne visite pas. Donnez une adresse publique.
trouble-scheme = Adresse refusée : elle doit commencer par http:// ou https://.
trouble-url = Adresse refusée : elle est mal écrite. Copiez-la depuis la barre d’adresse du navigateur.
trouble-url-user = Adresse refusée : elle contient un identifiant ou un mot de passe. Donnez une adresse que tout le monde peut lire.
trouble-url-long = Adresse refusée : elle dépasse { $limit } caractères.

## Les redirections

trouble-redirects = Trop de redirections : après cinq, le document n’est toujours pas là. Donnez l’adresse où elles mènent.
trouble-redirect-loop = Les redirections du site tournent en rond. Prévenez le partenaire, ou donnez une autre adresse.
    .partner = Les redirections de votre site tournent en rond. Corrigez-les, ou donnez une autre adresse à l’équipe du Club.
trouble-redirect-empty = Le site redirige sans dire où. Prévenez le partenaire, ou donnez une autre adresse.
    .partner = Votre site redirige sans dire où. Corrigez cette redirection, ou donnez une autre adresse à l’équipe du Club.

## La taille et le temps

trouble-too-big = Document trop gros : plus de { $megabytes } Mo une fois décompressé. Demandez au partenaire un flux plus court.
    .partner = Document trop gros : plus de { $megabytes } Mo une fois décompressé. Publiez un flux plus court.
trouble-too-big-headers = Réponse refusée : ses en-têtes sont trop gros. Prévenez le partenaire.
    .partner = Les en-têtes de la réponse sont trop gros. Signalez-le à la personne qui gère votre site.
trouble-timeout = Le site a mis trop de temps à répondre. Le Club réessaiera de lui-même.
    .once = Le site a mis trop de temps à répondre.
    .lasting = Le site a mis trop de temps à répondre. Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = Votre site met trop de temps à répondre au Club. Signalez-le à la personne qui le gère ; le Club réessaie de lui-même.

## La connexion

trouble-unreachable = Le site est injoignable. Le Club réessaiera de lui-même.
    .once = Le site est injoignable.
    .lasting = Le site est injoignable. Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = Votre site est injoignable. Signalez-le à la personne qui le gère ; le Club réessaie de lui-même.
trouble-unreachable-dns = Le nom { $host } est introuvable. Vérifiez l’adresse ; le Club réessaiera de lui-même.
    .once = Le nom { $host } est introuvable. Vérifiez l’adresse.
    .lasting = Le nom { $host } est introuvable. Demandez au partenaire si son adresse a changé ; le Club réessaie de lui-même.
    .partner = Le nom { $host } est introuvable. Signalez-le à la personne qui gère votre site, ou donnez la nouvelle adresse à l’équipe du Club.
trouble-unreachable-refused = Le site refuse la connexion. Il est peut-être en panne ; le Club réessaiera de lui-même.
    .once = Le site refuse la connexion. Il est peut-être en panne.
    .lasting = Le site refuse la connexion. Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = Votre site refuse la connexion du Club. Signalez-le à la personne qui le gère ; le Club réessaie de lui-même.
trouble-unreachable-tls = La connexion sécurisée a échoué : le certificat du site est absent, périmé ou mal installé. Prévenez le partenaire.
    .partner = La connexion sécurisée échoue : le certificat de votre site est absent, périmé ou mal installé. Signalez-le à la personne qui gère votre site.
trouble-unreachable-name = Le certificat du site n’est pas celui de { $host } : le nom de domaine a peut-être changé de mains. Demandez au partenaire sa nouvelle adresse.
    .partner = Le certificat de votre site n’est pas celui de { $host }. Signalez-le à la personne qui gère votre site, ou donnez la nouvelle adresse à l’équipe du Club.
trouble-cut = La réponse du site s’est interrompue. Le Club réessaiera de lui-même.
    .once = La réponse du site s’est interrompue.
    .lasting = La réponse du site s’est interrompue. Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = La réponse de votre site s’interrompt. Signalez-le à la personne qui le gère ; le Club réessaie de lui-même.
trouble-disk = La machine du Club n’a plus de place pour lire cette réponse ; le site n’y est pour rien. Libérez de la place sur le disque.
trouble-answer = Le site a répondu d’une façon que le Club ne comprend pas. Vérifiez l’adresse.

## Le refus du site

trouble-unauthorised = Le site demande un mot de passe (code 401). Donnez une adresse que tout le monde peut lire.
trouble-forbidden = Le site refuse l’accès au Club (code 403). Demandez au partenaire de l’autoriser.
    .partner = Votre site refuse l’accès au Club (code 403). Demandez à la personne qui le gère d’autoriser le robot « EcoHub ».
trouble-not-found = Il n’y a rien à cette adresse (code 404). Vérifiez-la auprès du partenaire.
    .partner = Il n’y a plus rien à cette adresse (code 404). Donnez la nouvelle à l’équipe du Club.
trouble-gone = Le partenaire a retiré ce document pour de bon (code 410). Demandez-lui la nouvelle adresse.
    .partner = Votre site répond que ce document est retiré pour de bon (code 410). Donnez la nouvelle adresse à l’équipe du Club.
trouble-busy = Le site demande de venir moins souvent (code 429). Le Club attendra avant de revenir.
    .once = Le site demande de venir moins souvent (code 429).
    .lasting = Le site demande de venir moins souvent (code 429), à chaque visite. Demandez au partenaire d’autoriser le Club.
    .partner = Votre site demande au Club de venir moins souvent (code 429). Demandez à la personne qui le gère d’autoriser le robot « EcoHub ».
trouble-server = Le site est en panne (code { $code }). Le Club réessaiera de lui-même.
    .once = Le site est en panne (code { $code }).
    .lasting = Le site est en panne (code { $code }). Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = Votre site est en panne (code { $code }). Signalez-le à la personne qui le gère ; le Club réessaie de lui-même.
trouble-status = Le site a répondu par un code inattendu ({ $code }). Vérifiez l’adresse.

## Le contenu

trouble-coding = Le document est compressé d’une façon que le Club ne lit pas. Prévenez le partenaire.
    .partner = Le document est compressé d’une façon que le Club ne lit pas. Signalez-le à la personne qui gère votre site.
trouble-coding-broken = Le document compressé est abîmé ou incomplet. Le Club réessaiera de lui-même.
    .once = Le document compressé est abîmé ou incomplet.
    .lasting = Le document compressé est abîmé ou incomplet. Prévenez le partenaire ; le Club réessaie de lui-même.
    .partner = Le document compressé est abîmé ou incomplet. Signalez-le à la personne qui gère votre site.
trouble-parse-slow = Le document demande trop de temps de lecture et a été abandonné. Prévenez le partenaire.
    .partner = Le document demande trop de temps de lecture. Publiez un flux plus court.
trouble-parse-died = Le document est trop lourd à lire et a été abandonné. Prévenez le partenaire.
    .partner = Le document est trop lourd à lire. Publiez un flux plus court.
trouble-parse-failed = Le document a fait échouer la lecture. Prévenez la personne qui administre le Club.
trouble-emptied = Le flux répond, mais il est vide depuis plusieurs visites alors qu’il ne l’était pas. Demandez au partenaire si son site a changé.
    .partner = Votre flux répond, mais il est vide depuis plusieurs visites. Vérifiez-le, ou donnez la nouvelle adresse à l’équipe du Club.
