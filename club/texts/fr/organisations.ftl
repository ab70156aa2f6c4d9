# Les organisations du Club et qui agit pour elles.

route-organisation-invite = organisation inviter
    .help = Donner à une personne un code qui la rend partenaire d’une organisation
    .aliases = organisation invitation
    .title = Inviter un·e partenaire
route-organisation-join = organisation rejoindre
    .help = Devenir partenaire d’une organisation, avec le code reçu
    .aliases = organisation code
    .title = Rejoindre une organisation
route-organisation-list = organisation liste
    .help = Les organisations, leur famille et leurs partenaires
    .aliases = organisations, organisation lister
    .title = Les organisations
route-organisation-modify = organisation modifier
    .help = La famille, les régions d’une organisation, et si elle publie sans relecture
    .aliases = organisation changer
    .title = Modifier une organisation

field-organisation-name = Organisation
    .ask = Pour quelle organisation ?
field-invitation = Code
    .ask = Quel est le code que vous avez reçu ? Par exemple K7P2M-9XQRA.
field-organisation-chosen = Organisation
    .ask = Quelle organisation ?
field-family = Famille
    .ask = De quelle famille ?
field-organisation-regions = Régions
    .ask = Dans quelles régions agit-elle ? Passez pour toute la France.
field-trusted = De confiance
    .ask = Ce que publient ses partenaires paraît-il sans relecture ?

family-authority = collectivité
family-housing = bailleur Hlm
family-state = État
family-other = autre organisme

organisation-none = Aucune organisation n’est connue. La première naît d’une invitation : /organisation inviter
organisation-title = { $count ->
        [one] *Une organisation*
       *[other] *{ $count } organisations*
    }
organisation-line = { $what } · { $count ->
        [0] personne n’agit encore pour elle
        [one] une personne agit pour elle
       *[other] { $count } personnes agissent pour elle
    }
organisation-trusted = publie sans relecture
organisation-invited = Voici le code d’un·e partenaire de *{ $name }* : *{ $code }*
    Il sert une seule fois, jusqu’au { $until }. La personne écrit au Club : /organisation rejoindre { $code }
organisation-joined = Vous agissez désormais pour *{ $name }*. Créez un évènement avec /evenement creer, ajoutez votre site avec /source ajouter.
organisation-not-yours = Vous ne pouvez inviter que pour votre organisation. Un·e modérateur·rice du Club peut inviter pour une autre. Réf. R-107
organisation-no-name = Ce nom n’a ni lettre ni chiffre : donnez celui de l’organisation.
organisation-gone = Cette organisation n’est plus connue : rien n’a changé.
organisation-preview = Dans la liste, on lira : { $what }
organisation-changed = C’est fait : *{ $what }*
invitation-unknown = Ce code n’est pas connu. Vérifiez-le, ou demandez-en un autre à la personne qui vous a invité·e.
invitation-used = Ce code a déjà servi : il ne sert qu’une fois. Demandez-en un autre à la personne qui vous a invité·e.
invitation-expired = Ce code n’est plus valable : il l’était sept jours. Demandez-en un autre à la personne qui vous a invité·e.
