import type { MethodDefinition, PackageDefinition, ServiceDefinition } from "@grpc/proto-loader";

export type AnyMethod = MethodDefinition<object, object>;

/** The service `packageName.serviceName` of a loaded package. @throws Error when the package has no such service. */
export function findService(definition: PackageDefinition, packageName: string, serviceName: string): ServiceDefinition {
  const entry = definition[`${packageName}.${serviceName}`];
  if (entry === undefined || "format" in entry) throw new Error(`${packageName} has no service ${serviceName}`);
  return entry;
}

/** Methods of a service by their camelCase name, as the generated interfaces name them. */
export function methodsOf(service: ServiceDefinition): ReadonlyMap<string, AnyMethod> {
  return new Map(Object.entries(service).map(([name, method]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, method]));
}
