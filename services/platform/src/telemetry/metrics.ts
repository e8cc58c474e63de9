import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";

/** Buckets for calls inside the cluster, seconds. */
export const CALL_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one process; each metric is made once and found again by its name. */
export class Metrics {
  readonly registry = new Registry();
  readonly #measures: (() => Promise<void>)[] = [];

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds the figures of the Node process itself. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The counter of that name. Labels take few values: never an id, an address or anything a caller chooses. */
  counter<Label extends string>(configuration: CounterConfiguration<Label>): Counter<Label> {
    const known = this.registry.getSingleMetric(configuration.name);
    return known instanceof Counter ? known : new Counter({ ...configuration, registers: [this.registry] });
  }

  /** The gauge of that name. */
  gauge<Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> {
    const known = this.registry.getSingleMetric(configuration.name);
    return known instanceof Gauge ? known : new Gauge({ ...configuration, registers: [this.registry] });
  }

  /** The histogram of that name. */
  histogram<Label extends string>(configuration: HistogramConfiguration<Label>): Histogram<Label> {
    const known = this.registry.getSingleMetric(configuration.name);
    return known instanceof Histogram ? known : new Histogram({ ...configuration, registers: [this.registry] });
  }

  /** Has `measure` set its gauges before each scrape; it must not reject, and ends soon whatever is away: see `boundedMeasure`. */
  beforeScrape(measure: () => Promise<void>): void {
    this.#measures.push(measure);
  }

  /** Text for Prometheus, of this moment. */
  async render(): Promise<string> {
    await Promise.all(this.#measures.map((measure) => measure()));
    return this.registry.metrics();
  }
}
