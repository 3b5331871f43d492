import {
  DescribeNetworkInterfacesCommand,
  type DescribeNetworkInterfacesCommandOutput,
  DescribeTagsCommand,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { LONGEST, line } from "../normalize/bounds";
import type { Ec2 } from "./member";
import type { Protects } from "./record";

/** Things of one kind that are named. */
const MOST = 20;

/** Network interfaces that are looked at: enough to say what a group protects. */
const INTERFACES = 1000;

/** What uses a group. Throws whatever EC2 refuses. */
export async function readProtects(ec2: Ec2, groupId: string): Promise<Protects> {
  const interfaces: NetworkInterface[] = [];
  let next: string | undefined;
  do {
    const page: DescribeNetworkInterfacesCommandOutput = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }], MaxResults: 100, NextToken: next }),
    );
    interfaces.push(...(page.NetworkInterfaces ?? []));
    next = page.NextToken;
  } while (next && interfaces.length < INTERFACES);
  const behind = protectsOf(interfaces);
  return { ...behind, instances: await named(ec2, behind.instances) };
}

/**
 * What network interfaces belong to. Services describe theirs: load balancers as `ELB app/<name>/<id>`, databases as `RDSNetworkInterface`
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html).
 */
export function protectsOf(interfaces: readonly NetworkInterface[]): Protects {
  const found = { instances: [] as string[], loadBalancers: [] as string[], databases: [] as string[], others: [] as string[] };
  for (const { NetworkInterfaceId, Description, RequesterId, Attachment, InterfaceType } of interfaces) {
    const description = line(Description, LONGEST.name);
    const [, balancer] = /^ELB (?:(?:app|net|gwy)\/)?([^/]+)/.exec(description) ?? [];
    if (Attachment?.InstanceId) {
      found.instances.push(line(Attachment.InstanceId, LONGEST.name));
    } else if (balancer !== undefined) {
      found.loadBalancers.push(balancer);
    } else if (RequesterId === "amazon-rds" || description.startsWith("RDSNetworkInterface")) {
      found.databases.push(
        description === "" ? line(NetworkInterfaceId, LONGEST.name) : `${description} (${line(NetworkInterfaceId, LONGEST.name)})`,
      );
    } else {
      found.others.push(description || line(NetworkInterfaceId, LONGEST.name) || line(InterfaceType, LONGEST.name));
    }
  }
  const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort().slice(0, MOST);
  return {
    instances: distinct(found.instances),
    loadBalancers: distinct(found.loadBalancers),
    databases: distinct(found.databases),
    others: distinct(found.others),
  };
}

/** Instances as people call them: `shop (i-0123…)` where there is a Name tag. Only the tags are asked for: describing instances would weigh ten times as much in the archive. */
async function named(ec2: Ec2, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) {
    return [];
  }
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({
      Filters: [
        { Name: "resource-id", Values: [...ids] },
        { Name: "key", Values: ["Name"] },
      ],
    }),
  );
  const names = new Map(Tags.map(({ ResourceId = "", Value }) => [ResourceId, line(Value, LONGEST.name)]));
  return ids.map((id) => (names.get(id) ? `${names.get(id)} (${id})` : id));
}
