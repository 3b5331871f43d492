import type { Secrets } from "../outgoing/secrets";
import { isSigned, type SignedRequest } from "./signature";

/** Shortest time between two looks for a rotated secret, in milliseconds: anybody can send wrong signatures, and each would cost a request. */
const LOOK_AGAIN = 60_000;

/** Knows the signing secret, and notices when it was rotated. */
export class SigningSecret {
  #looked = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds since the epoch. */
  constructor(
    private readonly secrets: Secrets,
    private readonly name: string,
    private readonly now: () => number,
  ) {}

  /** Whether a request is signed with the secret, as it is now. */
  async signed(request: SignedRequest): Promise<boolean> {
    if (isSigned(request, await this.secrets.get(this.name))) {
      return true;
    }
    if (this.now() < this.#looked + LOOK_AGAIN) {
      return false;
    }
    this.#looked = this.now();
    this.secrets.forget(this.name);
    return isSigned(request, await this.secrets.get(this.name));
  }
}
