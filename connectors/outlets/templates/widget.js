/* Agenda du Club ÉcoQuartier : une liste, sans cookie. La dernière liste reçue reste quand le Club ne répond pas. */
(function () {
  "use strict";
  var places = document.querySelectorAll("[data-ecohub]");
  function draw(place, events) {
    var list = document.createElement("ul");
    list.className = "ecohub-agenda";
    events.slice(0, Number(place.dataset.most) || 8).forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a"), day = document.createElement("span");
      day.textContent = one.when + " ";
      link.textContent = one.title;
      if (/^https?:/.test(one.url || "")) link.href = one.url;
      item.append(day, link);
      if (one.place) item.append(" · " + one.place);
      list.append(item);
    });
    if (!events.length) list.append(Object.assign(document.createElement("li"), { textContent: place.dataset.none || "" }));
    place.replaceChildren(list);
    place.setAttribute("aria-busy", "false");
  }
  function show(place) {
    var from = place.dataset.ecohub, key = "ecohub " + from, kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch (e) { kept = null; }
    fetch(from, { credentials: "omit" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (read) {
      var events = read.events.filter(function (one) { return one.status !== "cancelled"; });
      try { localStorage.setItem(key, JSON.stringify(events)); } catch (e) { /* rien n’est gardé */ }
      draw(place, events);
      try { localStorage.setItem(key + " html", place.innerHTML); } catch (e) { /* de même */ }
    }).catch(function () { if (kept) draw(place, kept); });
  }
  places.forEach(show);
})();
