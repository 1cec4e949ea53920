const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Returns bytes as `12 MB`, in steps of 1,024. */
export function formatBytes(bytes: number, language: string): string {
  return scaled(bytes, language, '')
}

/** Returns bytes per second as `4.1 MB/s`. */
export function formatSpeed(bytesPerSecond: number, language: string): string {
  return scaled(bytesPerSecond, language, '-per-second')
}

/** Returns seconds in their two largest units: `1 min 20 sec`, `2 hr 5 min`. */
export function formatDuration(seconds: number, language: string): string {
  const whole = Math.max(1, Math.round(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), 'hour'],
    [Math.floor((whole % 3600) / 60), 'minute'],
    [whole % 60, 'second'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ')
}

function scaled(amount: number, language: string, per: '' | '-per-second'): string {
  const step = amount < 1 ? 0 : Math.min(Math.floor(Math.log2(amount) / 10), UNITS.length - 1)
  const value = amount / 1024 ** step
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: `${UNITS[step]}${per}`,
    unitDisplay: step === 0 && per === '' ? 'long' : 'short',
    maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}
