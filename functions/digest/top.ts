/** The first few of any number of items, as an order has it: of a hundred thousand only those are kept. */
export class Top<T> {
  readonly #first: T[] = [];
  #count = 0;

  /**
   * @param size how many are kept.
   * @param compare as for `Array.sort`.
   */
  constructor(
    private readonly size: number,
    private readonly compare: (left: T, right: T) => number,
  ) {}

  add(item: T): void {
    this.#count++;
    const at = this.#first.findIndex((other) => this.compare(item, other) < 0);
    if (at >= 0 || this.#first.length < this.size) {
      this.#first.splice(at < 0 ? this.#first.length : at, 0, item);
      this.#first.length = Math.min(this.#first.length, this.size);
    }
  }

  /** The first ones, in order. */
  get first(): readonly T[] {
    return this.#first;
  }

  /** How many there were in all. */
  get count(): number {
    return this.#count;
  }
}
