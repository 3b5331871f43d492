/** What a developer of `web` does with a security group, as AWS lines and as CloudTrail tells of it. */

const ACCOUNT = "444444444444";
const REGION = "eu-west-1";

type Line = Readonly<Record<string, unknown>>;

const ec2 = (operation: string, input: Line, as: string): Line => ({
  aws: { account: "web", region: REGION, service: "ec2", operation, input, as },
});

export const makesNetwork: Line = ec2("CreateVpc", { CidrBlock: "10.20.0.0/16" }, "network");

export const makesGroup: Line = ec2(
  "CreateSecurityGroup",
  { GroupName: "shop-frontend", Description: "Servers of the shop", VpcId: "{{network.Vpc.VpcId}}" },
  "group",
);

/**
 * The developer opens a port.
 * @param as what the call's answer is called, which `tellsOfOpening` refers to.
 */
export const opens = (range: string, port: number, as: string): Line =>
  ec2(
    "AuthorizeSecurityGroupIngress",
    {
      GroupId: "{{group.GroupId}}",
      IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: range }] }],
    },
    as,
  );

/** CloudTrail's event of it. */
export const tellsOfOpening = (range: string, port: number, as: string): Line => ({
  account: "web",
  region: REGION,
  event: {
    source: "aws.ec2",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventVersion: "1.10",
      eventID: `{{${as}.SecurityGroupRules[0].SecurityGroupRuleId}}`,
      eventSource: "ec2.amazonaws.com",
      eventName: "AuthorizeSecurityGroupIngress",
      awsRegion: REGION,
      sourceIPAddress: "203.0.113.77",
      userAgent: "aws-cli/2.31.4",
      userIdentity: {
        type: "AssumedRole",
        principalId: "AROAEXAMPLEEXAMPLE123:dana@example.com",
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/developer/dana@example.com`,
        accountId: ACCOUNT,
        sessionContext: {
          sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/developer`, userName: "developer", accountId: ACCOUNT },
          attributes: { mfaAuthenticated: "true" },
        },
      },
      requestParameters: {
        groupId: "{{group.GroupId}}",
        ipPermissions: { items: [{ ipProtocol: "tcp", fromPort: port, toPort: port, ipRanges: { items: [{ cidrIp: range }] } }] },
      },
      responseElements: {
        _return: true,
        securityGroupRuleSet: {
          items: [
            {
              groupId: "{{group.GroupId}}",
              securityGroupRuleId: `{{${as}.SecurityGroupRules[0].SecurityGroupRuleId}}`,
              isEgress: false,
              ipProtocol: "tcp",
              fromPort: port,
              toPort: port,
              cidrIpv4: range,
            },
          ],
        },
      },
    },
  },
});
