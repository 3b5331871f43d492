import { Faults } from "../../../sandbox/cloud/faults";
import { type Outside, startOutside } from "../../../sandbox/outside";
import type { Taken } from "../../../sandbox/outside/service";
import { plantedSecrets } from "../../../sandbox/planted-secrets";
import type { Settings } from "../../../settings";

export const CHANNELS: Settings["channels"] = {
  "soc-slack": { kind: "slack", channel: "C0000000001", secretName: "tocsin/slack" },
  "ops-slack": { kind: "slack", webhookSecretName: "tocsin/slack-hook" },
  "soc-teams": { kind: "teams", webhookSecretName: "tocsin/teams" },
  siem: {
    kind: "webhook",
    webhookSecretName: "tocsin/siem-url",
    signingSecretName: "tocsin/siem-key",
    allowedHosts: ["siem.example.com", "siem2.example.com"],
  },
};

export const START = Date.parse("2026-03-01T09:00:00Z");

/** What stands for the internet, with secrets and a clock that a test moves. */
export class TestOutside {
  readonly secrets = new Map(plantedSecrets({ channels: CHANNELS, approvals: undefined }));
  readonly taken: Taken[] = [];
  readonly traces: (string | undefined)[] = [];
  readonly notes: string[] = [];
  now = START;
  readonly faults = new Faults(() => this.now);
  outside!: Outside;

  static async start(): Promise<TestOutside> {
    const test = new TestOutside();
    test.outside = await startOutside({
      channels: CHANNELS,
      secret: async (name) => test.secrets.get(name),
      now: () => test.now,
      faultOf: (service, operation) => test.faults.take(service, operation),
      note: (text) => test.notes.push(text),
    });
    test.outside.onTaken((taken, trace) => {
      test.taken.push(taken);
      test.traces.push(trace);
    });
    return test;
  }

  secret(name: string): string {
    return this.secrets.get(name) ?? "";
  }

  /** A request as a function's worker redirects it. */
  async post(url: string, body: string | object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const json = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.outside.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers, "x-tocsin-url": url },
      body: json,
    });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      text,
      json: () => JSON.parse(text) as Record<string, unknown>,
    };
  }

  /** A call of Slack's Web API with the bot's token. */
  async slack(method: string, body: object, token = this.secret("tocsin/slack")): Promise<Answer> {
    return this.post(`https://slack.com/api/${method}`, body, { authorization: `Bearer ${token}` });
  }

  close(): Promise<void> {
    return this.outside.close();
  }
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}
