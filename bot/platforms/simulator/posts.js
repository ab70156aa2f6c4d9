// How a post becomes an <article>. Everything that people, feeds or the hub wrote goes in by textContent.

const ADDRESS = /^\s*(?:https?:\/\/)?((?:[^\s/?#.]+\.)+[^\s/?#.:]{2,})(?::\d+)?(?:[/?#]\S*)?\s*$/i;

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === "") continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function avatar(name, place) {
  return element("span", { class: `avatar tint-${place % 6}`, "aria-hidden": "true" }, [...name][0] ?? "?");
}

function span([text, bold, link]) {
  const shown = link ? anchor(text, link) : document.createTextNode(text);
  return bold ? element("strong", {}, shown) : shown;
}

// A label that looks like an address must lead there; if not, the real host stands behind it.
function anchor(label, link) {
  let to;
  try {
    to = new URL(link);
  } catch {
    return document.createTextNode(label);
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") return document.createTextNode(label);
  const shown = element("a", { href: to.href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, label);
  const claimed = ADDRESS.exec(label)?.[1].toLowerCase().replace(/^www\./, "");
  if (claimed && claimed !== to.hostname.replace(/^www\./, "")) shown.append(element("span", { class: "host" }, ` (${to.host})`));
  return shown;
}

function line(spans) {
  return spans.length ? element("p", { dir: "auto" }, ...spans.map(span)) : element("p", { class: "gap" });
}

function actions(post, words, press) {
  if (!post.actions.length) return null;
  const buttons = post.actions.map((action) => {
    const box = action.box ? (action.chosen ? "☑" : "☐") : null;
    const button = element(
      "button",
      { type: "button", dir: "auto", "aria-pressed": action.box && String(action.chosen) },
      box && element("span", { class: "box", "aria-hidden": "true" }, box),
      action.label,
    );
    button.addEventListener("click", () => press(button, { token: action.token }));
    return button;
  });
  const many = buttons.length > 8 ? "actions many" : "actions";
  return element("div", { class: many, role: "group", "aria-label": words.actions, tabindex: buttons.length > 8 && "0" }, ...buttons);
}

function attached(post) {
  if (!post.attachments?.length) return null;
  const shown = post.attachments.map(({ address, title, name, alt, picture }) => {
    if (picture) return element("img", { src: address, alt });
    return element("a", { href: address, download: name }, title);
  });
  return element("div", { class: "attachments" }, ...shown);
}

function field(blank, id, words) {
  const described = [blank.help && `${id}-help`, blank.fault && `${id}-fault`].filter(Boolean).join(" ");
  const state = { "aria-describedby": described, "aria-invalid": blank.fault && "true", "aria-required": blank.required && "true" };
  const given = { id, name: blank.name, ...state };
  if (blank.kind === "choice") {
    const none = { value: "", label: blank.required ? words.no_choice : words.no_preference };
    // An option without a value of its own would send its label.
    return element("select", given, ...[none, ...blank.choices].map(({ value, label }) => new Option(label, value, false, value === blank.value)));
  }
  const input = element(blank.kind === "paragraph" ? "textarea" : "input", { ...given, rows: blank.kind === "paragraph" && "4", type: blank.kind !== "paragraph" && "text", autocomplete: "off" });
  input.value = blank.value;
  return input;
}

function boxes(blank, id) {
  const ticked = new Set(blank.value.split(",").map((value) => value.trim()));
  return blank.choices.map(({ value, label }, n) => {
    const box = element("input", { type: "checkbox", name: blank.name, id: `${id}-${n}`, value });
    box.checked = ticked.has(value);
    return element("label", { class: "tick", for: `${id}-${n}` }, box, label);
  });
}

// The file leaves as soon as it is chosen or dropped; its handle is what the form sends. `sending` holds those on their way.
function file(blank, id, words, upload, sending) {
  const handle = element("input", { type: "hidden", name: blank.name });
  handle.value = blank.value;
  const state = element("p", { class: "help", role: "status", id: `${id}-state` }, blank.value ? words.file_kept : words.file_drop);
  const described = [`${id}-state`, blank.help && `${id}-help`, blank.fault && `${id}-fault`].filter(Boolean).join(" ");
  const picker = element("input", { type: "file", id, "aria-describedby": described, "aria-invalid": blank.fault && "true", "aria-required": blank.required && "true" });
  const take = async (chosen) => {
    handle.value = "";
    state.textContent = words.file_sending;
    const sent = await upload(chosen);
    if (picker.files[0] !== chosen) return; // another one was chosen meanwhile
    handle.value = sent.handle ?? "";
    state.textContent = sent.handle ? words.file_kept : sent.why;
  };
  const begin = () => picker.files.length && sending.push(take(picker.files[0]));
  picker.addEventListener("change", begin);
  const zone = element("div", { class: "drop" }, picker, state, handle);
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    picker.files = event.dataTransfer.files;
    begin();
  });
  return zone;
}

function blankRow(blank, id, words, upload, sending) {
  const optional = blank.required ? null : element("span", { class: "optional" }, ` (${words.optional})`);
  const help = blank.help ? element("p", { class: "help", id: `${id}-help` }, blank.help) : null;
  const fault = blank.fault ? element("p", { class: "fault", id: `${id}-fault` }, blank.fault) : null;
  if (blank.kind !== "choices") {
    const given = blank.kind === "file" ? file(blank, id, words, upload, sending) : field(blank, id, words);
    return element("div", { class: "blank" }, element("label", { for: id }, blank.label, optional), help, given, fault);
  }
  const described = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(" ");
  const list = element("div", { class: blank.choices.length > 8 ? "ticks many" : "ticks" }, ...boxes(blank, id));
  return element("fieldset", { class: "blank", "aria-describedby": described }, element("legend", {}, blank.label, optional), help, list, fault);
}

function filled(shown, blanks) {
  const given = new FormData(shown);
  return Object.fromEntries(blanks.map(({ name }) => [name, given.getAll(name).join(",")]));
}

function form(post, words, press, upload) {
  if (!post.form) return null;
  const { title, send, token, blanks } = post.form;
  const id = `form-${post.seq}`;
  const button = element("button", { type: "submit" }, send);
  const sending = [];
  const rows = blanks.map((blank, n) => blankRow(blank, `${id}-${n}`, words, upload, sending));
  const shown = element("form", { "aria-labelledby": `${id}-title`, novalidate: true }, ...rows, button);
  const summary = element("summary", { id: `${id}-title` }, title);
  const folded = element("details", { class: "form", open: true }, summary, shown);
  shown.addEventListener("submit", async (event) => {
    event.preventDefault();
    await Promise.all(sending);
    if (await press(button, { token, values: filled(shown, blanks) })) remove(folded);
  });
  return folded;
}

// The one who was in it by keyboard stays at its message.
export function remove(part) {
  const held = part.contains(document.activeElement) && part.closest("article");
  part.remove();
  if (held) land_on(held);
}

export function land_on(shown) {
  shown.tabIndex = -1;
  shown.focus({ preventScroll: true });
}

// `people` are those of the page; `channel` is the channel's name or ""; `press(button, said)` sends; `upload(file)` gives
// `{ handle }` or `{ why }`.
export function article(post, { words, people, channel, press, upload }) {
  const speaker = people.findIndex(({ id }) => id === post.author);
  const name = speaker < 0 ? words.hub : people[speaker].name;
  const face = speaker < 0 ? element("span", { class: "avatar hub", "aria-hidden": "true" }, "É") : avatar(name, speaker);
  const head = element(
    "header",
    {},
    element("span", { class: "name" }, name),
    channel ? element("span", { class: "channel" }, `# ${channel}`) : null,
    post.only ? element("span", { class: "only" }, words.only_you) : null,
    element("time", { datetime: post.at, title: post.day }, post.hour),
  );
  const lines = element("div", { class: "lines" }, ...post.lines.map(line));
  const kind = speaker < 0 ? "from-hub" : "from-person";
  return element("article", { class: kind, "data-seq": String(post.seq), "data-asks": Boolean(post.form) }, face, element("div", { class: "bubble" }, head, lines, attached(post), actions(post, words, press), form(post, words, press, upload)));
}
