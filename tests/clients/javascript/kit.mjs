// What the scripts share: the client library from where it is installed, a client of the server that the test names,
// and words for what it tells.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MODULES}/`);

export const k8s = await import(pathToFileURL(require.resolve("@kubernetes/client-node")));

export const GROUP = "wardle.example.com";
export const FLUNDERS = { group: GROUP, version: "v1beta1", namespace: "default", plural: "flunders" };

// One line for the test, which waits for it.
export const say = (...words) => console.log(words.join(" "));

export function config() {
  const config = new k8s.KubeConfig();
  // It refuses plain HTTP without the last of these.
  const cluster = { name: "tests", server: process.env.SERVER, skipTLSVerify: true };
  config.loadFromClusterAndUser(cluster, { name: "tests" });
  return config;
}

export function flunder(name, spec = {}) {
  const metadata = { name, namespace: "default", labels: { app: name } };
  return { apiVersion: `${GROUP}/v1beta1`, kind: "Flunder", metadata, spec };
}

// What the server says instead of doing it: the HTTP code, and the reason and the message of the Status.
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof k8s.ApiException) {
      const status = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
      return `${error.code} ${status.reason} ${status.message}`;
    }
    throw error;
  }
  throw new Error("not refused");
}

export const names = (list) => list.items.map((item) => item.metadata.name).join(" ");
