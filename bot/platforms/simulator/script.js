// One tab: who one is, what was seen, what is being sent. The server is told the last stamp seen and sends the rest.

import { command_list } from "./commands.js";
import { article, avatar, element, land_on, remove } from "./posts.js";

const { words, people, channels, largest } = JSON.parse(document.getElementById("town").textContent);
const at = (id) => document.getElementById(id);
const channel_name = new Map(channels.map(({ id, name }) => [id, name]));
const logs = { channels: at("channels-log"), private: at("private-log") };
const read = new Map(); // person → stamp of the last private post looked at
let me = people.find(({ id }) => id === sessionStorage.getItem("person")) ?? people[0];
let filter = "";
let posts = new Map(); // seq → post, as this person sees them
let seen = 0;
let memory = "";
let socket;
let tries = 0;
let queue = Promise.resolve();
const commands = command_list(at("words"), at("commands"), at("slash"), () => me.commands);

// Listening.

function listen() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.addEventListener("open", () => {
    tries = 0;
    say_state(words.connected, false);
    look();
  });
  socket.addEventListener("message", ({ data }) => take(JSON.parse(data)));
  socket.addEventListener("close", () => {
    say_state(words.lost, true);
    setTimeout(listen, Math.min(8000, 250 * 2 ** tries++));
  });
}

function look() {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ person: me.id, seen }));
}

function say_state(text, lost) {
  at("state").textContent = text;
  at("state").classList.toggle("lost", lost);
}

function take(news) {
  if (news.person !== me.id) return;
  if (memory && memory !== news.memory) return location.reload(); // another file behind the same address
  memory = news.memory;
  seen = Math.max(seen, news.seen);
  const fresh = news.posts.filter((post) => (posts.get(post.seq)?.stamp ?? 0) < post.stamp);
  for (const post of fresh) posts.set(post.seq, post);
  if (fresh.length) show(fresh);
  show_writing(news.writing);
  show_unread(news.heads);
}

// Showing.

function show(fresh) {
  for (const side of Object.keys(logs)) {
    const mine = fresh.filter((post) => (post.place === me.id) === (side === "private"));
    if (mine.length) show_in(logs[side], mine);
  }
  at("channels-empty").hidden = Boolean(logs.channels.querySelector("article:not([hidden])"));
  at("private-empty").hidden = Boolean(logs.private.querySelector("article"));
}

function show_in(log, fresh) {
  const opened = log.dataset.opened;
  const below = near_end(log);
  const own = fresh.some(({ author }) => author === me.id);
  const added = fresh.map((post) => place_in(log, post)).filter(Boolean);
  days(log);
  close_questions(log);
  if (!opened) go_to(log, added.at(-1));
  else if (added.length && (below || own)) go_to(log, added.find((shown) => shown.matches(".from-hub")));
  else if (added.length) log.parentElement.querySelector(".new").hidden = false;
  if (opened) for (const shown of added) shown.classList.add("fresh");
  log.dataset.opened = "yes";
}

function near_end(log, added = 0) {
  return log.scrollHeight - log.scrollTop - log.clientHeight - added < 80;
}

// A picture that arrives pushes down what was at the end.
function follow(log, shown) {
  for (const picture of shown.querySelectorAll("img")) {
    picture.addEventListener("load", () => near_end(log, picture.clientHeight) && go_to(log, shown));
  }
}

// To the end, yet no further than the beginning of what is to be read.
function go_to(log, shown) {
  log.scrollTop = log.scrollHeight;
  if (!shown) return;
  const above = log.getBoundingClientRect().top - shown.getBoundingClientRect().top + 12;
  if (above > 0) log.scrollTop -= above;
}

// The article when it is a new one, null when it took the place of an earlier one.
function place_in(log, post) {
  const channel = channel_name.get(post.place) ?? "";
  const made = article(post, { words, people, channel, press: (button, said) => press(button, post, said), upload });
  made.dataset.place = post.place;
  follow(log, made);
  made.hidden = Boolean(channel && filter && filter !== post.place);
  const old = log.querySelector(`article[data-seq="${post.seq}"]`);
  if (old) return swap(old, made);
  const before = [...log.querySelectorAll("article")].findLast((other) => Number(other.dataset.seq) < post.seq);
  if (before) before.after(made);
  else log.prepend(made);
  return made;
}

// The one who pressed by keyboard stays where they were, and a long list does not jump.
function swap(old, made) {
  const buttons = [...old.querySelectorAll("button")];
  const inside = old.contains(document.activeElement);
  const held = buttons.indexOf(document.activeElement);
  const scrolled = old.querySelector(".many")?.scrollTop ?? 0;
  old.replaceWith(made);
  const list = made.querySelector(".many");
  if (list) list.scrollTop = scrolled;
  const button = made.querySelectorAll("button")[held];
  if (button) button.focus();
  else if (inside) land_on(made); // not on another button, which a second press would push
  return null;
}

function days(log) {
  for (const old of log.querySelectorAll(".day")) old.remove();
  let day = "";
  for (const shown of log.querySelectorAll("article:not([hidden])")) {
    const time = shown.querySelector("time");
    if (time.title !== day) log.insertBefore(element("p", { class: "day" }, element("span", {}, time.title)), shown);
    day = time.title;
  }
}

// Only the question asked last in each talk can be answered: the earlier ones were answered or left.
function close_questions(log) {
  const last = new Map(); // place → post
  for (const post of posts.values()) {
    if (post.form && post.stamp > (last.get(post.place)?.stamp ?? 0)) last.set(post.place, post);
  }
  for (const shown of log.querySelectorAll("article[data-asks]")) {
    if (last.get(shown.dataset.place).seq === Number(shown.dataset.seq)) continue;
    for (const part of shown.querySelectorAll(".form, .actions")) remove(part);
  }
}

function show_writing(places) {
  for (const [side, log] of Object.entries(logs)) {
    const busy = places.some((place) => (place === me.id) === (side === "private"));
    const old = log.querySelector(".writing");
    const below = near_end(log);
    if (!busy) old?.remove();
    if (!busy || old) continue;
    log.append(element("p", { class: "writing" }, words.writing));
    if (below) log.scrollTop = log.scrollHeight;
  }
}

function show_unread(heads) {
  for (const { id } of people) {
    const head = heads[id] ?? 0;
    if (id === me.id || !read.has(id)) read.set(id, head);
    at(`person-${id}`).querySelector(".unread").hidden = head <= read.get(id);
  }
}

// Choosing.

function draw_people() {
  people.forEach((person, n) => {
    const unread = element("span", { class: "unread", hidden: true }, words.unread);
    const who = element("span", { class: "who" }, element("span", { class: "name" }, person.name), " ", element("span", { class: "role" }, person.role));
    const button = element("button", { type: "button", id: `person-${person.id}` }, avatar(person.name, n), who, unread);
    button.addEventListener("click", () => become(person));
    at("people").append(button);
  });
}

function become(person) {
  me = person;
  sessionStorage.setItem("person", me.id);
  [posts, seen] = [new Map(), 0];
  for (const log of Object.values(logs)) {
    log.replaceChildren();
    delete log.dataset.opened;
  }
  for (const { id } of people) at(`person-${id}`).setAttribute("aria-pressed", String(id === me.id));
  for (const empty of document.querySelectorAll(".empty")) empty.hidden = false;
  for (const button of document.querySelectorAll(".new")) button.hidden = true;
  at(`person-${me.id}`).scrollIntoView({ block: "nearest", inline: "nearest" });
  at("with").textContent = me.name;
  draw_starters();
  draw_where();
  commands.close();
  look();
}

function draw_starters() {
  const buttons = me.commands.slice(0, 5).map(([name, summary]) => {
    const button = element("button", { type: "button", title: summary }, `/${name}`);
    button.addEventListener("click", () => say({ words: `/${name}`, place: me.id }));
    return button;
  });
  at("starters").replaceChildren(...buttons);
}

function draw_where() {
  const options = [[me.id, words.where_private], ...channels.map(({ id, name }) => [id, `# ${name}`])];
  at("where").replaceChildren(...options.map(([value, label]) => element("option", { value }, label)));
}

function draw_filter() {
  const choices = [["", words.channels_all], ...channels.map(({ id, name }) => [id, `# ${name}`])];
  for (const [id, label] of choices) {
    const button = element("button", { type: "button", "aria-pressed": String(id === filter) }, label);
    button.addEventListener("click", () => {
      filter = id;
      for (const other of at("filter").children) other.setAttribute("aria-pressed", String(other === button));
      for (const shown of logs.channels.querySelectorAll("article")) shown.hidden = Boolean(filter && shown.dataset.place !== filter);
      days(logs.channels);
      at("channels-empty").hidden = Boolean(logs.channels.querySelector("article:not([hidden])"));
      logs.channels.scrollTop = logs.channels.scrollHeight;
    });
    at("filter").append(button);
  }
}

// Saying. One id a saying, kept while trying again, so that it acts once; in order, one after the other.

function say(said) {
  const body = JSON.stringify({ update: crypto.randomUUID(), person: me.id, ...said });
  at("fault").hidden = true;
  const sent = queue.then(() => insist(body));
  queue = sent.catch(() => {});
  return sent;
}

async function insist(body) {
  for (let n = 0; ; n += 1) {
    let why = words.lost;
    try {
      const answer = await fetch("/say", { method: "POST", body, headers: { "Content-Type": "application/json" } });
      if (answer.status === 503) why = words.full;
      if (answer.status >= 500) throw new Error(answer.statusText);
      if (!answer.ok) refuse();
      if (n > 0) say_state(words.connected, false);
      return answer.ok;
    } catch {
      say_state(why, true);
      await new Promise((again) => setTimeout(again, Math.min(8000, 250 * 2 ** n)));
    }
  }
}

function refuse() {
  at("fault").textContent = words.refused;
  at("fault").hidden = false;
}

async function press(button, post, said) {
  if (button.getAttribute("aria-busy")) return false;
  button.setAttribute("aria-busy", "true");
  const sent = await say({ ...said, place: post.place, ref: String(post.seq) });
  button.removeAttribute("aria-busy");
  return sent;
}

async function upload(file) {
  if (file.size > largest) return { why: words.file_too_big };
  try {
    const answer = await fetch(`/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    const said = await answer.text();
    return answer.ok ? { handle: said } : { why: said };
  } catch {
    return { why: words.lost };
  }
}

async function send() {
  const text = at("words").value.trim();
  if (!text) return at("words").focus();
  if (text.length > at("words").maxLength) return refuse();
  at("words").value = "";
  fit();
  commands.close();
  at("words").focus();
  const sent = await say({ words: text, place: at("where").value });
  if (!sent && !at("words").value) at("words").value = text;
  fit();
}

function fit() {
  const area = at("words");
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

function type_key(event) {
  if (event.isComposing || commands.take_key(event)) return;
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  send();
}

// The two views side by side on a phone.

function mark_view() {
  const panels = at("panels");
  const second = panels.scrollLeft > panels.clientWidth / 2;
  at("to-private").setAttribute("aria-current", String(second));
  at("to-channels").setAttribute("aria-current", String(!second));
}

function start() {
  // A file that is dropped beside its field does not take the place of the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  draw_people();
  draw_filter();
  become(me);
  at("send").addEventListener("click", send);
  at("words").addEventListener("keydown", type_key);
  at("words").addEventListener("input", fit);
  for (const [side, log] of Object.entries(logs)) {
    const button = log.parentElement.querySelector(".new");
    button.addEventListener("click", () => { log.scrollTop = log.scrollHeight; });
    log.addEventListener("scroll", () => { if (near_end(log)) button.hidden = true; });
    at(`to-${side}`).addEventListener("click", (event) => {
      event.preventDefault();
      at("panels").scrollLeft = side === "private" ? at("panels").scrollWidth : 0;
    });
  }
  at("panels").addEventListener("scroll", mark_view);
  at("panels").scrollTo({ left: at("panels").scrollWidth, behavior: "instant" });
  mark_view();
  listen();
}

start();
