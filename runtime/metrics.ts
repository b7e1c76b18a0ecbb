import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** The metrics of one process; every name starts with `quarterdeck_`. */
export interface Metrics {
  counter<Label extends string>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  gauge<Label extends string>(name: string, help: string, labels?: readonly Label[]): Gauge<Label>;
  /** Seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
  readonly contentType: string;
  /** The Prometheus text format. */
  text(): Promise<string>;
  /** One metric's values, for tests. */
  read(name: string): Promise<MetricObjectWithValues<MetricValue<string>> | null>;
}

const seconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 1800];

/** Each call has its own registry, so one test can run parts of two processes. */
export const createMetrics = (processName: string, { defaults = true } = {}): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName });
  if (defaults) collectDefaultMetrics({ register: registry });
  const named = <Label extends string>(name: string, help: string, labels: readonly Label[] = []) => ({
    name: `quarterdeck_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter: (name, help, labels) => new Counter(named(name, help, labels)),
    gauge: (name, help, labels) => new Gauge(named(name, help, labels)),
    histogram: (name, help, labels, buckets = seconds) =>
      new Histogram({ ...named(name, help, labels), buckets: [...buckets] }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    read: async (name) => {
      const metric = registry.getSingleMetric(`quarterdeck_${name}`);
      return metric ? await metric.get() : null;
    },
  };
};
