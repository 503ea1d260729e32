// What the server says of itself: discovery and OpenAPI.

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const METHODS = ["get", "post", "put", "patch", "delete"];

// It is asked every time, because resources come and go; most answers are a 304.
async function read(path, accept) {
  const response = await fetch(path, { headers: { accept }, cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response.json();
}

// The groups with their versions and resources; the core group has an empty name.
export async function groups() {
  const lists = await Promise.all(["/api", "/apis"].map((path) => read(path, AGGREGATED)));
  return lists.flatMap((list) => list.items).map(({ metadata, versions }) => ({ name: metadata.name ?? "", versions }));
}

// The path of a group and version.
export const root = (group, version) => (group ? `/apis/${group}/${version}` : `/api/${version}`);

// The OpenAPI document of a group and version.
export async function openapi(path) {
  const index = await read("/openapi/v3", "application/json");
  return read(index.paths[path.slice(1)].serverRelativeURL, "application/json");
}

// The routes of a resource and its subresources, the deprecated ones last.
export function routes(document, root, resource) {
  const found = [];
  for (const [path, item] of Object.entries(document.paths)) {
    const rest = path.slice(root.length + 1).replace(/^watch\//, "").replace(/^namespaces\/\{namespace\}\//, "");
    if (!path.startsWith(`${root}/`) || rest.split("/")[0] !== resource) continue;
    for (const method of METHODS.filter((method) => item[method])) {
      const { description = "", deprecated = false, requestBody } = item[method];
      found.push({ method: method.toUpperCase(), path, description, deprecated, content: requestBody?.content ?? {} });
    }
  }
  return found.sort((a, b) => a.deprecated - b.deprecated);
}

// A body as text, piece by piece as it comes.
export async function* pieces(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
