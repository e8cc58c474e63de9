import { permissionsMigrations } from "./adapters/pg/migrations.js";

/** All steps of the service's schema. */
export const migrations = permissionsMigrations();
