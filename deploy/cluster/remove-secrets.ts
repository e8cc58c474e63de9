import { kubeCall, ownNamespace } from "./kube-api.js";
import { required } from "./required.js";

// Development only: takes away what create-secrets made for this release.
const selector = `app.kubernetes.io/managed-by=interlock-development,app.kubernetes.io/instance=${required("RELEASE")}`;
const path = `/api/v1/namespaces/${ownNamespace()}/secrets?labelSelector=${encodeURIComponent(selector)}`;
const { status, text } = await kubeCall("DELETE", path);
if (status !== 200) throw new Error(`DELETE ${path} answered ${status}: ${text}`);
console.log("removed");
