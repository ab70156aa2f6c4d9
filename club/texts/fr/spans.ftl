# Les dates que l’on tape : ce qui ne va pas, et ce que l’on voulait peut-être dire.

span-unread = Je ne lis pas de date dans « { $found } ». Écrivez par exemple « jeudi 11 mars 9h30-12h », « du 17 au 21 juin » ou « 11/03/2027 9h30 ».
span-no-day = « { $found } » : ce jour n’existe pas. Vouliez-vous dire le { $near } ou le { $after } ?
span-no-hour = « { $found } » n’est pas une heure. Écrivez par exemple 9h30 ou 9h30-12h.
span-weekday = Le { $day } ne tombe pas ce jour-là de la semaine. Vouliez-vous dire le { $day } ou le { $near } ?
span-reversed = « { $found } » : le dernier jour vient avant le premier. Dans quel ordre sont-ils ?
span-ends-first = La fin ({ $end }) vient avant le début ({ $start }). Donnez l’heure du début, puis celle de la fin, par exemple 9h30-12h.
span-ends-first-day = La fin (le { $end }) vient avant le début (le { $start }). Donnez le premier jour, puis le dernier.
span-past = Le { $day } est passé. Vouliez-vous dire le { $next } ?
span-too-far = Le { $day } est bien loin : vérifiez l’année.
