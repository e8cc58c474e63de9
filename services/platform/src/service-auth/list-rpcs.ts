import type { INestApplicationContext } from "@nestjs/common";
import { ModulesContainer } from "@nestjs/core";
import { type RpcRules, rpcRules } from "./rpc-rules.js";

/** One RPC handler of an application and who may call it. */
export interface ListedRpc extends RpcRules {
  /** `PolicyService/decide`, however the handler spelled the method. */
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

/** RPCs of one controller class with their rules. */
export function rpcsOfController(controller: unknown): readonly ListedRpc[] {
  if (!isAnnotated(controller)) return [];
  const prototype: unknown = controller.prototype;
  if (typeof prototype !== "object" || prototype === null) return [];
  return methodsOf(prototype).flatMap(([handler, method]) =>
    patternsOf(method).map(({ service, rpc }) => ({
      rpc: `${service}/${rpc.charAt(0).toLowerCase()}${rpc.slice(1)}`,
      controller: controller.name,
      handler,
      ...rpcRules(method, controller),
    })),
  );
}

/** Every RPC an application answers with its rules, for the test that no RPC is without a guard. */
export function listRpcs(app: INestApplicationContext): readonly ListedRpc[] {
  const modules = [...app.get(ModulesContainer).values()];
  return modules
    .flatMap((module) => [...module.controllers.values()].flatMap(({ metatype }) => rpcsOfController(metatype)))
    .sort((a, b) => a.rpc.localeCompare(b.rpc));
}
