# Pourquoi une nouvelle est dans une lettre, ou n'y est pas.
# Chaque texte peut dire { $source } (le partenaire), { $published } (publication) et { $kept } (arrivée au hub).

reason-kept = Retenu : cela correspond à ce que vous suivez. Source : { $source }.
reason-kept-cancelled = Retenu : { $source } annonce une annulation, il vaut mieux le savoir.
reason-topic = Laissé : aucun de vos thèmes n’est concerné.
reason-region = Laissé : cela concerne une autre région que les vôtres.
reason-echo = Laissé : { $source } redonne un évènement que le Club a lui-même publié ; il n’est ni annoncé ni compté une seconde fois.
reason-too-old = Laissé : publié le { $published }, plus de sept jours avant son arrivée au hub, le { $kept }.
reason-past = Laissé : l’évènement est terminé.
reason-double = Regroupé : { $teller } dit la même chose, une seule ligne suffit.
reason-already = Laissé : une lettre précédente l’a déjà annoncé.
reason-before = Laissé : arrivé au hub le { $kept }, avant la période de cette lettre.
reason-later = Laissé : arrivé au hub le { $kept }, après cette lettre.
