import type { LoggerService } from "@nestjs/common";
import type { Logger } from "./logger.js";

type Level = "info" | "error" | "warn" | "debug" | "trace" | "fatal";

/** Sends what Nest itself logs through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...optional: unknown[]): void {
    this.write("info", message, optional);
  }
  error(message: unknown, ...optional: unknown[]): void {
    this.write("error", message, optional);
  }
  warn(message: unknown, ...optional: unknown[]): void {
    this.write("warn", message, optional);
  }
  debug(message: unknown, ...optional: unknown[]): void {
    this.write("debug", message, optional);
  }
  verbose(message: unknown, ...optional: unknown[]): void {
    this.write("trace", message, optional);
  }
  fatal(message: unknown, ...optional: unknown[]): void {
    this.write("fatal", message, optional);
  }

  /** Nest passes the context's name last and, for errors, the stack before it. */
  private write(level: Level, message: unknown, optional: unknown[]): void {
    const context = optional.at(-1);
    const stack = optional.length > 1 && typeof optional[0] === "string" ? { stack: optional[0] } : {};
    const fields = { ...(typeof context === "string" ? { context } : {}), ...stack };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else this.logger[level](fields, typeof message === "string" ? message : JSON.stringify(message));
  }
}
