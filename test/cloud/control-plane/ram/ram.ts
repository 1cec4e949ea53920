import type { Product } from '../action.ts'
import { defineProduct } from '../define-product.ts'
import { accessKeyActions } from './access-key-actions.ts'
import { attachmentActions } from './attachment-actions.ts'
import { policyActions } from './policy-actions.ts'
import { policyVersionActions } from './policy-version-actions.ts'
import type { RamDirectory } from './ram-directory.ts'
import { roleActions } from './role-actions.ts'
import { tagActions } from './tag-actions.ts'
import { userActions } from './user-actions.ts'

/** Resource Access Management, 2015-05-01. */
export function ramProduct(directory: RamDirectory): Product {
  return defineProduct({
    code: 'ram',
    version: '2015-05-01',
    actions: {
      ...userActions(directory),
      ...accessKeyActions(directory),
      ...policyActions(directory),
      ...policyVersionActions(directory),
      ...roleActions(directory),
      ...attachmentActions(directory),
      ...tagActions(directory),
    },
  })
}
