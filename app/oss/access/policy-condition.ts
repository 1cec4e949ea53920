import { BlockList, isIPv6 } from 'node:net'
import { matchesWildcard } from './wildcard.ts'

/** By operator and condition key, the values of which one must match. */
export type ConditionBlock = Record<string, Record<string, string | string[]>>

type Operator = (actual: string, expected: string) => boolean

/** Source: "Policy elements", Alibaba Cloud RAM documentation. */
const OPERATORS: Record<string, Operator> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => matchesWildcard(expected, actual),
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  NumericGreaterThanEquals: (actual, expected) => Number(actual) >= Number(expected),
  DateEquals: (actual, expected) => Date.parse(actual) === Date.parse(expected),
  DateLessThan: (actual, expected) => Date.parse(actual) < Date.parse(expected),
  DateLessThanEquals: (actual, expected) => Date.parse(actual) <= Date.parse(expected),
  DateGreaterThan: (actual, expected) => Date.parse(actual) > Date.parse(expected),
  DateGreaterThanEquals: (actual, expected) => Date.parse(actual) >= Date.parse(expected),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  IpAddress: isInNetwork,
}

const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
}

/**
 * Returns whether all conditions hold. A condition on a key without a value does not hold.
 *
 * @param context Values of condition keys
 * @throws Error for an unknown operator
 */
export function conditionsHold(
  block: ConditionBlock,
  context: Readonly<Record<string, string>>,
): boolean {
  const names = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  return Object.entries(block)
    .map(([name, keys]) => {
      const operator = OPERATORS[NEGATED[name] ?? name]
      if (!operator) throw new Error(`Unknown condition operator ${name}`)
      return Object.entries(keys).every(([key, expected]) => {
        const actual = names.get(key.toLowerCase())
        if (actual === undefined) return false
        const found = [expected].flat().some((value) => operator(actual, String(value)))
        return found !== name in NEGATED
      })
    })
    .every((holds) => holds)
}

function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  const family = isIPv6(base) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  try {
    if (bits === undefined) list.addAddress(base, family)
    else list.addSubnet(base, Number(bits), family)
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  } catch {
    return false
  }
}
