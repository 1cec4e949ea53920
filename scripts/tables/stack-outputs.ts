import { readFileSync } from 'node:fs'
import ts from 'typescript'

const DESCRIPTIONS: Record<string, { english: string; chinese: string }> = {
  OssClientAddress: {
    english: 'URL of the page. Resolves only when the page answers with the release just deployed.',
    chinese: '网页地址。网页以刚发布的版本应答之后才会给出。',
  },
  ApplicationServerAddress: {
    english: 'Address and port of the signing server.',
    chinese: '签名服务器的地址和端口。',
  },
  EcsInstanceId: {
    english: 'Id of the instance, which changes with every new server. Absent with `instances`.',
    chinese: '实例 ID，每次更换服务器后都不同。使用 `instances` 时没有。',
  },
  EipAllocationId: {
    english:
      'Id of the elastic IP address, which a new server takes over. Absent with `instances`.',
    chinese: '弹性公网 IP 的 ID，更换服务器时保持不变。使用 `instances` 时没有。',
  },
  OssBucketName: { english: 'Name of the upload bucket.', chinese: '上传用的存储空间名。' },
  EcsLoginAddress: {
    english:
      'URL of Workbench, which logs in to the instance from the browser. Absent with `instances`.',
    chinese: 'Workbench 的地址，可从浏览器登录实例。使用 `instances` 时没有。',
  },
  ScalingGroupId: {
    english: 'Id of the Auto Scaling group. Present only with `instances`.',
    chinese: '伸缩组的 ID，仅在使用 `instances` 时有。',
  },
}

/** An output of the stack, with a description in Markdown. */
export interface StackOutput {
  name: string
  english: string
  chinese: string
}

/**
 * Returns the outputs of a Pulumi program: the constants that it exports.
 *
 * @param file Path of the program
 * @throws Error when one has no description
 */
export function stackOutputs(file: string): StackOutput[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const names = source.statements
    .filter(isExportedVariable)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.map(({ name }) => name.getText()),
    )
  return names.map((name) => {
    const description = DESCRIPTIONS[name]
    if (description === undefined) throw new Error(`The output ${name} has no description`)
    return { name, ...description }
  })
}

function isExportedVariable(statement: ts.Statement): statement is ts.VariableStatement {
  return (
    ts.isVariableStatement(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  )
}
