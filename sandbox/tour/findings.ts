import type { Asff } from "../types";

/** When something is reported, as AWS writes times. */
const iso = (time: number): string => new Date(time).toISOString();

export const OPEN_PORT_ID =
  "arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/0b2f6c58-7d1e-4a39-9c84-5e3a1d6f7b20";

/**
 * A database port of `payments` that is open to the world, as Security Hub's control EC2.19 reports it each time it checks.
 * @param found result of the check; a control that passed is informational.
 */
export function openPort(checkedAt: number, found: "FAILED" | "PASSED" = "FAILED"): Asff {
  const severity = found === "FAILED" ? { Label: "CRITICAL", Normalized: 90 } : { Label: "INFORMATIONAL", Normalized: 0 };
  const group = "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0c8d1e5f2a7b46930";
  return {
    SchemaVersion: "2018-10-08",
    Id: OPEN_PORT_ID,
    ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
    ProductName: "Security Hub CSPM",
    CompanyName: "AWS",
    Region: "eu-west-1",
    GeneratorId: "security-control/EC2.19",
    AwsAccountId: "333333333333",
    AwsAccountName: "payments",
    Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
    FirstObservedAt: "2026-03-01T08:57:12.318Z",
    CreatedAt: "2026-03-01T08:57:12.318Z",
    UpdatedAt: iso(checkedAt),
    Severity: { ...severity, Original: severity.Label },
    Title: "Security groups should not allow unrestricted access to ports with high risk",
    Description:
      "This control checks whether unrestricted incoming traffic for an Amazon EC2 security group is accessible to the specified ports that have the highest risk. " +
      "This control fails if any of the rules in a security group allow ingress traffic from '0.0.0.0/0' or '::/0' to those ports.",
    Remediation: {
      Recommendation: {
        Text: "For information on how to correct this issue, consult the AWS Security Hub CSPM controls documentation.",
        Url: "https://docs.aws.amazon.com/console/securityhub/EC2.19/remediation",
      },
    },
    Resources: [
      {
        Type: "AwsEc2SecurityGroup",
        Id: group,
        Partition: "aws",
        Region: "eu-west-1",
        Tags: { Name: "checkout-db", team: "payments" },
        Details: {
          AwsEc2SecurityGroup: {
            GroupName: "checkout-db",
            GroupId: "sg-0c8d1e5f2a7b46930",
            OwnerId: "333333333333",
            VpcId: "vpc-0f1e2d3c4b5a69788",
            IpPermissions: [
              {
                IpProtocol: "tcp",
                FromPort: 5432,
                ToPort: 5432,
                IpRanges: [{ CidrIp: found === "FAILED" ? "0.0.0.0/0" : "10.20.0.0/16" }],
              },
            ],
          },
        },
      },
    ],
    Compliance: {
      Status: found,
      SecurityControlId: "EC2.19",
      AssociatedStandards: [{ StandardsId: "standards/aws-foundational-security-best-practices/v/1.0.0" }],
    },
    Workflow: { Status: "NEW" },
    RecordState: "ACTIVE",
    FindingProviderFields: {
      Severity: { Label: severity.Label, Original: severity.Label },
      Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
    },
  };
}

/** A server of `web` that attacks others by guessing SSH passwords, as GuardDuty tells and keeps updating it. */
export function bruteForce(updatedAt: number, count: number): Record<string, unknown> {
  const id = "8ac5d0e1f2a3b4c5d6e7f8091a2b3c4d";
  const victim = "198.51.100.24";
  const detector = "12abc34d567e8fa901bc2d34e56789f0";
  const title = `i-0d4c3b2a1f0e98765 is performing SSH brute force attacks against ${victim}.`;
  return {
    "detail-type": "GuardDuty Finding",
    source: "aws.guardduty",
    detail: {
      schemaVersion: "2.0",
      accountId: "444444444444",
      region: "us-east-1",
      partition: "aws",
      id,
      arn: `arn:aws:guardduty:us-east-1:444444444444:detector/${detector}/finding/${id}`,
      type: "UnauthorizedAccess:EC2/SSHBruteForce",
      severity: 8,
      createdAt: "2026-03-01T08:58:41.204Z",
      updatedAt: iso(updatedAt),
      title,
      description: `${title} Brute force attacks are used to gain unauthorized access to your instance by guessing the SSH password.`,
      resource: {
        resourceType: "Instance",
        instanceDetails: {
          instanceId: "i-0d4c3b2a1f0e98765",
          instanceType: "t4g.medium",
          instanceState: "running",
          availabilityZone: "us-east-1b",
          imageId: "ami-0c02fb55956c7d316",
          launchTime: "2026-02-03T06:11:52.000Z",
          iamInstanceProfile: { arn: "arn:aws:iam::444444444444:instance-profile/shop-frontend", id: "AIPAEXAMPLEEXAMPLE123" },
          tags: [
            { key: "Name", value: "shop-frontend-2" },
            { key: "team", value: "storefront" },
          ],
          networkInterfaces: [
            {
              networkInterfaceId: "eni-0a1b2c3d4e5f60718",
              privateIpAddress: "10.40.3.17",
              publicIp: "203.0.113.89",
              publicDnsName: "ec2-203-0-113-89.compute-1.amazonaws.com",
              subnetId: "subnet-0a9b8c7d6e5f43210",
              vpcId: "vpc-0a1b2c3d4e5f67890",
              securityGroups: [{ groupId: "sg-0f9e8d7c6b5a43210", groupName: "shop-frontend" }],
            },
          ],
        },
      },
      service: {
        serviceName: "guardduty",
        detectorId: detector,
        resourceRole: "ACTOR",
        archived: false,
        count,
        eventFirstSeen: "2026-03-01T08:41:07.000Z",
        eventLastSeen: iso(updatedAt - 240_000),
        featureName: "FlowLogs",
        additionalInfo: { type: "default", value: "{}" },
        action: {
          actionType: "NETWORK_CONNECTION",
          networkConnectionAction: {
            connectionDirection: "OUTBOUND",
            protocol: "TCP",
            blocked: false,
            localPortDetails: { port: 41874, portName: "Unknown" },
            localIpDetails: { ipAddressV4: "10.40.3.17" },
            remotePortDetails: { port: 22, portName: "SSH" },
            remoteIpDetails: {
              ipAddressV4: victim,
              country: { countryName: "Netherlands" },
              city: { cityName: "Amsterdam" },
              organization: { asn: "64500", asnOrg: "Example Networks", isp: "Example Networks", org: "Example Networks" },
            },
          },
        },
      },
    },
  };
}

/** A vulnerable library on a server of `data`, as Inspector tells it after each scan. */
export function vulnerability(scannedAt: number): Record<string, unknown> {
  return {
    "detail-type": "Inspector2 Finding",
    source: "aws.inspector2",
    resources: ["i-0e7f6a5b4c3d2e190"],
    detail: {
      awsAccountId: "555555555555",
      findingArn: "arn:aws:inspector2:eu-west-1:555555555555:finding/d3b07384d113edec49eaa6238ad5ff00",
      type: "PACKAGE_VULNERABILITY",
      severity: "CRITICAL",
      status: "ACTIVE",
      title: "CVE-2021-44228 - org.apache.logging.log4j:log4j-core",
      description:
        "Apache Log4j2 2.0-beta9 through 2.15.0 JNDI features used in configuration, log messages, and parameters do not protect against attacker controlled LDAP " +
        "and other JNDI related endpoints. An attacker who can control log messages can execute arbitrary code loaded from LDAP servers.",
      inspectorScore: 10,
      exploitAvailable: "YES",
      fixAvailable: "YES",
      firstObservedAt: inspectorTime(Date.UTC(2026, 2, 1, 8, 55)),
      lastObservedAt: inspectorTime(scannedAt),
      updatedAt: inspectorTime(scannedAt),
      remediation: { recommendation: { text: "Update the package to a version in which the vulnerability is fixed." } },
      resources: [
        {
          id: "i-0e7f6a5b4c3d2e190",
          type: "AWS_EC2_INSTANCE",
          partition: "aws",
          region: "eu-west-1",
          tags: { Name: "reporting-1", team: "data" },
          details: {
            awsEc2Instance: {
              type: "m7g.large",
              platform: "AMAZON_LINUX_2023",
              keyName: "",
              iamInstanceProfileArn: "arn:aws:iam::555555555555:instance-profile/reporting",
            },
          },
        },
      ],
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-2021-44228",
        source: "NVD",
        sourceUrl: "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
        vendorSeverity: "CRITICAL",
        cvss: [{ baseScore: 10, scoringVector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", source: "NVD", version: "3.1" }],
        referenceUrls: ["https://logging.apache.org/log4j/2.x/security.html"],
        relatedVulnerabilities: [],
        vulnerablePackages: [
          {
            name: "org.apache.logging.log4j:log4j-core",
            version: "2.14.1",
            epoch: 0,
            fixedInVersion: "2.15.0",
            filePath: "opt/reporting/lib/log4j-core-2.14.1.jar",
            packageManager: "JAR",
          },
        ],
      },
    },
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A time as Inspector's events write it: `Mar 1, 2026, 8:59:10 AM`. */
function inspectorTime(time: number): string {
  const date = new Date(time);
  const hour = date.getUTCHours();
  const clock = [
    String(hour % 12 || 12),
    ...[date.getUTCMinutes(), date.getUTCSeconds()].map((part) => String(part).padStart(2, "0")),
  ].join(":");
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${clock} ${hour < 12 ? "AM" : "PM"}`;
}
