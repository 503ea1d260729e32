// A watch, as a table of its events, the newest first.

import { pieces } from "./api.js";
import { el, labelled, table } from "./dom.js";

// Rows that are kept.
const MOST = 500;

async function* events(response) {
  let rest = "";
  for await (const piece of pieces(response)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
  }
}

function row({ type, object }) {
  const { namespace = "", name = "", resourceVersion = "" } = object.metadata ?? {};
  const time = new Date().toLocaleTimeString();
  const json = el("details", {}, el("summary", {}, name || object.message || "show"));
  json.addEventListener("toggle", () => json.append(el("pre", {}, JSON.stringify(object, null, 2))), { once: true });
  const word = type === "ERROR" || type === "DELETED" ? "bad" : type === "ADDED" ? "good" : "";
  return el("tr", {}, [time, el("span", { class: word }, type), namespace, json, resourceVersion].map((cell) => el("td", {}, cell)));
}

export function watchTable(root, resource, isNamespaced, page) {
  const namespace = el("input", { placeholder: "all" });
  const selector = el("input", { placeholder: "app=web" });
  const start = el("button", { class: "main" }, "Watch");
  const stop = el("button", { type: "button", disabled: true, click: () => running?.abort() }, "Stop");
  const status = el("span", { role: "status", id: "watch-status", class: "faint" });
  const seen = table("Events", ["Time", "Event", "Namespace", "Object", "Resource version"], []);
  seen.id = "watch-events";
  const rows = seen.querySelector("tbody");
  let running;
  page.addEventListener("abort", () => running?.abort());

  // Every object that is there comes as an event first; then what happens to them.
  async function watch() {
    running?.abort();
    const own = (running = new AbortController());
    const place = namespace.value ? `${root}/namespaces/${encodeURIComponent(namespace.value)}` : root;
    const query = new URLSearchParams({ watch: "true" });
    if (selector.value) query.set("labelSelector", selector.value);
    rows.replaceChildren();
    stop.disabled = false;
    let end = "the server ended it";
    try {
      const options = { headers: { accept: "application/json" }, signal: own.signal, cache: "no-store" };
      const response = await fetch(`${place}/${resource}?${query}`, options);
      if (!response.ok) throw new Error((await response.json()).message);
      status.textContent = "watching";
      for await (const event of events(response)) {
        rows.prepend(row(event));
        if (rows.children.length > MOST) rows.lastChild.remove();
      }
    } catch (error) {
      end = own.signal.aborted ? "stopped" : error.message;
    }
    // Another one may have begun.
    if (running === own) {
      stop.disabled = true;
      status.textContent = end;
    }
  }

  const submit = (event) => {
    event.preventDefault();
    watch();
  };
  const form = el(
    "form", { submit, id: "watch" }, isNamespaced ? labelled("Namespace", namespace) : [],
    labelled("Label selector", selector), el("div", {}, start, stop, status),
  );
  return [form, seen];
}
