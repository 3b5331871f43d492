import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Place, physicalName } from "./names";
import type { Statement } from "./policies";

export interface EmailSendingArgs {
  readonly place: Place;
  /** Sender addresses of the e-mail channels. */
  readonly senders: readonly string[];
}

/** Domains of e-mail addresses, each once. */
const domainsOf = (addresses: readonly string[]): string[] => [
  ...new Set(addresses.map((address) => address.slice(address.indexOf("@") + 1))),
];

/**
 * What SES needs to send for the e-mail channels: an identity for each sender's domain, which has to be verified by its owner (three DNS records; the stack's
 * output `dkimTokens` names them), and a configuration set. A domain rather than an address, because only its mail is signed with DKIM.
 */
export class EmailSending extends pulumi.ComponentResource {
  readonly configurationSetName: pulumi.Output<string>;
  /** For each domain the tokens of its three records `<token>._domainkey.<domain> CNAME <token>.dkim.amazonses.com`. */
  readonly dkimTokens: pulumi.Output<Readonly<Record<string, readonly string[]>>>;

  constructor(name: string, args: EmailSendingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:EmailSending", name, {}, opts);
    const configurationSet = new aws.sesv2.ConfigurationSet(
      name,
      {
        configurationSetName: physicalName("mail"),
        // Findings do not travel in the clear, even if a recipient's server would take them.
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        sendingOptions: { sendingEnabled: true },
        // Bounced addresses are suppressed; complaints are not: nobody silences the on-call list by a click on "spam".
        suppressionOptions: { suppressedReasons: ["BOUNCE"] },
      },
      { parent: this },
    );
    const identities = domainsOf(args.senders).map((domain) => ({
      domain,
      identity: new aws.sesv2.EmailIdentity(
        `${name}-${domain}`,
        { emailIdentity: domain, configurationSetName: configurationSet.configurationSetName },
        { parent: this },
      ),
    }));
    this.configurationSetName = configurationSet.configurationSetName;
    this.dkimTokens = pulumi
      .all(
        identities.map(({ domain, identity }) => pulumi.all([domain, identity.dkimSigningAttributes.apply((dkim) => dkim?.tokens ?? [])])),
      )
      .apply((entries) => Object.fromEntries(entries));
    this.registerOutputs({ configurationSetName: this.configurationSetName, dkimTokens: this.dkimTokens });
  }
}

/** What a function needs to send mail from these addresses, and from no other. SES checks the identity that fits best: the address or its domain. */
export const sendsMail = (place: Place, senders: readonly string[]): Statement => ({
  sid: "SendsMail",
  actions: ["ses:SendEmail"],
  resources: [
    ...[...domainsOf(senders), ...new Set(senders)].map((identity) => arnOf(place, "ses", `identity/${identity}`)),
    arnOf(place, "ses", `configuration-set/${physicalName("mail")}`),
  ],
  conditions: { StringEquals: { "ses:FromAddress": [...new Set(senders)] } },
});
