import { loadProto } from "./proto.js";

/** Every RPC the protobuf packages declare, as `PolicyService/decide`: what a service owes. */
export function declaredRpcs(packages: readonly string[]): readonly string[] {
  return Object.entries(loadProto(packages))
    .flatMap(([name, entry]) => {
      if ("format" in entry) return [];
      const service = name.slice(name.lastIndexOf(".") + 1);
      return Object.keys(entry).map((rpc) => `${service}/${rpc.charAt(0).toLowerCase()}${rpc.slice(1)}`);
    })
    .sort((a, b) => a.localeCompare(b));
}
