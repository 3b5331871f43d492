import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopic, alarm } from "../alarms";
import { arnOf, type Place, physicalName } from "../names";
import type { Statement } from "../policies";

export interface EmailSendingArgs {
  readonly place: Place;
  /** Told when mail does not arrive. */
  readonly alarms: AlarmTopic;
  /** Sender addresses of the e-mail channels. */
  readonly senders: readonly string[];
}

/** The tag that SES itself puts on every message: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html */
const CONFIGURATION_SET = "ses:configuration-set";

/** What can become of a mail that SES has accepted, other than that it arrives. */
const UNDELIVERED = [
  { event: "BOUNCE", metric: "Bounce", meaning: "A recipient's mail server refused an alert for good." },
  { event: "REJECT", metric: "Reject", meaning: "SES took an alert for malicious and did not send it." },
  { event: "RENDERING_FAILURE", metric: "RenderingFailure", meaning: "SES could not render an alert." },
] as const;

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
        // Nobody is suppressed: SES would accept a mail to a suppressed address and not send it, and we would take it for told.
        suppressionOptions: { suppressedReasons: [] },
      },
      { parent: this },
    );
    // SES accepts a mail before it knows whether the recipient's server does. What comes back is counted, and somebody hears of it by another way than mail.
    new aws.sesv2.ConfigurationSetEventDestination(
      name,
      {
        configurationSetName: configurationSet.configurationSetName,
        eventDestinationName: physicalName("mail"),
        eventDestination: {
          enabled: true,
          matchingEventTypes: UNDELIVERED.map(({ event }) => event),
          cloudWatchDestination: {
            dimensionConfigurations: [
              { dimensionName: CONFIGURATION_SET, dimensionValueSource: "MESSAGE_TAG", defaultDimensionValue: physicalName("mail") },
            ],
          },
        },
      },
      { parent: this },
    );
    for (const { metric, meaning } of UNDELIVERED) {
      alarm(
        args.alarms,
        {
          name: `mail-${metric.toLowerCase()}`,
          description: `${meaning} Somebody may not have been told: look at the log of tocsin-deliver-email for what was sent.`,
          namespace: "AWS/SES",
          metric,
          dimensions: { [CONFIGURATION_SET]: physicalName("mail") },
          statistic: "Sum",
          above: 0,
          periodSeconds: 300,
        },
        { parent: this },
      );
    }
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

/**
 * What a function needs to send mail from these addresses, and from no other. All identities, because SES asks for the sender's (the address or its domain) and, as
 * long as the account is in the SES sandbox, for each recipient's too; the condition is what bounds it.
 */
export const sendsMail = (place: Place, senders: readonly string[]): Statement => ({
  sid: "SendsMail",
  actions: ["ses:SendEmail"],
  resources: [arnOf(place, "ses", "identity/*"), arnOf(place, "ses", `configuration-set/${physicalName("mail")}`)],
  conditions: { StringEquals: { "ses:FromAddress": [...new Set(senders)] } },
});
