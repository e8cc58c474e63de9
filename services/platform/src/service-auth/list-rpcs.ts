import type { INestApplicationContext } from "@nestjs/common";
import { ModulesContainer } from "@nestjs/core";
import { type RpcRules, rpcRules } from "./rpc-rules.js";

/** One RPC handler of an application and who may call it. */
export interface ListedRpc extends RpcRules {
  /** `PolicyService/decide`: service and method as the handler registered them. */
  readonly rpc: string;
  readonly controller: string;
  readonly handler: string;
}

type Annotated = (...args: never[]) => unknown;

const PATTERN_KEY = "microservices:pattern";
const isAnnotated = (value: unknown): value is Annotated => typeof value === "function";

function patternsOf(handler: Annotated): readonly { readonly service: string; readonly rpc: string }[] {
  const patterns: unknown = Reflect.getMetadata(PATTERN_KEY, handler);
  if (!Array.isArray(patterns)) return [];
  return patterns.filter((pattern) => typeof pattern === "object" && pattern !== null && "service" in pattern && "rpc" in pattern);
}

function methodsOf(prototype: object): readonly [string, Annotated][] {
  return Object.getOwnPropertyNames(prototype).flatMap((name): [string, Annotated][] => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return name !== "constructor" && isAnnotated(value) ? [[name, value]] : [];
  });
}

/** Every RPC an application answers with its rules, for the test that no RPC is without a guard. */
export function listRpcs(app: INestApplicationContext): readonly ListedRpc[] {
  const listed: ListedRpc[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (!isAnnotated(metatype)) continue;
      const prototype: unknown = metatype.prototype;
      if (typeof prototype !== "object" || prototype === null) continue;
      for (const [handler, method] of methodsOf(prototype)) {
        for (const { service, rpc } of patternsOf(method)) {
          listed.push({ rpc: `${service}/${rpc}`, controller: metatype.name, handler, ...rpcRules(method, metatype) });
        }
      }
    }
  }
  return listed.sort((a, b) => a.rpc.localeCompare(b.rpc));
}
