import { databaseVariables, eventLogVariables, grpcVariables } from "#platform/config/common-variables.js";

/** Everything audit reads from its environment. */
export const configDefinition = { ...grpcVariables, ...databaseVariables, ...eventLogVariables };
