import { kubeCall, ownNamespace } from "./kube-api.js";
import { required } from "./required.js";

// Development only: takes away the ConfigMap that build-world made.
const path = `/api/v1/namespaces/${ownNamespace()}/configmaps/${required("CONFIG_MAP")}`;
const { status, text } = await kubeCall("DELETE", path);
if (status !== 200 && status !== 404) throw new Error(`DELETE ${path} answered ${status}: ${text}`);
console.log("removed");
