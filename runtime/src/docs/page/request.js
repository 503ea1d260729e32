// The form that sends one request, and shows what comes back while it comes.

import { pieces } from "./api.js";
import { el, labelled } from "./dom.js";
import { body as least } from "./schema.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
// Characters of a body that are shown: a window is no place for more, and some bodies never end.
const MOST = 1 << 20;

export function requestForm(document, page) {
  const options = (values) => values.map((value) => el("option", { value }, value));
  const method = el("select", {}, options(METHODS));
  const path = el("input", { class: "path", required: true, pattern: "/[^\\{\\}]*", title: "a path; write a value for what is in braces" });
  const query = el("input", { class: "path", placeholder: "limit=10&labelSelector=app=web" });
  const type = el("select", {}, options(["application/json"]));
  const body = el("textarea", { spellcheck: "false" });
  const send = el("button", { class: "main" }, "Send");
  const stop = el("button", { type: "button", disabled: true, click: () => running?.abort() }, "Stop");
  const status = el("p", { role: "status", id: "response-status" });
  const headers = el("pre", { id: "response-headers", hidden: true });
  const shown = el("pre", { id: "response-body", hidden: true });
  let running;
  page.addEventListener("abort", () => running?.abort());

  // What is sent is read when the button is pressed.
  async function exchange() {
    running?.abort();
    const own = (running = new AbortController());
    const hasBody = method.value !== "GET" && body.value.trim() !== "";
    const target = query.value ? `${path.value}?${query.value.replace(/^\?/, "")}` : path.value;
    const request = { method: method.value, headers: { accept: "application/json, */*;q=0.5" }, signal: own.signal, cache: "no-store" };
    if (hasBody) {
      request.headers["content-type"] = type.value;
      request.body = body.value;
    }
    status.className = "faint";
    status.textContent = `${method.value} ${target}`;
    headers.hidden = shown.hidden = true;
    shown.textContent = "";
    stop.disabled = false;
    try {
      const response = await fetch(target, request);
      status.className = response.ok ? "good" : "bad";
      status.textContent = `${response.status} ${response.statusText}`;
      headers.textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      headers.hidden = shown.hidden = false;
      let left = MOST;
      for await (const piece of response.body ? pieces(response) : []) {
        shown.append(piece.slice(0, left));
        left -= piece.length;
        if (left < 0) {
          shown.append("\nThe rest is not shown.");
          break;
        }
      }
    } catch (error) {
      if (!own.signal.aborted) {
        status.className = "bad";
        status.textContent = `no answer: ${error.message}`;
      }
    }
    if (running === own) stop.disabled = true;
  }

  // Fills the form in for a route.
  function fill(route) {
    method.value = route.method;
    path.value = route.path.replaceAll("{namespace}", "default");
    query.value = "";
    const types = Object.keys(route.content);
    type.replaceChildren(...options(types.length ? types : ["application/json"]));
    body.value = "";
    if (types.includes("application/merge-patch+json")) {
      type.value = "application/merge-patch+json";
      body.value = JSON.stringify({ metadata: { labels: {} } }, null, 2);
    } else if (route.method === "POST" || route.method === "PUT") {
      body.value = JSON.stringify(least(document, route.content[types[0]]?.schema ?? {}), null, 2);
    }
    form.scrollIntoView({ block: "center" });
    path.focus();
    const name = path.value.indexOf("{");
    if (name >= 0) path.setSelectionRange(name, path.value.indexOf("}") + 1);
  }

  const submit = (event) => {
    event.preventDefault();
    exchange();
  };
  const form = el(
    "form", { submit }, labelled("Method", method), labelled("Path", path), labelled("Query", query),
    labelled("Content type", type), labelled("Body", body), el("div", {}, send, stop),
  );
  return { fill, nodes: [form, status, headers, shown] };
}
