// Schemas of an OpenAPI document, as a tree that is made where it is opened, because types may contain themselves.

import { el } from "./dom.js";

// The schema that is meant: references are followed, and what stands beside them counts first.
function resolve(document, schema) {
  let found = schema;
  for (let depth = 0; depth < 16; depth++) {
    const { $ref, allOf, ...beside } = found;
    const reference = $ref ?? (allOf?.length === 1 ? allOf[0].$ref : undefined);
    if (!reference) break;
    found = { ...document.components.schemas[reference.split("/").pop()], ...beside };
  }
  return found;
}

// The schema of a Kind.
export function ofKind(document, { group, version, kind }) {
  const is = (of) => of.group === group && of.version === version && of.kind === kind;
  const schemas = Object.values(document.components.schemas);
  return schemas.find((schema) => schema["x-kubernetes-group-version-kind"]?.some(is)) ?? {};
}

function typeName(document, schema) {
  const { type, format, items, additionalProperties, nullable, ...rest } = resolve(document, schema);
  if (rest["x-kubernetes-int-or-string"]) return "integer or string";
  if (type === "array") return `list of ${typeName(document, items ?? {})}`;
  if (additionalProperties) return `map of ${typeName(document, additionalProperties)}`;
  return `${type ?? "anything"}${format ? ` (${format})` : ""}${nullable ? ", or null" : ""}`;
}

// What is inside: the fields of an object, of the items of a list, or of the values of a map.
function inside(document, schema) {
  const found = resolve(document, schema);
  const next = found.items ?? (found.properties ? undefined : found.additionalProperties);
  return next && typeof next === "object" ? inside(document, next) : found;
}

export function fields(document, schema) {
  const { properties = {}, required = [] } = inside(document, schema);
  return el("ul", { class: "fields" }, Object.entries(properties).map(([name, property]) => {
    const { description = "", enum: values } = resolve(document, property);
    const type = typeName(document, property) + (required.includes(name) ? ", required" : "");
    const title = [el("code", {}, name), " ", el("span", { class: "faint" }, type)];
    if (values) title.push(el("span", { class: "faint" }, `: ${values.map(String).join(" | ")}`));
    const text = description && el("p", {}, description);
    if (!inside(document, property).properties) return el("li", {}, title, text);
    const details = el("details", {}, el("summary", {}, title), text);
    details.addEventListener("toggle", () => details.append(fields(document, property)), { once: true });
    return el("li", {}, details);
  }));
}

// The least body that the schema allows, with the names that an object has.
export function body(document, schema) {
  const { "x-kubernetes-group-version-kind": kinds = [] } = resolve(document, schema);
  const names = { metadata: { name: "example" } };
  const of = ({ group, version, kind }) => ({ apiVersion: group ? `${group}/${version}` : version, kind, ...names });
  const object = kinds.length ? of(kinds[0]) : names;
  // The first says in which order they stand, the last what they are.
  return { ...object, ...sample(document, schema), ...object };
}

// The least value that a schema allows.
function sample(document, schema, depth = 0) {
  const { type, properties = {}, required = [], enum: values, default: given } = resolve(document, schema);
  if (given !== undefined || values) return given ?? values[0];
  if (type === "object" && depth < 8) {
    const of = (name) => [name, sample(document, properties[name] ?? {}, depth + 1)];
    return Object.fromEntries(required.map(of));
  }
  return { string: "", integer: 0, number: 0, boolean: false, array: [] }[type] ?? {};
}
