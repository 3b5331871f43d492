import { createHash } from "node:crypto";

/** Ids that look random but are the same in every run: hashes of a counter. */
export class Ids {
  #counter = 0;

  constructor(readonly seed = "tocsin") {}

  /** `length` hexadecimal digits (up to 64). */
  hex(length: number): string {
    this.#counter += 1;
    return createHash("sha256").update(`${this.seed}:${this.#counter}`).digest("hex").slice(0, length);
  }

  /** A UUID of version 4. */
  uuid(): string {
    const digits = this.hex(32);
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}
