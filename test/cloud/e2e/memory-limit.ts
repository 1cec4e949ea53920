import { runCommand } from '../machine/command.ts'
import type { InstanceShell } from './instance-shell.ts'

const UNIT = 'oss-direct-upload.service'
const DROP_IN = `/run/systemd/system/${UNIT}.d`

/** A program that waits, then allocates memory without end and prints how much. */
const ALLOCATE =
  'const held = []; setTimeout(() => { for (;;) { held.push(Buffer.alloc(1048576, 1)); ' +
  'if (held.length % 16 === 0) console.log("holds " + held.length + " MiB") } }, 1500)'

/** What happens to a server that exceeds the memory limit of its unit. */
export interface MemoryLimitReport {
  /** Last printed amount of memory in MiB. */
  heldMib: number
  /** Units in which the kernel killed a process because of the limit. */
  killed: string[]
  /** systemd's messages about the end of that process. */
  log: string[]
  /** Other services that ended or restarted. */
  restarted: string[]
}

/**
 * Replaces the server's program for one start by one that allocates memory without end, in a unit that
 * is otherwise unchanged. The next start is the server's again.
 *
 * @param machine Name of the machine's cgroups on the host
 * @param waitForServer Resolves once the server answers again
 */
export async function exceedMemory(
  shell: InstanceShell,
  machine: string,
  waitForServer: () => Promise<unknown>,
): Promise<MemoryLimitReport> {
  const before = await services(shell)
  const command = await shell.run(`sed -n 's/^ExecStart=//p' /etc/systemd/system/${UNIT}`)
  const [node = ''] = command.split(' ')
  await shell.run(
    `mkdir ${DROP_IN} && cat > ${DROP_IN}/test.conf <<'END'
[Service]
ExecStart=
ExecStart=${node} -e '${ALLOCATE}'
END
systemctl daemon-reload && systemctl restart ${UNIT}
rm -r ${DROP_IN} && systemctl daemon-reload`,
  )
  await waitForServer()
  const after = await services(shell)
  const log = (await shell.log()).split('\n')
  const kernel = await runCommand('dmesg', [])
  const groups = kernel.matchAll(/constraint=CONSTRAINT_MEMCG,.*oom_memcg=\/([^/,]+)\/([^,]+),/g)
  return {
    heldMib: Number(log.findLast((line) => line.startsWith('holds '))?.split(' ')[1]),
    killed: [...groups].flatMap(([, name, group]) =>
      name === machine ? [group?.split('/').at(-1) ?? ''] : [],
    ),
    log: log
      .slice(log.findIndex((line) => line.startsWith('holds ')))
      .filter((line) => /^\S+: (Main process|Failed|Scheduled)/.test(line)),
    restarted: Object.keys(before).filter((id) => id !== UNIT && before[id] !== after[id]),
  }
}

/** Returns the invocation id of each running service by name. */
async function services(shell: InstanceShell): Promise<Record<string, string>> {
  const shown = await shell.run(
    "systemctl show --state=running --property=Id --property=InvocationID '*.service'",
  )
  return Object.fromEntries(
    shown
      .trim()
      .split('\n\n')
      .map((text) => [/^Id=(.*)$/m.exec(text)?.[1], /^InvocationID=(.*)$/m.exec(text)?.[1]]),
  )
}
