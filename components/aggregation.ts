import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { AlarmTopic } from "./alarms";
import { CentralBus } from "./bus";
import { alarmAddresses, channelsOf } from "./channels/configured";
import { channelTopicArn } from "./channels/topics";
import { EpisodesTable } from "./episodes-table";
import { FindingRules } from "./finding-rules";
import { MemberEventRules } from "./forwarding/member-event-rules";
import { memberSide } from "./forwarding/member-side";
import { Guard } from "./guard/guard";
import { Intake } from "./intake";
import { RegionalForwarding } from "./regional-forwarding";
import { Storms } from "./storms";
import { Telling } from "./telling";
import { TimeDriven } from "./time-driven";
import { WriteBack } from "./write-back";

export interface AggregationArgs {
  readonly settings: Settings;
  /** Id of the Organization, whose accounts may send to the central bus. */
  readonly organizationId: pulumi.Input<string>;
}

/**
 * The security account's part of tocsin: findings come in, people are told. One per Organization, in the home Region; needs a provider for the security account.
 *
 * @example
 * new Aggregation("tocsin", { settings, organizationId }, { providers: [security] });
 */
export class Aggregation extends pulumi.ComponentResource {
  readonly busArn: pulumi.Output<string>;
  readonly tableName: pulumi.Output<string>;
  readonly intakeQueueUrl: pulumi.Output<string>;
  readonly intakeDeadLetterQueueUrl: pulumi.Output<string>;
  readonly alertMachineArn: pulumi.Output<string>;
  readonly alarmTopicArn: pulumi.Output<string>;
  /** What goes into the Slack app as the Request URL of its interactivity; undefined where nobody may press buttons. */
  readonly buttonsUrl: pulumi.Output<string | undefined>;
  /** ARN of each SNS channel's topic, for whoever owns a queue that is subscribed; empty without such channels. */
  readonly channelTopicArns: pulumi.Output<Readonly<Record<string, string>>>;
  /** DKIM records that the owner of each sender domain has to publish; empty without e-mail channels. */
  readonly dkimTokens: pulumi.Output<Readonly<Record<string, readonly string[]>>>;

  constructor(name: string, args: AggregationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Aggregation", name, {}, opts);
    const { settings, organizationId } = args;
    const { organization, alerts, securityGroupGuard: section } = settings;
    const { sources } = alerts;
    const place = { account: organization.securityAccountId, region: settings.region };
    const addresses = alarmAddresses(settings);

    const alarms = new AlarmTopic("alarms", { place, addresses }, { parent: this });
    const bus = new CentralBus("central", { side: memberSide(settings), organizationId }, { parent: this });
    const table = new EpisodesTable("episodes", { parent: this });
    const writeBack = alerts.writeBack ? new WriteBack("write-back", { place, alarms, table }, { parent: this }).queue : undefined;
    const { machine, email } = new Telling("telling", { place, settings, alarms, table, writeBack }, { parent: this });
    const told = { place, settings, alarms, table, machine, writeBack };
    // The guard tells many changes as one message in any case, findings only where the settings say so.
    const all = (settings.storm || section) && new Storms("storms", told, { parent: this });
    const storms = settings.storm && all;
    const guard = section && all && new Guard("guard", { ...told, guard: section, storms: all }, { parent: this });
    const { queue: intake } = new Intake("intake", { ...told, storms }, { parent: this });
    const { accounts, failures } = new TimeDriven("time-driven", { ...told, email, storms, guard }, { parent: this });

    // The rules last: events may come as soon as they exist.
    new FindingRules("findings", { region: place.region, sources, bus, intake }, { parent: this });
    const { managementAccountId } = organization;
    const reported = { bus, intake, accounts, failures, changes: guard?.queue };
    new MemberEventRules("member-events", { place, managementAccountId, ...reported }, { parent: this });
    const others = organization.regions.filter((region) => region !== place.region);
    new RegionalForwarding("forwarding", { home: place, regions: others, sources, bus, addresses }, { parent: this });

    this.busArn = bus.arn;
    this.tableName = table.name;
    this.intakeQueueUrl = intake.url;
    this.intakeDeadLetterQueueUrl = intake.deadLetters.url;
    this.alertMachineArn = machine.arn;
    this.alarmTopicArn = alarms.arn;
    this.buttonsUrl = pulumi.output(guard?.buttonsUrl);
    this.channelTopicArns = pulumi.output(
      Object.fromEntries(channelsOf(settings, "sns").map(([channel]) => [channel, channelTopicArn(place, channel)])),
    );
    this.dkimTokens = pulumi.output(email?.dkimTokens ?? {});
    this.registerOutputs({
      busArn: this.busArn,
      tableName: this.tableName,
      alertMachineArn: this.alertMachineArn,
      alarmTopicArn: this.alarmTopicArn,
    });
  }
}
