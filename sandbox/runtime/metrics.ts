import type { Place } from "../types";

/** A measured value at a time. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/** Identity of a metric: account and Region, namespace, name and dimensions. */
export interface MetricId {
  /** Of CloudWatch. Default: the security account and home Region. */
  readonly place?: Place;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const keyOf = ({ namespace, name, dimensions }: MetricId, { account, region }: Place): string =>
  JSON.stringify([account, region, namespace, name, Object.entries(dimensions).sort(([left], [right]) => left.localeCompare(right))]);

/** What CloudWatch would know of the things that the runtime runs: values that were put, and gauges that can be read at any time. */
export class Metrics {
  readonly #points = new Map<string, Point[]>();
  readonly #gauges = new Map<string, (from: number, to: number) => number>();

  constructor(
    private readonly now: () => number,
    private readonly home: Place,
  ) {}

  put(id: MetricId, value: number): void {
    const key = this.#key(id);
    const points = this.#points.get(key) ?? [];
    points.push({ time: this.now(), value });
    this.#points.set(key, points);
  }

  /** A metric that always has a value, such as the number of messages in a queue: the highest one between two times. */
  gauge(id: MetricId, highest: (from: number, to: number) => number): void {
    this.#gauges.set(this.#key(id), highest);
  }

  /** Values after `from` up to and including `to`. */
  between(id: MetricId, from: number, to: number): readonly number[] {
    const key = this.#key(id);
    const gauge = this.#gauges.get(key);
    return gauge !== undefined
      ? [gauge(from, to)]
      : (this.#points.get(key) ?? []).filter(({ time }) => time > from && time <= to).map(({ value }) => value);
  }

  #key(id: MetricId): string {
    return keyOf(id, id.place ?? this.home);
  }
}
