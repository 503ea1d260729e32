// The views: all resources, and one of them. The part of the address behind # says which.

import { groups, openapi, root, routes } from "./api.js";
import { el, table, tags } from "./dom.js";
import { requestForm } from "./request.js";
import { fields, ofKind } from "./schema.js";
import { watchTable } from "./watch.js";

const main = document.querySelector("main");
// Ends what a view has begun when another one is opened.
let page = new AbortController();

function link(group, version, resource) {
  return `#/${[group, version, resource].map(encodeURIComponent).join("/")}`;
}

function resourceRow(group, version, entry) {
  const cells = [
    el("a", { href: link(group, version, entry.resource) }, entry.resource),
    entry.responseKind.kind,
    entry.scope,
    tags(entry.verbs),
    tags(entry.shortNames),
    tags(entry.categories),
    (entry.subresources ?? []).map(({ subresource, verbs }) => el("div", {}, `${subresource} `, tags(verbs))),
  ];
  return el("tr", {}, cells.map((cell) => el("td", {}, cell)));
}

async function overview() {
  const columns = ["Resource", "Kind", "Scope", "Verbs", "Short names", "Categories", "Subresources"];
  const sections = (await groups()).map(({ name, versions }) => el(
    "section", {}, el("h2", {}, name || "core"),
    versions.map(({ version, resources }) => (
      table(version, columns, resources.map((entry) => resourceRow(name, version, entry)))
    )),
  ));
  const none = sections.length ? [] : el("p", { class: "faint" }, "No resource is installed.");
  return [el("h1", {}, "Resources"), none, sections];
}

async function resourceView(group, version, name, signal) {
  const versions = (await groups()).find((found) => found.name === group)?.versions ?? [];
  const resources = versions.find((found) => found.version === version)?.resources ?? [];
  const entry = resources.find((found) => found.resource === name);
  if (!entry) throw new Error(`${name} of ${group || "core"}/${version} is not installed.`);
  const path = root(group, version);
  const document = await openapi(path);
  const schema = ofKind(document, entry.responseKind);
  const form = requestForm(document, signal);
  const rows = routes(document, path, name).map((route) => {
    const cells = [el("td", {}, route.method), el("td", { class: "path" }, route.path), el("td", {}, route.description)];
    const use = el("button", { type: "button", click: () => form.fill(route) }, "Try");
    return el("tr", { class: route.deprecated ? "faint" : "" }, cells, el("td", {}, use));
  });
  const about = [entry.scope, ...(entry.shortNames ?? []).map((short) => `short name ${short}`)].join(", ");
  const section = (title, ...children) => el("section", {}, el("h2", {}, title), ...children);
  const watched = () => section("Watch", watchTable(path, name, entry.scope === "Namespaced", signal));
  return [
    el("h1", {}, entry.responseKind.kind || name),
    el("p", { class: "faint" }, `${name} of ${group || "core"}/${version}. ${about}.`),
    el("p", {}, tags(entry.verbs)),
    section("Routes", table("What can be asked", ["Method", "Path", "What it does", ""], rows)),
    section("Request", form.nodes),
    entry.verbs.includes("watch") ? watched() : [],
    section("Schema", el("p", { class: "faint" }, schema.description ?? ""), fields(document, schema)),
  ];
}

async function show() {
  page.abort();
  const { signal } = (page = new AbortController());
  let nodes;
  try {
    const [group, version, resource] = location.hash.slice(2).split("/").map(decodeURIComponent);
    document.title = resource ? `${resource} - API` : "API";
    nodes = resource ? await resourceView(group, version, resource, signal) : await overview();
  } catch (error) {
    nodes = [el("h1", {}, "Not to be seen"), el("p", { class: "bad", role: "alert" }, error.message)];
  }
  // Another view may have been opened meanwhile.
  if (signal.aborted) return;
  main.replaceChildren(...nodes.flat(3));
}

addEventListener("hashchange", show);
show();
