import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, SimpleSpanProcessor, type SpanExporter, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

export interface TelemetryOptions {
  readonly service: string;
  /** Base URL of an OTLP/HTTP collector; without it spans exist, so that ids flow, and are dropped. */
  readonly otlpEndpoint?: string | undefined;
  /** Another receiver of finished spans, for tests. */
  readonly exporter?: SpanExporter;
}

export interface Telemetry {
  /** Sends what is still buffered and stops. */
  shutdown(): Promise<void>;
}

function processors({ otlpEndpoint, exporter }: TelemetryOptions): SpanProcessor[] {
  const all: SpanProcessor[] = [];
  if (otlpEndpoint !== undefined) {
    const url = `${otlpEndpoint.replace(/\/+$/, "")}/v1/traces`;
    all.push(new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 3_000 })));
  }
  if (exporter !== undefined) all.push(new SimpleSpanProcessor(exporter));
  return all;
}

/** Starts tracing for the process: W3C trace context, carried by AsyncLocalStorage. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": options.service, "service.namespace": "interlock" }),
    spanProcessors: processors(options),
  });
  provider.register();
  return { shutdown: () => provider.shutdown() };
}
