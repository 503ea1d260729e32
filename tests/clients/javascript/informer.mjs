// An informer: what it sees, and how it goes on. The test changes the flunders when it reads a line.

import { once } from "node:events";

import { FLUNDERS, GROUP, config, k8s, say } from "./kit.mjs";

const api = config().makeApiClient(k8s.CustomObjectsApi);
const path = `/apis/${GROUP}/v1beta1/namespaces/default/flunders`;
const informer = k8s.makeInformer(config(), path, () => {
  say("lists");
  return api.listNamespacedCustomObject(FLUNDERS);
});

// The flunder `pause` has it stop until the test says so, and `last` is the end.
async function seen(word, name) {
  say(word, name);
  if (name === "pause") {
    informer.stop();
    say("pauses");
    await once(process.stdin, "data");
    informer.start();
  } else if (name === "last") {
    const held = informer.list().map((flunder) => flunder.metadata.name);
    say("holds", held.sort().join(" "));
    process.exit();
  }
}

for (const word of ["add", "update", "delete"]) {
  informer.on(word, ({ metadata }) => seen(word, metadata.name));
}
informer.on("connect", () => say("watches from", informer.latestResourceVersion() || "the beginning"));
// Where the server ends a watch, the informer goes on by itself; a connection that breaks is for its user, and so it
// tells when it stops.
informer.on("error", (error) => {
  if (error.name !== "AbortError") {
    say("broken");
    informer.start();
  }
});
await informer.start();
