// Elements. Whatever comes from the server becomes text, and never markup.

// An element with these attributes; functions are listeners, and children are elements or texts.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}

export const tags = (words = []) => words.map((word) => el("span", { class: "tag" }, word));

// A table that scrolls by itself where the window is too narrow.
export function table(caption, columns, rows) {
  const head = el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column))));
  const body = el("tbody", {}, rows);
  return el("div", { class: "wide" }, el("table", {}, el("caption", {}, caption), head, body));
}

// A control with its label, for a form of two columns.
export function labelled(text, control) {
  control.id = `field-${text.toLowerCase().replaceAll(" ", "-")}`;
  return [el("label", { for: control.id }, text), control];
}
