import { RequestMethod } from "@nestjs/common";
import { METHOD_METADATA, PATH_METADATA } from "@nestjs/common/constants.js";

type Class = new (...args: never[]) => object;

/** Routes a Nest HTTP controller declares, as `GET /path`. */
export function controllerRoutes(controller: Class): readonly string[] {
  const prefix = pathOf(controller);
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
    if (typeof handler !== "function" || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
    const method: RequestMethod = Reflect.getMetadata(METHOD_METADATA, handler);
    const path = [prefix, pathOf(handler)].filter((part) => part !== "").join("/");
    return [`${RequestMethod[method]} /${path}`];
  });
}

function pathOf(target: object): string {
  const path: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return typeof path === "string" ? path.replace(/^\/|\/$/g, "") : "";
}
