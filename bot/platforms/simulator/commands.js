// The commands offered above the field when the message starts with « / »: a listbox led from the field.

import { element } from "./posts.js";

// `offered()` gives [name, summary] of what this person may use.
export function command_list(field, list, button, offered) {
  function offer(typed) {
    const found = offered().filter(([name]) => name.startsWith(typed));
    list.replaceChildren(...found.map(option));
    show(found.length > 0);
  }

  function option([name, summary], n) {
    const made = element("li", { role: "option", id: `command-${n}`, "data-name": name, "aria-selected": "false" }, element("b", {}, `/${name}`), " ", element("span", {}, summary));
    made.addEventListener("click", () => choose(made));
    return made;
  }

  function show(open) {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    show(false);
  }

  function choose(chosen) {
    field.value = `/${chosen.dataset.name} `;
    close();
    field.focus();
  }

  function move(step) {
    const options = [...list.children];
    const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = options.at(now < 0 && step < 0 ? -1 : (now + step) % options.length);
    for (const one of options) one.setAttribute("aria-selected", String(one === next));
    field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  // True when the key was for the list. Enter without a choice sends the message as it stands.
  function take_key(event) {
    if (list.hidden) return false;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (chosen && (event.key === "Enter" || event.key === "Tab")) choose(chosen);
    else return false;
    event.preventDefault();
    return true;
  }

  field.addEventListener("input", () => {
    if (/^\/\S*( \S*)?$/.test(field.value)) offer(field.value.slice(1));
    else close();
  });
  // The list scrolls, so it can be reached by keyboard; it closes when neither it nor the field is held.
  field.addEventListener("blur", (event) => event.relatedTarget !== list && close());
  list.addEventListener("blur", (event) => event.relatedTarget !== field && close());
  list.addEventListener("keydown", (event) => take_key(event) && list.hidden && field.focus());
  for (const held of [button, list]) held.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    field.focus();
    if (list.hidden) offer("");
    else close();
  });
  return { close, take_key };
}
