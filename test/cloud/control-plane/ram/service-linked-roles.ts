import { ActionError, type Product } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { defineProduct } from '../define-product.ts'
import { secondText } from '../time-text.ts'
import type { RamDirectory } from './ram-directory.ts'
import { alreadyExists } from './ram-errors.ts'
import { roleArn } from './role-actions.ts'

/** Services with a service-linked role, and its name. Source: "Services that work with RAM", RAM documentation. */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  'alb.aliyuncs.com': 'AliyunServiceRoleForAlb',
  'ess.aliyuncs.com': 'AliyunServiceRoleForAutoScaling',
}

/** Returns Resource Management, 2020-03-31: the call that creates service-linked roles. */
export function resourceManagerProduct(directory: RamDirectory): Product {
  return defineProduct({
    code: 'resourcemanager',
    version: '2020-03-31',
    ramCode: 'ram',
    actions: {
      /** Source: "CreateServiceLinkedRole", Resource Management API. */
      CreateServiceLinkedRole: {
        resources: () => ['role/*'],
        parameters: ['ServiceName'],
        handle: ({ parameters: { ServiceName = '' }, now }) => {
          const roleName = ROLE_NAMES[ServiceName]
          if (roleName === undefined) {
            throw new ActionError(
              404,
              'EntityNotExist.ServiceLinkedRole.Template',
              'No such service.',
            )
          }
          if (directory.serviceLinkedRoles.has(ServiceName)) throw alreadyExists('Role', roleName)
          directory.serviceLinkedRoles.add(ServiceName)
          return {
            Role: {
              RoleName: roleName,
              Arn: roleArn(directory.accountId, roleName),
              CreateDate: secondText(now),
              IsServiceLinkedRole: true,
            },
          }
        },
      },
    },
  })
}

/** @throws ActionError when the account lacks the service-linked role of a service */
export function requireServiceLinkedRole({ roles }: ComputeState, serviceName: string): void {
  if (roles.isLinked?.(serviceName) ?? true) return
  throw new ActionError(
    403,
    'ServiceLinkedRole.NotExist',
    `The service-linked role ${ROLE_NAMES[serviceName]} does not exist.`,
  )
}
