import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** How long a value is taken from memory, in milliseconds: a rotated secret is in use after that at the latest. */
const FRESH = 300_000;

/** Values of secrets, kept for five minutes. Those who ask at the same time share one request. */
export class Secrets {
  readonly #known = new Map<string, { readonly value: Promise<string>; readonly until: number }>();

  /** @param now milliseconds since the epoch. */
  constructor(
    private readonly client: Pick<SecretsManagerClient, "send">,
    private readonly now: () => number,
  ) {}

  /** The secret's text without the white space around it. Throws what Secrets Manager answers; that is not remembered. */
  async get(name: string): Promise<string> {
    const known = this.#known.get(name);
    if (known !== undefined && known.until > this.now()) {
      return known.value;
    }
    const value = this.#read(name);
    this.#known.set(name, { value, until: this.now() + FRESH });
    value.catch(() => {
      if (this.#known.get(name)?.value === value) {
        this.#known.delete(name);
      }
    });
    return value;
  }

  /** Has the secret read again the next time. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  async #read(name: string): Promise<string> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: name }));
    const value = SecretString?.trim() ?? "";
    if (value === "") {
      throw new Error(`the secret ${name} holds no text`);
    }
    return value;
  }
}
