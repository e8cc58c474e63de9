import { type Attributes, type Context, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { findInterlockError } from "../errors/interlock-error.js";

/** The tracer of everything in this repository. */
export const tracer = () => trace.getTracer("interlock");

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Parent; default: the active span. */
  readonly parent?: Context;
}

/** Marks a span as failed with the code of the error, not its text: exporters are outside our redaction. */
export function failSpan(span: Span, error: unknown): void {
  const code = findInterlockError(error)?.code ?? "INTERNAL";
  span.setAttribute("error.type", code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}

/** Runs `work` inside a span that ends with it. */
export async function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T> | T): Promise<T> {
  const parent = options.parent ?? context.active();
  const span = tracer().startSpan(name, { kind: options.kind ?? SpanKind.INTERNAL, attributes: options.attributes ?? {} }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}
