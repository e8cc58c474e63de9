import type { INestApplicationContext } from "@nestjs/common";

/** The port a service serves on, opened and ready to be closed: gRPC or HTTP. */
export interface Border {
  readonly host: string;
  /** Port that was bound. */
  readonly port: number;
  readonly app: INestApplicationContext | undefined;
  /** Says "not serving" to whoever asks by gRPC health; calls are still answered. */
  notServing(): void;
  /** Starts consuming the event log, where the service does. */
  startConsuming(): Promise<void>;
  stopConsuming(): Promise<void>;
  /** Refuses new work and waits for calls in flight; false when some had to be cut after `graceMs`. */
  drain(graceMs: number): Promise<boolean>;
  /** Lets go of the application itself. */
  close(): Promise<void>;
}
