import { developmentKey } from "../local/world.js";
import { createIfAbsent, ownNamespace } from "./kube-api.js";
import { required } from "./required.js";
import { secretManifests } from "./secret-manifests.js";

// Development only: makes the Secrets that are missing, so that a first install needs no hand-made one. What is there is left alone.
const RELAYER_ACCOUNT = 7;
const namespace = ownNamespace();
const manifests = secretManifests({
  prefix: required("SECRET_PREFIX"),
  namespace,
  databaseHost: required("DATABASE_HOST"),
  labels: { "app.kubernetes.io/managed-by": "interlock-development", "app.kubernetes.io/instance": required("RELEASE") },
  // The development chain's genesis funds it; a random key would have to be funded first.
  relayerKey: developmentKey(RELAYER_ACCOUNT),
});
const made = await Promise.all(
  manifests.map(async (manifest) =>
    (await createIfAbsent(`/api/v1/namespaces/${namespace}/secrets`, manifest)) ? [manifest.metadata.name] : [],
  ),
);
const names = made.flat();
// Keys are pinned in one trust file: a part of them made anew would trust nobody.
if (names.length !== 0 && names.length !== manifests.length) {
  throw new Error(
    `some Secrets of ${required("SECRET_PREFIX")} were there and others not: remove those labelled interlock-development and install again`,
  );
}
console.log(names.length === 0 ? "every Secret is there" : `made ${names.join(", ")}`);
