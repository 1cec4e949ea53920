import type { PolicyStatement } from '@oss-direct-upload/embedded-oss'

const allow = (...actions: string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
})

/**
 * The system policies that deployers use.
 * Source: "System policies", Alibaba Cloud RAM documentation.
 */
export const SYSTEM_POLICIES: Readonly<Record<string, readonly PolicyStatement[]>> = {
  AdministratorAccess: [allow('*')],
  AliyunBSSReadOnlyAccess: [allow('bss:Describe*', 'bssapi:Query*', 'bssapi:Get*')],
  AliyunECSFullAccess: [allow('ecs:*'), allow('vpc:DescribeVpcs', 'vpc:DescribeVSwitches')],
  AliyunEIPFullAccess: [allow('vpc:*EipAddress*'), allow('ecs:DescribeInstances')],
  AliyunOSSFullAccess: [allow('oss:*')],
  AliyunOSSReadOnlyAccess: [allow('oss:Get*', 'oss:List*')],
  AliyunRAMFullAccess: [allow('ram:*')],
  AliyunSTSAssumeRoleAccess: [allow('sts:AssumeRole')],
  AliyunVPCFullAccess: [allow('vpc:*')],
}
