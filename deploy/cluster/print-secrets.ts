import { parseArgs } from "node:util";
import { makeKeys } from "../keys/make-keys.js";
import { secretManifests } from "./secret-manifests.js";

// The exact way to make every Secret of a production installation: `docker run --rm IMAGE node dist/deploy/cluster/print-secrets.js ... | kubectl create -f -`.
const { values } = parseArgs({
  options: {
    prefix: { type: "string", default: "interlock" },
    namespace: { type: "string" },
    "database-host": { type: "string" },
    "log-origin": { type: "string" },
    "database-parameters": { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
const { namespace, "database-host": databaseHost, "log-origin": logOrigin } = values;
if (values.help || namespace === undefined || databaseHost === undefined || logOrigin === undefined) {
  console.error(
    "usage: print-secrets --namespace NAME --database-host HOST:PORT --log-origin interlock.example/audit [--database-parameters '?sslmode=require'] [--prefix interlock]",
  );
  process.exit(values.help ? 0 : 2);
}
const options = { prefix: values.prefix, namespace, databaseHost, databaseParameters: values["database-parameters"] };
const items = secretManifests(options, makeKeys(logOrigin));
console.log(JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 2));
